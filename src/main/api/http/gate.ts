import { isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import { sameToken } from '../token.ts';

/** What a request must pass before any handler sees it; the answer names the check that failed. */
export type GateVerdict = { ok: true } | { ok: false; status: 401 | 403; detail: string };

export interface GateOptions {
  /** Null turns the token off. */
  token: string | null;
  /** Host names beside 127.0.0.1, localhost and [::1] under which the server may be reached, without a port. */
  allowedHosts: readonly string[];
  /** The server listens on every address, so any address literal is a name of its own. */
  anyAddress: boolean;
}

export interface Gate {
  /** `Host`, `Origin` and `Sec-Fetch-Site`. `port` is the port listened on. */
  checkSource(headers: IncomingHttpHeaders, port: number, isPage: boolean): GateVerdict;
  checkToken(headers: IncomingHttpHeaders): GateVerdict;
}

const passed: GateVerdict = { ok: true };
const forbidden = (detail: string): GateVerdict => ({ ok: false, status: 403, detail });

/**
 * Against other web pages in the user's browser: a page on another site cannot set a header without a preflight that
 * nobody answers, cannot forge `Origin`, and after rebinding its own name to 127.0.0.1 still sends that name as `Host`.
 */
export function createGate({ token, allowedHosts, anyAddress }: GateOptions): Gate {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', ...allowedHosts.map(bracketed)]);
  const allowsHost = (host: string | undefined, port: number): boolean => {
    const parsed = splitHost(host);
    if (parsed === null || parsed.port !== port) return false;
    // An address literal cannot be rebound; only names can.
    return names.has(parsed.name) || (anyAddress && isIP(parsed.name.replace(/^\[|\]$/g, '')) !== 0);
  };

  return {
    checkSource(headers, port, isPage) {
      if (!allowsHost(headers.host, port))
        return forbidden(
          'This server does not answer to that Host; start it with --allow-host to add a name',
        );
      const origin = headers.origin;
      if (origin !== undefined && origin.toLowerCase() !== `http://${(headers.host ?? '').toLowerCase()}`)
        return forbidden('Requests from pages of another origin are refused');
      const site = headers['sec-fetch-site'];
      if (!isPage && (site === 'cross-site' || site === 'same-site'))
        return forbidden('Requests from pages of another site are refused');
      return passed;
    },
    checkToken(headers) {
      if (token === null) return passed;
      const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
      if (given !== undefined && sameToken(given, token)) return passed;
      return {
        ok: false,
        status: 401,
        detail:
          given === undefined
            ? 'Send the token as "Authorization: Bearer <token>"; "dev-crew token" prints it'
            : 'That token is not the one of this server; "dev-crew token" prints it',
      };
    },
  };
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host).toLowerCase();

function splitHost(host: string | undefined): { name: string; port: number } | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]@/\\?#\s]+)(?::(\d{1,5}))?$/i.exec(host ?? '');
  if (!match?.[1]) return null;
  return { name: match[1].toLowerCase(), port: match[2] === undefined ? 80 : Number(match[2]) };
}
