import { fail, type Result } from '../../shared/errors.ts';
import type { Log } from '../app/ports/system.ts';
import type { App } from './app.ts';
import { systemIds } from './ids.ts';
import { createInvoke } from './invoke.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';
import { tokenPath } from './token.ts';

export interface EngineServerOptions {
  app: App;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  version: string;
  webRoot: string | null;
  host: string;
  port: number;
  allowedHosts: readonly string[];
}

export interface EngineServer {
  url: string;
  /** The pages with what they need to sign in; a fragment never reaches a server or its log. */
  pagesUrl: string;
  tokenPath: string | null;
  close(): Promise<void>;
}

const loopback = new Set(['127.0.0.1', 'localhost', '::1']);

/** The HTTP edge of a composed engine, announced in `server.json` for as long as it listens. */
export async function startEngineServer(options: EngineServerOptions): Promise<Result<EngineServer>> {
  const { app, env, log, version, webRoot, host, port, allowedHosts } = options;
  const auth = readAuth(env['DEV_CREW_API_AUTH']);
  if (!auth.ok) return auth;
  if (!auth.value && !loopback.has(host))
    return fail(
      'unavailable',
      `Without a token only this machine is served; drop DEV_CREW_API_AUTH=0 or --host ${host}`,
    );
  // Fastify and the docs page take a tenth of a second to load, which a desktop without a server need not wait for.
  const { createHttpServer } = await import('./http/server.ts');
  const invoke = createInvoke({
    handlers: app.handlers,
    log,
    ids: systemIds,
    validateOutput: env['DEV_CREW_VALIDATE_OUTPUT'] === '1',
  });
  const token = auth.value ? app.apiToken : null;
  const server = await createHttpServer({
    invoke,
    feed: app.feed,
    log,
    ids: systemIds,
    version,
    token,
    webRoot,
    allowedHosts,
  });
  const listening = await server.listen({ host, port });
  if (!listening.ok) return listening;
  const { url } = listening.value;
  const path = token === null ? null : tokenPath(app.dataFolder);
  writeServerFile(app.dataFolder, { url, pid: process.pid, token_path: path });
  log.info('listening', { url, auth: auth.value });
  return {
    ok: true,
    value: {
      url,
      pagesUrl: token === null ? `${url}/` : `${url}/#token=${token}`,
      tokenPath: path,
      async close() {
        removeServerFile(app.dataFolder, process.pid);
        await server.close();
      },
    },
  };
}

function readAuth(value: string | undefined): Result<boolean> {
  if (value === undefined || value === '' || value === '1') return { ok: true, value: true };
  if (value === '0') return { ok: true, value: false };
  return fail(
    'invalid_input',
    `DEV_CREW_API_AUTH is ${JSON.stringify(value)}; it takes 1 (token needed) or 0 (no token)`,
  );
}
