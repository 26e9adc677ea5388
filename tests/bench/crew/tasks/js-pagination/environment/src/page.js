/** One page of a list; pages begin at 1. */
export function page(items, number, size) {
  return items.slice(number * size, (number + 1) * size);
}
