/** Sum of all whole numbers between two numbers, both included, in either order. */
export function sumRange(from, to) {
  const [low, high] = from <= to ? [from, to] : [to, from];
  let sum = 0;
  for (let n = low; n <= high; n += 1) sum += n;
  return sum;
}
