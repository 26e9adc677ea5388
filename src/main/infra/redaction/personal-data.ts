import { addMatches, type Detector, type Finding } from './finding.ts';

const localCharacter = /[\w.%+'-]/;
const maxLocalLength = 64;
const domain = /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z][A-Za-z-]{0,22}[A-Za-z]/y;

/**
 * Every address alike, `noreply@…` (GitHub's hold a user name) and `…@example.com` too: which of them is a person cannot
 * be told. Only `git@host` in front of a path stays, which is how repositories are named.
 * Searched from each `@`, because a pattern from the left would take quadratic time in long words.
 */
function detectEmails(text: string, found: Finding[]): void {
  const passwordEnds = new Set(found.filter(({ label }) => label === 'password').map(({ end }) => end));
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    domain.lastIndex = at + 1;
    const host = domain.exec(text);
    if (host === null) continue;
    let start = at;
    while (start > 0 && at - start < maxLocalLength && localCharacter.test(text[start - 1] ?? '')) start -= 1;
    if (start === at) continue;
    const end = domain.lastIndex;
    if (text.slice(start, at) === 'git' && /[:/]/.test(text[end] ?? '')) continue;
    // The password of a URL stands before an `@` too; its host is worth keeping.
    if (passwordEnds.has(at)) continue;
    found.push({ start, end, label: 'email' });
  }
}

const countryCode =
  '(?:7|20|27|2[1-689]\\d|3[0-469]|3[578]\\d|4[013-9]|42\\d|5[1-8]|5[09]\\d|6[0-6]|6[7-9]\\d|8[1246]|8[058]\\d|9[0-58]|9[679]\\d)';
/** Not inside a word, a decimal, a version, an id or a date. */
const before = '(?<![\\w.+-]|\\d[:,/])';
const after = '(?![\\w]|[-.,:/]\\d)';
/** Three digits of a North American number's area or exchange: never start with 0 or 1. */
const nanp = '[2-9]\\d{2}';

const phonePatterns = [
  // +1 (415) 555-2671
  `${before}\\+1[ .-]?(?:\\(${nanp}\\)|${nanp})[ .-]?${nanp}[ .-]?\\d{4}${after}`,
  // +82-10-1234-5678, +44 20 7946 0958, +44 (0)20 7946 0958
  `${before}\\+${countryCode}[ .-]?(?:\\(\\d{1,4}\\)[ .-]?)?\\d{1,4}(?:[ .-]\\d{2,4}){1,4}${after}`,
  // (415) 555-2671, 415-555-2671, 1-800-555-2671, 415.555.2671
  `${before}(?:1[ .-])?(?:\\(${nanp}\\) ?|${nanp}[-.])${nanp}[-.]\\d{4}${after}`,
  // 010-1234-5678, 010 1234 5678, 01012345678
  `${before}01[016-9](?:[-. ]\\d{3,4}[-. ]\\d{4}|\\d{8})${after}`,
  // 02-123-4567, 031-123-4567, 070-1234-5678
  `${before}(?:\\(0(?:2|[3-6]\\d|70|80|50\\d)\\) ?|0(?:2|[3-6]\\d|70|80|50\\d)-)\\d{3,4}-\\d{4}${after}`,
].map((pattern) => new RegExp(pattern, 'g'));

/** E.164 without separators. */
const plainInternational = new RegExp(`${before}\\+[1-9]\\d{8,14}${after}`, 'g');
/** In a diff, an added line may be a number: a time in seconds or milliseconds is one far more often than a phone. */
const addedTime = /^\+1(?:\d{9}|\d{12})$/;

function detectPhones(text: string, found: Finding[]): void {
  for (const pattern of phonePatterns) addMatches(text, pattern, 'phone', found);
  for (const match of text.matchAll(plainInternational)) {
    const number = match[0];
    if (addedTime.test(number)) continue;
    found.push({ start: match.index, end: match.index + number.length, label: 'phone' });
  }
}

/** A phone number has at least three digits that follow each other, and then more. */
const digits = /\d{3}[-. )\d]/;

/** E-mail addresses, and phone numbers as written internationally, in North America and in Korea. */
export const detectPersonalData: Detector = (text, found) => {
  if (text.includes('@')) detectEmails(text, found);
  if (digits.test(text)) detectPhones(text, found);
};
