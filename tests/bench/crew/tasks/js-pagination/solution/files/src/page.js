/** One page of a list; pages begin at 1, and a number out of range is moved to the nearest page there is. */
export function page(items, number, size) {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`bad page size: ${size}`);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const current = Math.min(Math.max(1, number), pages);
  return { items: items.slice((current - 1) * size, current * size), page: current, pages, total: items.length };
}
