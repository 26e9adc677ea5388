import { type Result, fail, ok } from '../../shared/errors.ts';

/**
 * What a person typed to name a repository, before anything is looked up. `path` is as typed (absolute, `~` or
 * relative); `github` may still turn out to be an existing relative path, which then wins.
 */
export type RepoAddress =
  | { kind: 'path'; path: string }
  | { kind: 'url'; url: string }
  | { kind: 'github'; owner: string; name: string; path: string };

const invalid = (message: string): Result<never> => fail('invalid_input', message);

const credentialAdvice =
  'The address holds a user name or password. Leave that part out and let git sign in (credential helper, `gh auth setup-git` or an ssh key).';
const supported = 'Use a local folder, https://, ssh://, git@host:path, file:// or owner/name.';

/**
 * Reads an address without touching the disk. Refused: control characters in a URL, remote helpers (`ext::` runs
 * commands), names that git or ssh would take for an option, credentials, unencrypted protocols (except to this
 * machine). Never repeats a credential in its message.
 */
export function parseRepoAddress(text: string): Result<RepoAddress> {
  if (text.trim() === '') return invalid(`No repository given. ${supported}`);
  if (text.includes('\0')) return invalid('The repository holds a NUL character.');
  if (text.startsWith('-')) return invalid(`A repository cannot start with "-". ${supported}`);
  if (isExplicitPath(text)) return ok({ kind: 'path', path: text });
  const trimmed = text.trim();
  if (/^[A-Za-z][A-Za-z0-9+.-]*::/.test(trimmed)) {
    return invalid(`git remote helpers ("${trimmed.split('::')[0] ?? ''}::") are not allowed. ${supported}`);
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(trimmed)) return parseUrl(trimmed);
  if (/^[^/\\\s]+@[^/\\\s]+:/.test(trimmed)) return parseScp(trimmed);
  const github = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9._-]{1,100})$/.exec(trimmed);
  if (github) return parseGithub(trimmed, github[1] ?? '', github[2] ?? '');
  return ok({ kind: 'path', path: text });
}

/**
 * The address without what signs in: as it may be stored and shown. It is refused later like the one that was typed,
 * because a name stays where the credentials stood. Paths and other addresses come back as they are.
 */
export function hideCredentials(text: string): string {
  if (isExplicitPath(text)) return text;
  return text
    .replace(/^(\s*ssh:\/\/)[^/?#\s]*:[^/?#\s]*@/i, '$1***:***@')
    .replace(/^(\s*(?!ssh:)[a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/i, '$1***@')
    .replace(/^(\s*)[^/\\\s@]*:[^/\\\s]*(@[^/\\\s@]+:)/, '$1***:***$2');
}

function isExplicitPath(text: string): boolean {
  return /^(?:[/\\]|~(?:[/\\]|$)|\.{1,2}(?:[/\\]|$)|[A-Za-z]:[\\/])/.test(text);
}

function parseGithub(path: string, owner: string, rawName: string): Result<RepoAddress> {
  const name = rawName.replace(/\.git$/, '');
  if (name === '' || name === '.' || name === '..') return ok({ kind: 'path', path });
  return ok({ kind: 'github', owner, name, path });
}

function parseUrl(text: string): Result<RepoAddress> {
  if (hasControlOrSpace(text)) return invalid('A git URL holds no spaces or control characters.');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return invalid(`The git URL cannot be read. ${supported}`);
  }
  if (url.search !== '' || url.hash !== '') return invalid('A git URL has no "?" and no "#" part.');
  switch (url.protocol) {
    case 'https:':
      return checkHttp(url, text);
    case 'http:':
      if (!isLoopback(url.hostname)) return invalid('http:// is not encrypted. Use https:// or ssh instead.');
      return checkHttp(url, text);
    case 'ssh:':
      return checkSsh(url, text);
    case 'file:':
      if (url.host !== '') return invalid('A file URL names no host: file:///path/to/repository.');
      return ok({ kind: 'url', url: text });
    default:
      return invalid(`Addresses that start with "${url.protocol}//" are not supported. ${supported}`);
  }
}

function checkHttp(url: URL, text: string): Result<RepoAddress> {
  if (url.username !== '' || url.password !== '') return invalid(credentialAdvice);
  if (url.pathname === '/' || url.pathname === '')
    return invalid('The git URL names no repository, only a host.');
  return ok({ kind: 'url', url: text });
}

function checkSsh(url: URL, text: string): Result<RepoAddress> {
  if (url.password !== '') return invalid(credentialAdvice);
  if (url.host === '' || startsLikeOption(url.hostname) || startsLikeOption(url.username)) {
    return invalid('The ssh address has no proper host or user name.');
  }
  if (url.pathname.length < 2 || url.pathname.startsWith('/-')) {
    return invalid('The ssh address names no proper path.');
  }
  return ok({ kind: 'url', url: text });
}

/** `git@host:path`, git's short form for ssh. */
function parseScp(text: string): Result<RepoAddress> {
  if (hasControlOrSpace(text)) return invalid('A git address holds no spaces or control characters.');
  const at = text.indexOf('@');
  const user = text.slice(0, at);
  if (user.includes(':')) return invalid(credentialAdvice);
  const rest = text.slice(at + 1);
  const host = rest.slice(0, rest.indexOf(':'));
  const path = rest.slice(rest.indexOf(':') + 1);
  if (host === '' || startsLikeOption(host) || startsLikeOption(user)) {
    return invalid('The ssh address has no proper host or user name.');
  }
  if (path === '' || startsLikeOption(path)) return invalid('The ssh address names no proper path.');
  return ok({ kind: 'url', url: text });
}

const startsLikeOption = (text: string): boolean => text.startsWith('-') || text.startsWith('%2d');
const hasControlOrSpace = (text: string): boolean => /[\s\p{Cc}]/u.test(text);
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
