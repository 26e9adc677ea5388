import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redactor } from '../../app/ports/system.ts';
import { createRecentResults } from './recent-results.ts';
import { createTextRedactor } from './redact-text.ts';
import { sliceForRedaction } from './slices.ts';

/** Longest text that is remembered, in characters, and how many of them. */
const rememberedLength = 1024;
const rememberedTexts = 2048;
/** A shorter literal would blank ordinary words. */
const shortestLiteral = 8;

const uuidOrTime =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?\b/gi;
/** What every finding has in it: a sign of a credential, an `@`, digits, or a long run of a token's characters. */
const suspicious =
  /@|:\/\/|eyJ|bearer|authorization|-----BEGIN|_auth|xox|xapp|SG\.|\d{3}[-. )\d]|[A-Za-z0-9_+/=.-]{16}/i;

/**
 * Secrets and personal data out of texts: secretlint's rules, e-mail addresses, phone numbers, credentials in headers
 * and URLs, key blocks, and literals. Each becomes `[redacted:<kind>]`; redacting again changes nothing.
 * Texts must come whole: a secret split over two calls is not seen.
 */
export function createRedactor(): Redactor {
  const redactor = createTextRedactor();
  const recent = createRecentResults(rememberedLength, rememberedTexts);
  const literals: string[] = [];

  const needsLook = (text: string): boolean => {
    if (literals.some((literal) => text.includes(literal))) return true;
    if (text.length > rememberedLength) return true;
    return suspicious.test(text) && suspicious.test(text.replace(uuidOrTime, ''));
  };
  const redact = (text: string): string => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    const result = needsLook(text) ? redactor.redact(text) : text;
    recent.set(text, result);
    return result;
  };

  return {
    async text(value) {
      const slices = sliceForRedaction(value);
      if (slices.length <= 1) return redact(value);
      let result = '';
      for (const slice of slices) {
        result += redactor.redact(slice);
        await nextTurn();
      }
      return result;
    },
    async value(value) {
      const unknown = new Set<string>();
      let changes = false;
      visitStrings(value, (text) => {
        const known = recent.get(text);
        if (known !== undefined) changes ||= known !== text;
        else if (needsLook(text)) unknown.add(text);
        else recent.set(text, text);
      });
      // One look at all of them together: most often there is nothing.
      const all = [...unknown].join('\n\n');
      if (unknown.size > 0 && (all.length >= 65_536 || !redactor.clean(all))) changes = true;
      else for (const text of unknown) recent.set(text, text);
      return changes ? (mapStrings(value, redact) as typeof value) : value;
    },
    addLiteral(secret) {
      if (secret.length < shortestLiteral) return;
      literals.push(secret);
      redactor.addLiteral(secret);
      recent.clear();
    },
  };
}

const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

function visitStrings(value: unknown, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (Array.isArray(value)) for (const item of value) visitStrings(item, visit);
  else if (isPlainObject(value)) for (const item of Object.values(value)) visitStrings(item, visit);
}

/** The same value when no string in it changed. */
function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => mapStrings(item, map));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, mapStrings(item, map)] as const);
  return entries.every(([key, item]) => item === value[key]) ? value : Object.fromEntries(entries);
}
