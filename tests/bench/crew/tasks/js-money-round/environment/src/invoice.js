/** Total of an invoice. */
export function total(items) {
  return items.reduce((sum, item) => sum + Number(item.price) * item.quantity, 0);
}

/** An amount for people. */
export function format(amount) {
  return String(amount);
}
