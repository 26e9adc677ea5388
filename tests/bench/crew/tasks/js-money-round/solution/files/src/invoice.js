const pattern = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

function cents(price) {
  const found = pattern.exec(price);
  if (!found) throw new RangeError(`bad price: ${price}`);
  const [, sign, whole, part = ''] = found;
  const amount = Number(whole) * 100 + Number(part.padEnd(2, '0'));
  return sign ? -amount : amount;
}

/** Total of an invoice in cents. */
export function total(items) {
  return items.reduce((sum, item) => sum + cents(item.price) * item.quantity, 0);
}

/** Cents for people: `1,234.50`. */
export function format(amount) {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount < 0 ? '-' : ''}${whole}.${digits.slice(-2)}`;
}
