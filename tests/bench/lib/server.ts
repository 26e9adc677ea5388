import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The built server, as users run it; the sources where there is no build. */
const build = process.env['DEV_CREW_TEST_BUILD'];
const program = build
  ? join(build, 'main/headless.js')
  : fileURLToPath(new URL('../../../src/main/headless.ts', import.meta.url));

/** `dev-crew serve` in a process of its own, and a client of its HTTP API over connections that stay open. */
export interface BenchServer {
  process: ChildProcess;
  url: string;
  token: string;
  agent: Agent;
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  dataFolder: string;
  /** Connections at most; each client of ours has one. */
  clients: number;
  env?: Record<string, string>;
  /** Arguments of Node itself. */
  nodeArgs?: readonly string[];
  /** Opens a channel for messages to what `nodeArgs` loads. */
  ipc?: boolean;
}

/** The program to run, and what it needs to listen on any free port. */
export async function startServer(options: ServerOptions): Promise<BenchServer> {
  const { dataFolder, clients, env, nodeArgs = [], ipc = false } = options;
  const child = spawn(process.execPath, [...nodeArgs, program, '--port', '0', '--json'], {
    env: {
      ...process.env,
      DEV_CREW_DATA_DIR: dataFolder,
      DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
  });
  const { url, token_path: tokenPath } = await firstLine(child);
  const token = readFileSync(tokenPath, 'utf8').trim();
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  return {
    process: child,
    url,
    token,
    agent,
    call: (method, path, body) => call({ url, token, agent }, method, path, body),
    stop: async () => {
      agent.destroy();
      await end(child);
    },
  };
}

/** SIGTERM, and the wait for what it stops gracefully. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

async function firstLine(child: ChildProcess): Promise<{ url: string; token_path: string }> {
  for await (const line of createInterface({ input: child.stdout! }))
    return JSON.parse(line) as { url: string; token_path: string };
  throw new Error('the server ended before it listened');
}

function call<T>(
  { url, token, agent }: Pick<BenchServer, 'url' | 'token' | 'agent'>,
  method: string,
  path: string,
  body: unknown,
): Promise<T> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text !== '' && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(answer) as T);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${answer}`));
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
