import type { AddressWarning } from '../../shared/settings.ts';

/** An address of a server, as a user wrote it, made fit for calls. */
export interface BaseUrl {
  /** Origin and path: no credentials, query or fragment, no slash at its end. Safe to show and to store. */
  url: string;
  /** Value of the Authorization header for the credentials that stood in the address; null without any. Secret. */
  authorization: string | null;
  /** To be shown: what works, but should not stay so. */
  warnings: AddressWarning[];
}

/** Null for what is no http or https address. Never throws. */
export function parseBaseUrl(text: string): BaseUrl | null {
  let base: URL;
  try {
    base = new URL(text.trim());
  } catch {
    return null;
  }
  if (base.protocol !== 'http:' && base.protocol !== 'https:') return null;
  const authorization = authorizationOf(base);
  const warnings: AddressWarning[] = [];
  if (base.protocol === 'http:' && !isLoopbackHost(base.hostname)) warnings.push('not_encrypted');
  if (base.search !== '' || base.hash !== '') warnings.push('query_left_out');
  return { url: base.origin + base.pathname.replace(/\/+$/, ''), authorization, warnings };
}

/** A warning as a sentence, where no page translates it. */
export function warningText(warning: AddressWarning): string {
  switch (warning) {
    case 'not_encrypted':
      return 'Calls are not encrypted: whoever shares the network can read code, answers and keys. Use https if the server has it.';
    case 'query_left_out':
      return 'What follows "?" or "#" in the address is left out.';
  }
}

/** True for this machine alone, by name or by address (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  // The unspecified addresses, which servers are told to listen at, reach this machine when they are called.
  if (host === '::1' || host === '::' || host === '0.0.0.0') return true;
  return /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || /^::ffff:7f[0-9a-f]{2}:/.test(host);
}

function authorizationOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const credentials = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`);
  return `Basic ${btoa(String.fromCharCode(...credentials))}`;
}

/** A lone `%` is allowed in an address and is no escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
