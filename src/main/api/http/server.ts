import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { err, fail, type AppError, type Result } from '../../../shared/errors.ts';
import type { Feed, Ids, Log } from '../../app/ports/system.ts';
import { apiPolicy } from '../content-security.ts';
import type { Invoke } from '../invoke.ts';
import { addDocs, collectOpenApi } from './docs.ts';
import { errorHeaders } from './error-headers.ts';
import { frameworkRefusal, sendAppError, sendDetail } from './errors.ts';
import { addEventRoutes } from './event-routes.ts';
import { createGate, type Gate } from './gate.ts';
import { JsonBodyError, useStrictJson } from './json-body.ts';
import { allowedMethods } from './methods.ts';
import { addOperationRoutes } from './operation-routes.ts';
import { addPages } from './pages.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Public: a file of ours that says nothing of the user's. */
    isPage?: boolean;
  }
}

export interface HttpServerDeps {
  invoke: Invoke;
  feed: Feed;
  log: Log;
  ids: Ids;
  version: string;
  /** Null turns the token off (`DEV_CREW_API_AUTH=0`). */
  token: string | null;
  /** Folder of the built pages; null when there are none. */
  webRoot: string | null;
  /** Names beside the loopback ones that `Host` may have, without a port. */
  allowedHosts?: readonly string[];
  /** Silence on an event stream before a heartbeat, in milliseconds. */
  heartbeatMs?: number;
}

export interface HttpServer {
  /** Port 0 takes a free one. A port that is taken is an `unavailable` error. */
  listen(at: { host: string; port: number }): Promise<Result<{ url: string }>>;
  /** Where it listens, `http://127.0.0.1:8000` without a slash; null before `listen`. */
  readonly url: string | null;
  /** Ends the event streams, lets running requests finish, and frees the port. */
  close(): Promise<void>;
}

const bodyLimitBytes = 1024 * 1024;
/** Longest wait for running requests at a stop, in milliseconds. */
const closeLimitMs = 5_000;

/** The HTTP API of compatibility.md §1 with every operation of the contract, its documentation, and the pages. */
export async function createHttpServer(deps: HttpServerDeps): Promise<HttpServer> {
  const stopping = new AbortController();
  const server = buildServer(deps);
  let url: string | null = null;
  let gate = gateFor(deps, '127.0.0.1');

  useStrictJson(server);
  // A kept-alive connection whose last answer ends after the stop began would hold it up.
  server.addHook('onResponse', async () => {
    if (stopping.signal.aborted) setImmediate(() => server.server.closeIdleConnections());
  });
  addChecks(server, () => gate);
  addErrorAnswers(server, deps);
  await collectOpenApi(server, deps.version);
  addOperationRoutes(server, deps.invoke);
  addEventRoutes(server, {
    invoke: deps.invoke,
    feed: deps.feed,
    heartbeatMs: deps.heartbeatMs ?? 15_000,
    stopping: stopping.signal,
  });
  await addDocs(server);
  await addPages(server, deps.webRoot);

  return {
    get url() {
      return url;
    },
    async listen({ host, port }) {
      gate = gateFor(deps, host);
      try {
        await server.listen({ host, port });
      } catch (error) {
        return listenError(error, host, port);
      }
      const address = server.server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      url = `http://${reachableName(host)}:${taken}`;
      return { ok: true, value: { url } };
    },
    async close() {
      stopping.abort();
      const limit = setTimeout(() => server.server.closeAllConnections(), closeLimitMs);
      await server.close();
      clearTimeout(limit);
    },
  };
}

function buildServer({ log }: HttpServerDeps): FastifyInstance {
  const server = Fastify({
    bodyLimit: bodyLimitBytes,
    // A client that dribbles its request must not hold a connection for ever.
    requestTimeout: 30_000,
    // Idle keep-alive connections must not hold up a stop.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    frameworkErrors: (error, _request, reply) => {
      const refusal = frameworkRefusal(error) ?? { status: 400, detail: 'Bad request' };
      void sendDetail(reply, refusal.status, refusal.detail);
    },
    clientErrorHandler: (error, socket) => {
      log.info('malformed HTTP request', { code: error.code });
      if (!socket.writable) return void socket.destroy();
      const body = '{"detail":"Malformed HTTP request"}';
      socket.end(
        `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  });
  server.setValidatorCompiler(() => (value: unknown) => ({ value }));
  server.setSerializerCompiler(() => (value) => JSON.stringify(value));
  return server;
}

/** Source first, then the token, before anything is read of the body. */
function addChecks(server: FastifyInstance, gate: () => Gate): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': apiPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const isPage = request.routeOptions.config.isPage === true;
    const source = gate().checkSource(request.headers, request.socket.localPort ?? 0, isPage);
    if (!source.ok) return refuse(reply, 'forbidden', source);
    const token = isPage ? source : gate().checkToken(request.headers);
    if (!token.ok) return refuse(reply.header('www-authenticate', 'Bearer'), 'unauthenticated', token);
    // `curl -X POST -d ''` names a form although it sends nothing.
    if (request.headers['content-length'] === '0') delete request.headers['content-type'];
    return undefined;
  });
}

const refuse = (reply: FastifyReply, code: string, { status, detail }: { status: number; detail: string }) =>
  sendDetail(reply.header(errorHeaders.code, code), status, detail);

function addErrorAnswers(server: FastifyInstance, { log, ids }: HttpServerDeps): void {
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof JsonBodyError) return sendAppError(reply, error.appError);
    const refusal = frameworkRefusal(error);
    if (refusal) return sendDetail(reply, refusal.status, refusal.detail);
    const correlationId = ids.uuid();
    log.error('HTTP request failed', { correlation_id: correlationId, error: error.stack ?? error.message });
    const message = `Something went wrong inside Dev Crew; the log has the details under ${correlationId}`;
    return sendAppError(reply, { code: 'internal', message, correlation_id: correlationId });
  });
  server.setNotFoundHandler((request: FastifyRequest, reply) => {
    const methods = allowedMethods(request.url);
    if (methods.length === 0 || methods.includes(request.method)) return sendDetail(reply, 404, 'Not Found');
    return sendDetail(reply.header('allow', methods.join(', ')), 405, 'Method Not Allowed');
  });
}

const wildcards = new Set(['0.0.0.0', '::', '[::]']);

const gateFor = ({ token, allowedHosts = [] }: HttpServerDeps, host: string): Gate =>
  createGate({
    token,
    allowedHosts: wildcards.has(host) ? allowedHosts : [host, ...allowedHosts],
    anyAddress: wildcards.has(host),
  });

function reachableName(host: string): string {
  if (wildcards.has(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function listenError(error: unknown, host: string, port: number): Result<never> {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE')
    return fail(
      'unavailable',
      `Port ${port} is taken; choose another with --port, or --port 0 for any free one`,
    );
  if (code === 'EACCES')
    return fail('unavailable', `Port ${port} needs more rights; choose one above 1023 with --port`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return fail('unavailable', `${host} is not an address of this machine; choose another with --host`);
  return err<AppError>({
    code: 'unavailable',
    message: `Cannot listen on ${host}:${port}: ${String(error)}`,
  });
}
