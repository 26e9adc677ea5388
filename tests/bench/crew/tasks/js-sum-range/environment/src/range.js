/** Sum of all whole numbers between two numbers. */
export function sumRange(from, to) {
  let sum = 0;
  for (let n = from; n < to; n += 1) sum += n;
  return sum;
}
