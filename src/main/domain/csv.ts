/** One line of CSV as RFC 4180 has it, with its line end. Null is an empty field. */
export const csvLine = (fields: readonly (string | number | null)[]): string =>
  `${fields.map(csvField).join(',')}\r\n`;

/**
 * Numbers as they are. A text that a spreadsheet would take for a formula is given an apostrophe in front, which it
 * shows as text (OWASP, CSV injection): names of models and accounts come from outside.
 */
function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Full-width signs count as well: some spreadsheets take them for the ordinary ones. Blanks in front are no help. */
const isFormula = (text: string): boolean => /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(text);
