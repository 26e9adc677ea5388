import { lstatSync } from 'node:fs';
import { err, ok, type Result } from '../../../shared/errors.ts';
import type { Sandbox, SandboxError, SandboxSpec } from '../../app/ports/sandbox.ts';
import type { Log } from '../../app/ports/system.ts';
import {
  alternativeName,
  containerName,
  createOptions,
  describeRun,
  labels,
  type ContainerPlan,
  type GitEntry,
  type UserIds,
} from './container-config.ts';
import { createEngine, type Engine, type EngineContainer } from './engine.ts';
import { notAnswering, oneLine, statusOf, toSandboxError } from './errors.ts';
import { imageMissing } from './image-errors.ts';
import { sandboxUser } from './ownership.ts';
import { followPull } from './pull.ts';
import { createSession } from './session.ts';

export interface DockerSandboxDeps {
  /** Value of DOCKER_HOST; without one the engine is looked for where engines usually listen. */
  dockerHost?: string | undefined;
  /** Tells the containers of two data folders on one engine apart; those of another are never touched. */
  dataFolderId: string;
  log: Log;
  /** The image in the settings, for `probe`. */
  image: () => string;
  /** Who owns the worktrees. Root is never used inside: see `sandboxUser`. */
  hostUser: UserIds;
}

/** Longest for `probe` and `reap`, in milliseconds: an engine that hangs must not hold up the app's start. */
const probeMs = 4_500;

/** The sandbox on a Docker engine. Loads and connects with the first call. */
export function createDockerSandbox(deps: DockerSandboxDeps): Sandbox {
  const engine = createEngine(deps.dockerHost);
  const open = new Set<string>();
  const planOf = (spec: SandboxSpec, volumes: readonly string[] = []): ContainerPlan => ({
    spec,
    dataFolderId: deps.dataFolderId,
    user: sandboxUser(deps.hostUser),
    gitEntry: gitEntryOf(spec.worktree),
    volumes,
  });
  return {
    probe: (signal) => probe(engine, deps.image(), signal),
    async open(spec, onProgress, signal) {
      try {
        await removeLeftovers(engine, planOf(spec), open);
        const image = await obtainImage(engine, spec.image, onProgress, signal);
        const plan = planOf(spec, image.volumes);
        const container = await createStarted(engine, plan, signal);
        open.add(container.id);
        const onClosed = (): void => void open.delete(container.id);
        const { hostUser, log } = deps;
        return ok(createSession({ container, plan, hostUser, where: engine.where(), log, onClosed }));
      } catch (error) {
        return err(openError(error, engine, spec, signal));
      }
    },
    reap: (keep) => reap(engine, deps, keep),
    describe: (spec, commandLine) => describeRun(planOf(spec), commandLine),
  };
}

/** Carries an error that is named already out of the depths of `open`. */
class NamedFailure extends Error {
  readonly failure: SandboxError;
  constructor(failure: SandboxError) {
    super(failure.message);
    this.failure = failure;
  }
}

function openError(error: unknown, engine: Engine, spec: SandboxSpec, signal: AbortSignal): SandboxError {
  if (signal.aborted) return { kind: 'canceled', message: 'Canceled.' };
  return error instanceof NamedFailure ? error.failure : toSandboxError(error, engine.where(), spec.image);
}

async function probe(
  engine: Engine,
  image: string,
  signal: AbortSignal,
): Promise<Result<{ version: string; imagePresent: boolean }, SandboxError>> {
  const limit = AbortSignal.timeout(probeMs);
  try {
    const either = AbortSignal.any([signal, limit]);
    const [version, found] = await Promise.all([engine.version(either), engine.findImage(image, either)]);
    return ok({ version, imagePresent: found !== null });
  } catch (error) {
    if (signal.aborted) return err({ kind: 'canceled', message: 'Canceled.' });
    return err(limit.aborted ? notAnswering(engine.where()) : toSandboxError(error, engine.where()));
  }
}

/** Containers of this job that an earlier run left; not those of sessions that are open here. */
async function removeLeftovers(
  engine: Engine,
  { spec, dataFolderId }: ContainerPlan,
  open: ReadonlySet<string>,
): Promise<void> {
  const found = await engine.list({ [labels.data]: dataFolderId, [labels.job]: spec.jobId });
  const left = found.filter(({ id }) => !open.has(id));
  await Promise.all(left.map(({ id }) => engine.container(id).remove()));
}

/** Pulls the image where it is missing. */
async function obtainImage(
  engine: Engine,
  image: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<{ volumes: string[] }> {
  const found = await engine.findImage(image, signal);
  if (found) return found;
  await pull(engine, image, onProgress, signal);
  return (await engine.findImage(image, signal)) ?? { volumes: [] };
}

async function createStarted(
  engine: Engine,
  plan: ContainerPlan,
  signal: AbortSignal,
): Promise<EngineContainer> {
  const container = await createNamed(engine, plan, signal);
  try {
    await container.start();
    signal.throwIfAborted();
    return container;
  } catch (error) {
    await container.remove().catch(() => undefined);
    throw error;
  }
}

async function createNamed(
  engine: Engine,
  plan: ContainerPlan,
  signal: AbortSignal,
): Promise<EngineContainer> {
  const create = (name: string): Promise<EngineContainer> => engine.create(createOptions(plan, name), signal);
  try {
    return await create(containerName(plan.spec));
  } catch (error) {
    // Somebody else's container holds the name; it is not ours to remove.
    if (statusOf(error) !== 409) throw error;
    return create(alternativeName(plan));
  }
}

async function pull(
  engine: Engine,
  image: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    await followPull(image, await engine.pull(image, signal), onProgress);
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = toSandboxError(error, engine.where());
    const why = oneLine(error instanceof Error ? error.message : String(error));
    // Whatever the registry said, what is missing is the image; only the engine's own troubles go before that.
    throw new NamedFailure(failure.kind === 'failed' ? imageMissing(image, why) : failure);
  }
}

async function reap(engine: Engine, deps: DockerSandboxDeps, keep: ReadonlySet<string>): Promise<number> {
  try {
    const owned = { [labels.data]: deps.dataFolderId };
    const found = await engine.list(owned, AbortSignal.timeout(probeMs));
    const left = found.filter((container) => !keep.has(container.labels[labels.job] ?? ''));
    const removals = await Promise.allSettled(left.map(({ id }) => engine.container(id).remove()));
    return removals.filter(({ status }) => status === 'fulfilled').length;
  } catch (error) {
    // Without an engine there is nothing to reap; said once, at start.
    deps.log.info('no containers reaped', { reason: toSandboxError(error, engine.where()).message });
    return 0;
  }
}

function gitEntryOf(worktree: string): GitEntry {
  const entry = lstatSync(`${worktree}/.git`, { throwIfNoEntry: false });
  if (entry?.isDirectory()) return 'folder';
  return entry?.isFile() ? 'file' : 'none';
}
