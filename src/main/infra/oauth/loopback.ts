import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import { err, ok } from '../../../shared/errors.ts';
import type { ListenLoopback, ListenRequest, LoopbackListener } from '../../app/ports/loopback.ts';
import { answerPage, languageOfBrowser, pageHeaders, type PageKind } from './answer-page.ts';

/** Longest time in which a request must have come in, in ms. */
const requestLimitMs = 10_000;

/** Listens for the browser's way back (RFC 8252 §7.3): one path, one answer, this machine only. */
export const listenLoopback: ListenLoopback = async (request) => {
  for (const port of request.ports) {
    const opened = await openOn(request, port);
    if (opened !== null) return ok(opened);
  }
  const ports = request.ports.filter((port) => port !== 0).join(' and ');
  return err(
    ports === '' ? 'No port of this machine can be listened to' : `Port ${ports} is taken by another program`,
  );
};

/** A machine may have one of the two families only; a browser may try either. */
const addressesOf = (host: string): string[] =>
  host === 'localhost' ? ['127.0.0.1', '::1'] : [host.replace(/^\[(.*)\]$/, '$1')];

async function openOn(request: ListenRequest, port: number): Promise<LoopbackListener | null> {
  const gate = createGate(request);
  const bound: Bound[] = [];
  for (const address of addressesOf(request.host)) {
    const known = bound.map(portOf).find((number) => number !== null);
    bound.push(await bind(gate.handle, address, known ?? port));
  }
  const servers = bound.filter((one) => typeof one === 'object');
  const boundPort = servers.map(portOf)[0] ?? null;
  // Half a port would leave it to chance who gets the code.
  if (boundPort === null || bound.includes('taken')) {
    await Promise.all(servers.map(closeServer));
    return null;
  }
  const close = async (): Promise<void> => {
    await gate.replied();
    await Promise.all(servers.map(closeServer));
  };
  gate.open(boundPort, close);
  const redirectUri = `http://${request.host}:${boundPort}${request.path}`;
  return { redirectUri, expect: gate.expect, close };
}

type Bound = Server | 'taken' | 'impossible';

function bind(handle: Handle, address: string, port: number): Promise<Bound> {
  return new Promise((resolve) => {
    const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
    server.headersTimeout = requestLimitMs;
    server.requestTimeout = requestLimitMs;
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'taken' : 'impossible'),
    );
    server.listen({ host: address, port, exclusive: true }, () => resolve(server));
  });
}

function portOf(bound: Bound): number | null {
  const address = typeof bound === 'object' ? bound.address() : null;
  return typeof address === 'object' && address !== null ? address.port : null;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

interface Gate {
  handle: Handle;
  expect(state: string): void;
  open(port: number, close: () => Promise<void>): void;
  /** Resolves when the one answer, where it has come, has its page. */
  replied(): Promise<void>;
}

function createGate({ path, language, onAnswer }: ListenRequest): Gate {
  let expected: string | null = null;
  let port = 0;
  let closeAll: () => Promise<void> = async () => undefined;
  let answered = false;
  let replied: Promise<void> = Promise.resolve();

  const handle: Handle = async (incoming, outgoing) => {
    const shown = language ?? languageOfBrowser(incoming.headers['accept-language']);
    const reply = (status: number, kind: PageKind, detail?: string): void =>
      void outgoing.writeHead(status, pageHeaders).end(answerPage(kind, shown, detail));
    if (!isFromHere(incoming, port)) return reply(403, 'refused');
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    if (url.pathname !== path) return void outgoing.writeHead(404, { connection: 'close' }).end();
    if (incoming.method !== 'GET') return reply(405, 'refused');
    if (!isNavigation(incoming)) return reply(403, 'refused');
    if (!isExpected(url.searchParams, expected)) return reply(400, 'refused');
    if (answered) return reply(409, 'late');
    answered = true;
    replied = new Promise((resolve) => outgoing.once('close', resolve));
    const outcome = await onAnswer(url.searchParams);
    void closeAll();
    if (outcome.kind === 'failed') reply(400, 'failed', outcome.message);
    else reply(outcome.kind === 'late' ? 409 : 200, outcome.kind);
  };
  return {
    handle,
    expect: (state) => (expected = state),
    replied: () => replied,
    open: (bound, close) => {
      port = bound;
      closeAll = close;
    },
  };
}

/** A page that rebound its own name to this machine still sends that name as `Host`. */
function isFromHere({ headers }: IncomingMessage, port: number): boolean {
  const names = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${port}`);
  return names.includes((headers.host ?? '').toLowerCase());
}

/**
 * A browser that goes to the address, and no script, picture or frame of another page (Fetch Metadata). What tells no
 * site is no browser of today, and needs the state like everybody.
 */
function isNavigation({ headers }: IncomingMessage): boolean {
  if (headers.origin !== undefined) return false;
  if (headers['sec-fetch-site'] === undefined) return true;
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** One state, ours; and no parameter twice, of which another reader might take the other. */
function isExpected(parameters: URLSearchParams, expected: string | null): boolean {
  const [state = '', ...more] = parameters.getAll('state');
  if (expected === null || more.length > 0 || parameters.getAll('code').length > 1) return false;
  const [given, wanted] = [Buffer.from(state), Buffer.from(expected)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
