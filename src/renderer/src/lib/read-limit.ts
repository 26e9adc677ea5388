/** A limit as typed: empty is none (null); a number of at least 0, whole where it counts things; else `invalid`. */
export function readLimit(typed: string, isWhole: boolean): number | null | 'invalid' {
  const text = typed.trim().replaceAll(',', '');
  if (text === '') return null;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number) || (isWhole && !Number.isSafeInteger(number))) return 'invalid';
  return number;
}
