/** ISO 8601 in UTC with milliseconds, as every wire type has it. */
export const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/**
 * A stored JSON object. Text that is none (the file was tampered with) becomes `{unreadable: <text>}`, so that one bad
 * row neither hides the others nor passes a check.
 */
export function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // told by the value below
  }
  return { unreadable: text };
}
