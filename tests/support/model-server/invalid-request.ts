/** What a service would answer with 400. */
export class InvalidRequest extends Error {}

/** Each call of the last answer has its result, and each result its call: services refuse anything else. */
export function requireAnswered(calls: readonly string[], results: readonly string[]): void {
  const missing = calls.filter((call) => !results.includes(call));
  if (missing.length > 0) throw new InvalidRequest(`no result for the tool calls ${missing.join(', ')}`);
  const strange = results.filter((result) => !calls.includes(result));
  if (strange.length > 0) throw new InvalidRequest(`results without a tool call: ${strange.join(', ')}`);
}
