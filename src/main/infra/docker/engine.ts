import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { findEngine } from './connection.ts';
import { statusOf } from './errors.ts';

const topSchema = z.object({ Processes: z.array(z.array(z.string())) });

/** Longest an engine may take for a call that is not a pull or a command, in milliseconds. */
const callTimeoutMs = 60_000;

/** A command that runs in a container: its multiplexed output and, after its end, its exit code. */
export interface RunningExec {
  output: Readable;
  /** Null while it still runs. */
  exitCode(): Promise<number | null>;
}

export interface ExecRequest {
  argv: string[];
  user: string;
  workdir?: string;
  env?: string[];
}

/** One container. Calls reject with what dockerode throws (errors.ts names it). */
export interface EngineContainer {
  id: string;
  start(): Promise<void>;
  exec(request: ExecRequest): Promise<RunningExec>;
  /** How many processes are in it, zombies included: 0 when it does not run, null when the engine cannot tell. */
  processes(): Promise<number | null>;
  running(): Promise<boolean>;
  /** Kills everything in it and starts it again; its tmpfs are empty then. */
  restart(): Promise<void>;
  /** By force; no error when it is gone already. */
  remove(): Promise<void>;
}

/** What we use of dockerode, with a time limit on every call. */
export interface Engine {
  /** Where it was looked for, for messages. */
  where(): string;
  version(signal: AbortSignal): Promise<string>;
  /** Null when the image is not there. */
  findImage(image: string, signal: AbortSignal): Promise<{ volumes: string[] } | null>;
  /** The engine's messages, one JSON object a line. The caller closes it. */
  pull(image: string, signal: AbortSignal): Promise<NodeJS.ReadableStream>;
  create(options: Docker.ContainerCreateOptions, signal: AbortSignal): Promise<EngineContainer>;
  /** Containers that carry all these labels, running or not. */
  list(
    labels: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<{ id: string; labels: Record<string, string> }[]>;
  container(id: string): EngineContainer;
}

const limited = (signal?: AbortSignal): AbortSignal => {
  const timeout = AbortSignal.timeout(callTimeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
};

export function createEngine(dockerHost: string | undefined): Engine {
  let known: { where: string; client: Docker } | undefined;
  // dockerode takes 200 ms to load; nothing of it is needed before the first job. The place is looked up each time,
  // because an engine that is installed or started later may listen elsewhere.
  const docker = async (): Promise<Docker> => {
    const { where, options } = findEngine(dockerHost);
    const { default: Dockerode } = await import('dockerode');
    if (known?.where !== where) known = { where, client: new Dockerode(options) };
    return known.client;
  };

  return {
    where: () => known?.where ?? (dockerHost || 'the usual places'),
    async version(signal) {
      const answer = await withSignal((await docker()).version(), signal);
      return answer.Version;
    },
    async findImage(image, signal) {
      try {
        const found = await withSignal((await docker()).getImage(image).inspect(), limited(signal));
        // Absent for imported images, whatever the types say.
        const config = found.Config as { Volumes?: Record<string, unknown> | null } | undefined;
        return { volumes: Object.keys(config?.Volumes ?? {}) };
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    async pull(image, signal) {
      const client = await docker();
      return client.pull(image, { abortSignal: signal });
    },
    async create(create, signal) {
      const container = await (await docker()).createContainer({ ...create, abortSignal: limited(signal) });
      return wrapContainer(container);
    },
    async list(labels, signal) {
      const label = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      const found = await (
        await docker()
      ).listContainers({ all: true, filters: { label }, abortSignal: limited(signal) });
      return found.map((container) => ({ id: container.Id, labels: container.Labels }));
    },
    container: (id) => wrapLater(async () => (await docker()).getContainer(id), id),
  };
}

/** A container whose client is loaded with the first call. */
function wrapLater(get: () => Promise<Docker.Container>, id: string): EngineContainer {
  const wrapped = async (): Promise<EngineContainer> => wrapContainer(await get());
  return {
    id,
    start: async () => (await wrapped()).start(),
    exec: async (request) => (await wrapped()).exec(request),
    processes: async () => (await wrapped()).processes(),
    running: async () => (await wrapped()).running(),
    restart: async () => (await wrapped()).restart(),
    remove: async () => (await wrapped()).remove(),
  };
}

function wrapContainer(container: Docker.Container): EngineContainer {
  const start = async (): Promise<void> => {
    await container.start({ abortSignal: limited() });
  };
  const running = async (): Promise<boolean> =>
    (await container.inspect({ abortSignal: limited() })).State.Running;
  return {
    id: container.id,
    start,
    running,
    exec: (request) => startExec(container, request),
    processes: () => countProcesses(container),
    async restart() {
      if (await running()) await kill(container);
      await start();
    },
    async remove() {
      try {
        await container.remove({ force: true, v: true, abortSignal: limited() });
      } catch (error) {
        // 409: another remove of it is under way.
        if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
      }
    },
  };
}

/** By `top`, 15 ms: the quicker `stats` makes its second caller wait for the next second on some engines. */
async function countProcesses(container: Docker.Container): Promise<number | null> {
  try {
    const top: unknown = await withSignal(container.top({ ps_args: '-eo pid' }), limited());
    return topSchema.parse(top).Processes.length;
  } catch (error) {
    const status = statusOf(error);
    if (status === 409) return 0;
    // An engine whose host has no `ps`.
    if (status !== undefined) return null;
    throw error;
  }
}

async function kill(container: Docker.Container): Promise<void> {
  // Asked for before the kill: after the exit it would wait for the next one.
  const exited = container.wait({ condition: 'next-exit', abortSignal: limited() });
  await Promise.all([exited, container.kill({ signal: 'SIGKILL', abortSignal: limited() })]);
}

async function startExec(container: Docker.Container, request: ExecRequest): Promise<RunningExec> {
  const exec = await container.exec({
    AttachStdout: true,
    AttachStderr: true,
    Cmd: request.argv,
    User: request.user,
    ...(request.workdir === undefined ? {} : { WorkingDir: request.workdir }),
    ...(request.env === undefined ? {} : { Env: request.env }),
    abortSignal: limited(),
  });
  // No abort signal here: it would go on to hold for the output.
  const output = await withSignal(exec.start({ hijack: false, stdin: false }), limited());
  return {
    output,
    async exitCode() {
      const state = await exec.inspect({ abortSignal: limited() });
      return state.Running ? null : state.ExitCode;
    },
  };
}

/** For calls that take no abort signal: gives up waiting, and lets a late answer go. */
function withSignal<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
