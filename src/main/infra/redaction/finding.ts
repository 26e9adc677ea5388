/** Part of a text that must go: UTF-16 offsets, half open. `label` names what it was. */
export interface Finding {
  start: number;
  end: number;
  label: string;
}

/** Adds what it finds in `text` to `found`. Pure otherwise; time is linear in the text's length. */
export type Detector = (text: string, found: Finding[]) => void;

/** Adds a finding for each match of `pattern` (global flag): the group `secret` if it has one, else all of it. */
export function addMatches(text: string, pattern: RegExp, label: string, found: Finding[]): void {
  for (const match of text.matchAll(pattern)) {
    const secret = match.groups?.['secret'];
    const whole = match[0];
    const start = match.index + (secret === undefined ? 0 : whole.lastIndexOf(secret));
    found.push({ start, end: start + (secret ?? whole).length, label });
  }
}
