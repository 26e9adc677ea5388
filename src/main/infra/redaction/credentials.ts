import { addMatches, type Detector, type Finding } from './finding.ts';

const armour = '[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----';
const blockBegin = new RegExp(`-----BEGIN ${armour}`, 'g');
const blockEnd = new RegExp(`-----END ${armour}`, 'g');
/** What follows the first line where the end was cut off: base64 lines, whose breaks may be escaped. */
const blockLines = /(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,})*/y;
/** Longest block, in characters. */
const maxBlock = 16_384;

/** Private key blocks. Not one pattern, which would look for the end again from each beginning. */
function detectKeyBlocks(text: string, found: Finding[]): void {
  let end = -1;
  let done = 0;
  for (const { index: start, 0: line } of text.matchAll(blockBegin)) {
    if (start < done) continue;
    if (end < start && end < text.length) {
      blockEnd.lastIndex = start;
      end = blockEnd.exec(text) === null ? text.length : blockEnd.lastIndex;
    }
    const whole = end - start <= maxBlock && text.startsWith('-----', end - 5);
    blockLines.lastIndex = start + line.length;
    blockLines.test(text);
    done = whole ? end : blockLines.lastIndex;
    found.push({ start, end: done, label: 'private-key' });
  }
}

/** Header and payload in base64url JSON, and whatever parts follow (signed or encrypted tokens). */
const jwt = /eyJ[\w-]{8,4096}\.[\w-]{8,16384}(?:\.[\w-]{0,16384}){1,3}/g;

/** Start of a value that is none: `$TOKEN`, `${token}`, `<token>`, `{token}`, `[redacted:…]`, `***`. */
const placeholder = '(?![$<{[(*])';
/** So that prose stays: a digit or a sign among the first characters. */
const looksRandom = '(?=[\\w~+/.=-]{0,64}?[\\d_~+/.=])';

/** The value of an authorization header: in a header, in JSON or in code; with a scheme, or random by its looks. */
const authorization = new RegExp(
  '\\b(?:proxy-)?authorization["\']?\\s{0,4}[:=]\\s{0,4}["\'`]?' +
    `(?:(?:bearer|basic|token|digest|negotiate|apikey|api-key) +${placeholder}|${placeholder}${looksRandom}(?=[^\\s]{12}))` +
    '(?<secret>[^\\s"\'`,;<>()]{4,})',
  'gi',
);

/** A bearer token without its header. */
const bearer = new RegExp(`\\bbearer\\s{1,4}(?<secret>${looksRandom}[\\w~+/.-]{12,}=*)`, 'gi');

/** The password in `scheme://user:password@host`; not a placeholder such as `$PASSWORD`. */
const urlPassword = /:\/\/[^\s/:@"'<>]{0,256}:(?<secret>(?!\$[{(]|\$\w+@|[<{[]|\*+@)[^\s/@"'<>]{3,512})@/g;

/** A registry's token in an .npmrc; not `${NPM_TOKEN}`. */
const npmAuth = /_auth(?:Token)?\s?=\s?["']?(?<secret>[^\s"'${[]{8,})/g;

/** Credentials that secretlint's preset does not know, or finds only in files of a certain name. */
export const detectCredentials: Detector = (text, found) => {
  if (text.includes('-----BEGIN ')) detectKeyBlocks(text, found);
  if (text.includes('eyJ')) addMatches(text, jwt, 'jwt', found);
  if (/authorization/i.test(text)) addMatches(text, authorization, 'authorization', found);
  if (/bearer/i.test(text)) addMatches(text, bearer, 'bearer', found);
  if (text.includes('://')) addMatches(text, urlPassword, 'password', found);
  if (text.includes('_auth')) addMatches(text, npmAuth, 'npm', found);
};
