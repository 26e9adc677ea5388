import { readFileSync } from 'node:fs';
import { fail, type Result } from '../../../shared/errors.ts';
import type { JobEvent } from '../../../shared/job.ts';
import type { InputOf, OperationName, OutputOf } from '../../../shared/operations.ts';
import { defaultDataFolder } from '../data-folder.ts';
import { createHttpClient, type HttpClient } from '../http/client/index.ts';
import { systemIds } from '../ids.ts';
import { createInvoke } from '../invoke.ts';
import { openEngine } from '../open-engine.ts';
import { findServer, type ServerInfo } from '../server-file.ts';
import type { CliContext } from './context.ts';

/** The engine as a command sees it: a server, or the store opened in this process. */
export interface Session {
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<Result<OutputOf<N>>>;
  follow(jobId: string, after: number, onEvent: (event: JobEvent) => void): Promise<Result<null>>;
  close(): Promise<void>;
}

/** Operations that change nothing a worker must act on, so that they also work while none runs. */
const offlineOperations: ReadonlySet<OperationName> = new Set([
  'jobs.list',
  'jobs.get',
  'jobs.timeline',
  'jobs.plan',
  'jobs.diff',
  'jobs.report',
  'jobs.spending',
  'jobs.escalations',
  'escalations.list',
  'llm.models',
  'llm.usage',
  'audit.verify',
  'system.doctor',
  // Sign-in needs no worker.
  'accounts.list',
  'accounts.startLogin',
  'accounts.signOut',
]);

const notRunning = (): Result<never> =>
  fail('unavailable', 'Dev Crew is not running; start it with: dev-crew serve');

/** A running server when there is one; else, for what only reads, the engine without its worker. */
export async function openSession(
  context: CliContext,
  operation: OperationName | 'follow',
): Promise<Result<Session>> {
  const server = serverOf(context);
  if (server !== null) return { ok: true, value: remoteSession(createHttpClient(server), context.signal) };
  if (operation === 'follow' || !offlineOperations.has(operation)) return notRunning();
  return openOwnEngine(context);
}

/** Where the running server is: `DEV_CREW_URL`, else what it wrote into its data folder. */
export function serverOf({ env, cwd }: CliContext): { url: string; token: string | null } | null {
  // Only ever the user's own data folder: a server.json in a repository could name any file as the token.
  const running = findServer(defaultDataFolder(env, cwd));
  const url = env['DEV_CREW_URL']?.replace(/\/+$/, '');
  if (url) {
    const own = running?.url === url ? tokenOf(running) : null;
    return { url, token: env['DEV_CREW_TOKEN'] ?? own };
  }
  return running ? { url: running.url, token: env['DEV_CREW_TOKEN'] ?? tokenOf(running) } : null;
}

function tokenOf({ token_path }: ServerInfo): string | null {
  try {
    return token_path === null ? null : readFileSync(token_path, 'utf8').trim();
  } catch {
    return null;
  }
}

function remoteSession(client: HttpClient, signal: AbortSignal): Session {
  return {
    call: (name, input) => client.call(name, input, signal),
    follow: (jobId, after, onEvent) => client.follow(jobId, after, onEvent, signal),
    close: async () => {},
  };
}

/** The engine without its worker, in this process, whether a server runs or not. */
export async function openOwnEngine(context: CliContext): Promise<Result<Session>> {
  const opened = await openEngine(context);
  if (!opened.ok) return opened;
  const { app, log } = opened.value;
  const { signal } = context;
  const invoke = createInvoke({ handlers: app.handlers, log, ids: systemIds });
  return {
    ok: true,
    value: {
      // The handler of this very name made the value.
      call: (name, input) => invoke(name, input, signal) as Promise<Result<OutputOf<typeof name>>>,
      follow: async () => notRunning(),
      close: () => app.stop(),
    },
  };
}
