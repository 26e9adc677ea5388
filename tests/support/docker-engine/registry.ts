import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { part } from '../requirements.ts';
import { followed, type OwnEngine } from './own-engine.ts';

/** A real registry server on the loopback of an engine's own network, where every port is free. */
export interface Registry {
  /** Pushes an image of the engine and removes it there, so that the next use of it is a whole pull. */
  take(reference: string): Promise<void>;
  /** Where it keeps the contents of layers, manifests and configurations, by digest. */
  blobs: string;
  stop(): Promise<void>;
}

/**
 * Listens on `127.0.0.1:<port>` and keeps its images in `folder`; one that was stopped starts again with the same. A
 * `locked` one gives nothing without a sign-in, and has no account.
 */
export async function startRegistry(
  engine: OwnEngine,
  folder: string,
  port: number,
  locked = false,
): Promise<Registry> {
  await mkdir(folder, { recursive: true });
  const auth = { htpasswd: { realm: 'images', path: join(folder, 'htpasswd') } };
  const config = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: folder } },
    http: { addr: `127.0.0.1:${port}` },
    ...(locked ? { auth } : {}),
  };
  // JSON is YAML.
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const server = engine.inNetwork(part('registry'), 'serve', join(folder, 'config.yml'));
  await saysLine(server, /listening on/);
  return {
    take: (reference) => take(engine, reference),
    blobs: join(folder, 'docker/registry/v2/blobs/sha256'),
    stop: () => end(server),
  };
}

async function take(engine: OwnEngine, reference: string): Promise<void> {
  const image = engine.docker.getImage(reference);
  await followed(engine.docker, await image.push({ authconfig: {} }));
  await image.remove({ force: true });
}

/**
 * A proxy in front of it that lets so many bytes of each answer through and then holds the connection, so that a pull
 * stands still in its middle, and from `held` on does not go on.
 */
export interface HoldingProxy {
  held: Promise<void>;
  stop(): Promise<void>;
}

export async function startHoldingProxy(
  engine: OwnEngine,
  port: number,
  targetPort: number,
  bytes: number,
): Promise<HoldingProxy> {
  const script = join(import.meta.dirname, 'holding-proxy.ts');
  const proxy = engine.inNetwork(process.execPath, script, `${port}`, `${targetPort}`, `${bytes}`);
  const held = saysLine(proxy, /^held$/);
  // Nobody may be waiting for it when the proxy ends.
  held.catch(() => undefined);
  await saysLine(proxy, /^listening$/);
  return { held, stop: () => end(proxy) };
}

/** Resolves with the first line on either output that matches; rejects when the program ends without one. */
async function saysLine(program: ChildProcess, pattern: RegExp): Promise<void> {
  const { stdout, stderr } = program;
  if (!stdout || !stderr) throw new Error('no pipes');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    for (const input of [stdout, stderr])
      createInterface({ input }).on('line', (line) => {
        said += `${line}\n`;
        if (pattern.test(line)) resolve();
      });
    program.once('close', () => reject(new Error(`it ended: ${said}`)));
  });
}

/** Also where it has ended already. */
async function end(program: ChildProcess): Promise<void> {
  program.stdin?.end();
  if (program.exitCode === null && program.signalCode === null) await once(program, 'close');
}
