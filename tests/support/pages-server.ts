import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type AppError, type Result, httpStatusOf } from '../../src/shared/errors.ts';
import type { FeedFrame } from '../../src/shared/events.ts';
import { type OperationName, operationNames, operations } from '../../src/shared/operations.ts';
import type { Scenario } from '../e2e/pages/scenario.ts';
import { type StubCalls, answer } from '../e2e/pages/stub-engine.ts';

/**
 * Serves built pages and scenario data in the engine's HTTP shapes, to develop and test pages without an engine.
 * It checks input with the contract and decides nothing: what an action changes is a line of stub-engine.ts.
 */
export interface PagesServer {
  url: string;
  scenario: Scenario;
  /** Calls seen, in order. */
  calls: StubCalls;
  /** Sends frames to every open stream; where there is none yet, to the next that opens. */
  push(...frames: FeedFrame[]): Promise<void>;
  /** Ends every open stream and takes no other until `takeStreams`, as a server that goes away does. */
  dropStreams(): void;
  takeStreams(): void;
  /** The next call of an operation fails, or every one until `repair`. */
  failWith(name: OperationName, error: AppError): void;
  repair(name: OperationName): void;
  /** Holds answers of an operation back until the returned function is called. */
  hold(name: OperationName): () => void;
  close(): Promise<void>;
}

export interface PagesServerOptions {
  /** Folder of the built renderer. */
  pages: string;
  scenario: Scenario;
  token?: string;
  port?: number;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export async function startPagesServer(options: PagesServerOptions): Promise<PagesServer> {
  const { scenario, token, pages } = options;
  const streams = new Set<ServerResponse>();
  let opened = Promise.withResolvers<unknown>();
  let isAway = false;
  const failures = new Map<OperationName, AppError>();
  const gates = new Map<OperationName, Promise<unknown>>();
  const calls: StubCalls = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stub');
    const isPage = url.pathname === '/' || url.pathname.startsWith('/assets/');
    if (isPage) return sendFile(response, pages, url.pathname);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return send(response, 401, { detail: 'Send the token' }, 'unauthenticated');
    if (url.pathname === '/events') return isAway ? void response.destroy() : openStream(response, url);
    const found = route(request.method ?? 'GET', url);
    if (!found) return send(response, 404, { detail: 'Not Found' });
    const { name, params } = found;
    const body = await readBody(request);
    const named: Record<string, string> = operations[name].http.headers ?? {};
    const headers = Object.entries(named).map(([header, field]) => [field, request.headers[header]] as const);
    const input: Record<string, unknown> = {
      ...Object.fromEntries(url.searchParams),
      ...body,
      ...params,
      ...Object.fromEntries(headers),
    };
    await gates.get(name);
    const failure = failures.get(name);
    const result = failure ? { ok: false as const, error: failure } : answer(scenario, calls, name, input);
    sendResult(response, result);
  }

  function openStream(response: ServerResponse, url: URL): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    const after = url.searchParams.get('after');
    if (after !== null)
      for (const event of scenario.events)
        if (event.id > Number(after)) response.write(encode({ kind: 'event', event }));
    streams.add(response);
    opened.resolve(null);
    response.on('close', () => {
      streams.delete(response);
      if (streams.size === 0) opened = Promise.withResolvers<unknown>();
    });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => send(response, 500, { detail: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    scenario,
    calls,
    push: async (...frames) => {
      await opened.promise;
      for (const stream of streams) for (const frame of frames) stream.write(encode(frame));
    },
    dropStreams() {
      isAway = true;
      streams.forEach((stream) => stream.destroy());
    },
    takeStreams: () => void (isAway = false),
    failWith: (name, error) => void failures.set(name, error),
    repair: (name) => void failures.delete(name),
    hold(name) {
      const gate = Promise.withResolvers<unknown>();
      gates.set(name, gate.promise);
      return () => {
        gates.delete(name);
        gate.resolve(null);
      };
    },
    close: () => closeServer(server, streams),
  };
}

async function closeServer(server: Server, streams: ReadonlySet<ServerResponse>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  streams.forEach((stream) => stream.destroy());
  server.closeAllConnections();
  await closed;
}

function encode(frame: FeedFrame): string {
  if (frame.kind === 'event')
    return `id: ${frame.event.id}\nevent: job_event\ndata: ${JSON.stringify(frame.event)}\n\n`;
  const { kind, ...data } = frame;
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

function route(method: string, url: URL): { name: OperationName; params: Record<string, string> } | null {
  for (const name of operationNames) {
    const { http } = operations[name];
    if (http.method !== method) continue;
    const pattern = http.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`).exec(url.pathname);
    if (!match) continue;
    const params = Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]);
    return { name, params: Object.fromEntries(params) as Record<string, string> };
  }
  return null;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function sendFile(response: ServerResponse, folder: string, path: string): Promise<void> {
  const file = path === '/' ? 'index.html' : normalize(path);
  const body = await readFile(join(folder, file)).catch(() => null);
  if (!body) return send(response, 404, { detail: 'Not Found' });
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body);
}

function sendResult(response: ServerResponse, result: Result<unknown>): void {
  if (result.ok) return send(response, 200, result.value);
  const { code, fields, message } = result.error;
  send(response, httpStatusOf[code], { detail: fields ?? message }, code);
}

function send(response: ServerResponse, status: number, body: unknown, code?: string): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      ...(code !== undefined && { 'dev-crew-error': code }),
    })
    .end(JSON.stringify(body));
}
