/** US dollars as people read them: cents, more digits where it is less than a cent. */
export function usd(value: number, language: string): string {
  const small = value > 0 && value < 0.01;
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: small ? 5 : 2,
  }).format(value);
}
