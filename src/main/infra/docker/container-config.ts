import { basename } from 'node:path';
import type { ContainerCreateOptions } from 'dockerode';
import type { SandboxSpec } from '../../app/ports/sandbox.ts';

/** Labels that say whose a container is. Nothing without our `data` label is ever touched. */
export const labels = {
  job: 'dev-crew.job',
  data: 'dev-crew.data',
  purpose: 'dev-crew.purpose',
} as const;

/** Numeric owner of processes and files. */
export interface UserIds {
  uid: number;
  gid: number;
}

/** What stands in the worktree under the name `.git`. */
export type GitEntry = 'file' | 'folder' | 'none';

export interface ContainerPlan {
  spec: SandboxSpec;
  dataFolderId: string;
  user: UserIds;
  gitEntry: GitEntry;
  /** Paths that the image declares as volumes: the engine would give each room without limit on its own disk. */
  volumes: readonly string[];
}

/** HOME of the user in the container, a tmpfs: nothing of the host's, nothing that outlives the container. */
const home = '/home/dev-crew';

/**
 * PID 1: root, so that the user's `kill -1` cannot reach it, and a shell, because no image is sure to have an init.
 * `wait` reaps the orphans it inherits, so that ended processes do not count against the pids limit.
 */
const keepAlive = 'trap "exit 0" TERM; while :; do sleep 86400 & wait; done';
/** Processes of that: the shell and its sleep. */
export const keepAliveProcesses = 2;

/** The whole environment of a command besides the image's own PATH. */
export const execEnvironment = [
  `HOME=${home}`,
  'LANG=C.UTF-8',
  // Compiled files would show up in the worktree as changes.
  'PYTHONDONTWRITEBYTECODE=1',
];

export const userArgument = (user: UserIds): string => `${user.uid}:${user.gid}`;

export const containerName = (spec: SandboxSpec): string =>
  `dev-crew-${spec.jobId.slice(0, 8)}-${spec.purpose}`;

/** Docker counts in nine decimals of a CPU. */
const nanoCpus = (cpus: number): number => Math.round(cpus * 1e9);
/** Files in a tmpfs count as memory of the container; together they may take half of it. */
const tmpfsMb = (spec: SandboxSpec): number => Math.max(16, Math.floor(spec.limits.memoryMb / 4));

const ulimits = [
  // Engines in containers refuse more.
  { Name: 'nofile', Soft: 20_000, Hard: 20_000 },
  { Name: 'core', Soft: 0, Hard: 0 },
];

function tmpfs(plan: ContainerPlan): Record<string, string> {
  const size = `rw,exec,nosuid,nodev,size=${tmpfsMb(plan.spec)}m`;
  const hidden = `${plan.spec.workdir}/.git`;
  const volumes = plan.volumes.filter((path) => path !== plan.spec.workdir);
  return {
    ...Object.fromEntries(volumes.map((path) => [path, `${size},mode=1777`])),
    '/tmp': `${size},mode=1777`,
    [home]: `${size},mode=700,uid=${plan.user.uid},gid=${plan.user.gid}`,
    // A repository's own git folder holds hooks and remote addresses, some with passwords.
    ...(plan.gitEntry === 'folder' ? { [hidden]: 'ro,noexec,nosuid,nodev,size=4k,mode=555' } : {}),
  };
}

/** Bind mounts as `Mounts`: `Binds` would create a missing source as root and cannot name a path with a colon. */
function mounts({ spec, gitEntry }: ContainerPlan): { source: string; target: string; readOnly: boolean }[] {
  const worktree = { source: spec.worktree, target: spec.workdir, readOnly: false };
  const gitFile = { source: `${spec.worktree}/.git`, target: `${spec.workdir}/.git`, readOnly: true };
  return gitEntry === 'file' ? [worktree, gitFile] : [worktree];
}

function labelValues({ spec, dataFolderId }: ContainerPlan): Record<string, string> {
  return { [labels.job]: spec.jobId, [labels.data]: dataFolderId, [labels.purpose]: spec.purpose };
}

/** The engine's view of a plan. A fresh value each time: dockerode changes what it is given. */
export function createOptions(plan: ContainerPlan, name: string): ContainerCreateOptions {
  const memory = plan.spec.limits.memoryMb * 1024 * 1024;
  return {
    name,
    Image: plan.spec.image,
    Labels: labelValues(plan),
    User: '0:0',
    Entrypoint: ['sh', '-c', keepAlive],
    Cmd: [],
    WorkingDir: plan.spec.workdir,
    Hostname: 'sandbox',
    Healthcheck: { Test: ['NONE'] },
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      ReadonlyRootfs: true,
      // With a remapping engine the user's files would belong to nobody inside.
      UsernsMode: 'host',
      IpcMode: 'private',
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: nanoCpus(plan.spec.limits.cpus),
      PidsLimit: plan.spec.limits.pids,
      Ulimits: ulimits,
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      Tmpfs: tmpfs(plan),
      Mounts: mounts(plan).map(({ source, target, readOnly }) => ({
        Type: 'bind',
        Source: source,
        Target: target,
        ReadOnly: readOnly,
      })),
    },
  };
}

/** The `docker run` that does the same for one command line; starts with `docker`. */
export function describeRun(plan: ContainerPlan, commandLine: string): string[] {
  const { spec } = plan;
  const option = (name: string, values: readonly string[]): string[] =>
    values.flatMap((value) => [name, value]);
  return [
    ...['docker', 'run', '--rm', '--name', containerName(spec)],
    ...option('--label', pairs(labelValues(plan))),
    ...['--user', userArgument(plan.user), '--workdir', spec.workdir, '--network', 'none'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true', '--read-only'],
    ...['--userns', 'host', '--ipc', 'private', '--log-driver', 'none', '--no-healthcheck'],
    ...['--memory', `${spec.limits.memoryMb}m`, '--memory-swap', `${spec.limits.memoryMb}m`],
    ...['--cpus', String(spec.limits.cpus), '--pids-limit', String(spec.limits.pids)],
    ...option(
      '--ulimit',
      ulimits.map((limit) => `${limit.Name.toLowerCase()}=${limit.Soft}:${limit.Hard}`),
    ),
    ...option(
      '--tmpfs',
      Object.entries(tmpfs(plan)).map(([path, options]) => `${path}:${options}`),
    ),
    ...option('--mount', mounts(plan).map(mountArgument)),
    ...option('--env', execEnvironment),
    ...['--entrypoint', 'sh', spec.image, '-c', commandLine],
  ];
}

const pairs = (record: Record<string, string>): string[] =>
  Object.entries(record).map(([name, value]) => `${name}=${value}`);

/** `--mount` is read as CSV: a field with a comma or quote is quoted. */
function mountArgument({ source, target, readOnly }: ReturnType<typeof mounts>[number]): string {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, ...(readOnly ? ['readonly'] : [])];
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** Name to try when another's container holds the usual one. */
export const alternativeName = (plan: ContainerPlan): string =>
  `${containerName(plan.spec)}-${basename(plan.dataFolderId)
    .replace(/[^\w.-]/g, '')
    .slice(0, 12)}`;
