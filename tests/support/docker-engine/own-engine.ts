import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { startPrivateEngine } from '../../../scripts/setup/docker/private-engine.mjs';

/** A private engine that a test may fill, starve and kill: nobody else uses it. Gone with this process at the latest. */
export interface OwnEngine {
  /** As in DOCKER_HOST. */
  host: string;
  docker: Docker;
  /** The disk of its images and the one at `disk`, as seen from here; `disk` itself is the path inside. */
  imagesDisk: string;
  disk: string;
  diskSeenHere: string;
  /** Starts a program in the engine's network, on whose loopback it pulls; ends when its stdin does. */
  inNetwork(command: string, ...args: string[]): ChildProcess;
  /** Starts a program where the engine's disks are mounted, among the engine's processes, but in our network. */
  inside(env: NodeJS.ProcessEnv, command: string, ...args: string[]): ChildProcess;
  /** Imports an image of some MB that can run the sandbox's shell and holds so many MB of noise, and volumes. */
  importSmallImage(reference: string, noiseMb: number, volumes?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Ends the program when stdin closes, which it does with our process, however that ends. */
const untilStdinEnds = '"$@" </dev/null & cat >/dev/null; kill -KILL $!';

/** Guard with `describeWithRegistry`: it says what is missing. Sizes as tmpfs takes them. */
export async function startOwnEngine(
  sizes: { imagesSize?: string; diskSize?: string } = {},
): Promise<OwnEngine> {
  const engine = await startPrivateEngine(sizes);
  const pid = readFileSync(join(engine.sockets, 'pid'), 'utf8').trim();
  const docker = new Docker({ socketPath: engine.host.replace('unix://', ''), host: undefined });
  const seenHere = (path: string): string => `/proc/${pid}/root${path}`;
  const ns = (name: string): string => `/proc/${pid}/ns/${name}`;
  return {
    host: engine.host,
    docker,
    imagesDisk: seenHere(engine.images),
    disk: engine.disk,
    diskSeenHere: seenHere(engine.disk),
    inNetwork: (command, ...args) =>
      spawn('nsenter', [`--net=${ns('net')}`, 'sh', '-c', untilStdinEnds, 'sh', command, ...args]),
    inside: (env, command, ...args) =>
      spawn('nsenter', [`--mount=${ns('mnt')}`, `--pid=${ns('pid_for_children')}`, command, ...args], {
        env,
      }),
    importSmallImage: (reference, noiseMb, volumes = []) =>
      importSmallImage(docker, reference, noiseMb, volumes),
    stop: engine.stop,
  };
}

async function importSmallImage(
  docker: Docker,
  reference: string,
  noiseMb: number,
  volumes: readonly string[],
): Promise<void> {
  const script = join(import.meta.dirname, 'small-image.sh');
  const tar = spawn('bash', [script, `${noiseMb}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const colon = reference.lastIndexOf(':');
  const [repo, tag] = [reference.slice(0, colon), reference.slice(colon + 1)];
  const changes = volumes.map((path) => `VOLUME ${path}`).join('\n');
  const options = { repo, tag, ...(changes === '' ? {} : { changes }) };
  const [answer] = await Promise.all([docker.importImage(tar.stdout, options), once(tar, 'exit')]);
  await followed(docker, answer);
}

/** Waits for the end of a progress stream; throws what it reports. */
export async function followed(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
  );
}
