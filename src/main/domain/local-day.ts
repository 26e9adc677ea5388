/**
 * Days as the person at this machine has them, from midnight to midnight: the days of limits and reports. A day is
 * written as an ISO date, so that days compare as text.
 */
export function localDay(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Epoch ms of the next local midnight; a day of 23 or 25 hours has its own length. */
export function nextMidnight(atMs: number): number {
  const at = new Date(atMs);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1).getTime();
}

/** The day `days` later, or earlier when negative. */
export function shiftDay(day: string, days: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  // Noon: no change of clocks moves it to another day.
  return localDay(new Date(year, month - 1, date + days, 12).getTime());
}
