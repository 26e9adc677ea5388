import { detectCredentials } from './credentials.ts';
import type { Detector, Finding } from './finding.ts';
import { detectPersonalData } from './personal-data.ts';
import { createSecretlintDetector } from './secretlint-rules.ts';

const placeholder = /\[redacted:[a-z0-9-]+\]/g;
/** Each round masks more of the text, so it ends; more than three are not known to happen. */
const maxRounds = 10;

export interface TextRedactor {
  /** `text` with placeholders for what was found; the same string when nothing was. */
  redact(text: string): string;
  /** Whether `redact` would leave the text alone. */
  clean(text: string): boolean;
  addLiteral(secret: string): void;
}

/** Redaction of one whole text. A secret that the caller has split over two texts is not found. */
export function createTextRedactor(): TextRedactor {
  const literals: string[] = [];
  const detectLiterals: Detector = (text, found) => {
    for (const literal of literals) {
      for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) {
        found.push({ start: at, end: at + literal.length, label: 'token' });
      }
    }
  };
  const detectors = [detectLiterals, detectCredentials, createSecretlintDetector(), detectPersonalData];
  const find = (text: string): Finding[] => {
    const found: Finding[] = [];
    const shown = hidePlaceholders(text);
    for (const detect of detectors) detect(shown, found);
    return found;
  };
  return {
    clean: (text) => find(text).length === 0,
    redact(text) {
      // Until nothing is found, so that redacting again changes nothing: what stood beside a secret may look
      // different beside its placeholder.
      let result = text;
      for (let round = 0; round < maxRounds; round += 1) {
        const found = find(result);
        if (found.length === 0) break;
        result = replace(result, found);
      }
      return result;
    },
    addLiteral: (secret) => void literals.push(secret),
  };
}

/** Line breaks in their place, which nothing takes for part of a secret. */
const hidePlaceholders = (text: string): string =>
  text.includes('[redacted:') ? text.replace(placeholder, (found) => '\n'.repeat(found.length)) : text;

/** Findings that overlap become one, under the label of the first. */
function replace(text: string, found: Finding[]): string {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let done = 0;
  let open: Finding | undefined;
  for (const finding of found) {
    if (open !== undefined && finding.start < open.end) {
      open.end = Math.max(open.end, finding.end);
      continue;
    }
    if (open !== undefined) {
      result += `${text.slice(done, open.start)}[redacted:${open.label}]`;
      done = open.end;
    }
    open = { ...finding };
  }
  if (open === undefined) return text;
  return `${result}${text.slice(done, open.start)}[redacted:${open.label}]${text.slice(open.end)}`;
}
