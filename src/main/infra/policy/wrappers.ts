import type { Field } from './fields.ts';

/** How a command that runs another one is called. */
interface Wrapper {
  /** Options whose value is the next argument. */
  withValue?: readonly string[];
  /** Options without a value, or with an attached one. */
  flags?: RegExp;
  /** Arguments of its own before the command. */
  positionals?: number;
  /** `NAME=value` may come before the command. */
  assignments?: boolean;
}

const anyAttached = /^-[a-zA-Z]+$|^--[\w-]+(?:=.*)?$/;

/** Wrappers by name. An option that is not here makes every later argument a possible start of the command. */
const wrappers: Record<string, Wrapper> = {
  env: {
    withValue: ['-u', '--unset', '-C', '--chdir', '-a', '--argv0'],
    flags: /^-$|^-[i0v]+$|^--(?:ignore-environment|null|debug|unset=.*|chdir=.*)$/,
    assignments: true,
  },
  sudo: {
    withValue: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '-r', '-t', '-U', '--user', '--group'],
    flags: /^-[AbEeHiKklnPSsVv]+$|^--[\w-]+(?:=.*)?$/,
    assignments: true,
  },
  doas: { withValue: ['-u', '-C'], flags: /^-[nsL]+$/ },
  nohup: {},
  nice: { withValue: ['-n', '--adjustment'], flags: /^-n?-?\d+$|^--adjustment=/ },
  ionice: { withValue: ['-c', '-n', '--class', '--classdata'], flags: /^-[cn]\d$|^-t$|^--\w+=/ },
  stdbuf: { withValue: ['-i', '-o', '-e'], flags: /^-[ioe].+$|^--\w+=/ },
  timeout: {
    withValue: ['-s', '-k', '--signal', '--kill-after'],
    flags: /^-[sk].+$|^-v$|^--(?:foreground|preserve-status|verbose|signal=.*|kill-after=.*)$/,
    positionals: 1,
  },
  time: { withValue: ['-f', '-o', '--format', '--output'], flags: /^-[apqvV]+$|^--\w+(?:=.*)?$/ },
  setsid: { flags: anyAttached },
  chroot: { flags: /^--[\w-]+=/, positionals: 1 },
  exec: { withValue: ['-a'], flags: /^-[cl]+$/ },
  command: { flags: /^-p$/ },
  builtin: {},
  busybox: {},
  toybox: {},
  xargs: {
    withValue: [
      ...['-a', '-d', '-E', '-I', '-L', '-n', '-P', '-s'],
      ...[
        '--arg-file',
        '--delimiter',
        '--max-args',
        '--max-procs',
        '--max-chars',
        '--replace',
        '--max-lines',
      ],
    ],
    flags: /^-[0prtxo]+$|^-[adEILnPseil].+$|^-[eil]$|^--[\w-]+(?:=.*)?$/,
  },
  watch: { withValue: ['-n', '--interval'], flags: /^-[bcdegtx]+$|^-n.+$|^--[\w-]+(?:=.*)?$/ },
  strace: { withValue: ['-e', '-o', '-p', '-s', '-u', '-E', '-P', '-a'], flags: /^-[a-zA-Z]+$/ },
  taskset: { flags: /^-[apc]+$|^--[\w-]+$/, positionals: 1 },
  chrt: { flags: /^-[a-z]+$|^--[\w-]+$/, positionals: 1 },
  flock: { withValue: ['-w', '-E', '--timeout'], flags: /^-[esxnuoF]+$|^--[\w-]+(?:=.*)?$/, positionals: 1 },
  unshare: { flags: anyAttached },
  setpriv: { flags: anyAttached },
  prlimit: { flags: anyAttached },
  'cross-env': { assignments: true },
  unbuffer: {},
};

/** Package runners: what follows them is looked through for a command of ours at any place. */
const runners = /^(?:npx|bunx|npm|pnpm|yarn|bun|poetry|uv|pipenv|bundle|parallel|dotenv|nsenter|gdb|ltrace)$/;
const runnerVerbs: Record<string, RegExp> = {
  npm: /^(?:exec|x)$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|dlx)$/,
  bun: /^(?:x|exec)$/,
  poetry: /^run$/,
  uv: /^run$/,
  pipenv: /^run$/,
  bundle: /^exec$/,
};

export interface Unwrapped {
  /** Where the command starts: one place, or, where that cannot be told, several. */
  candidates: Field[][];
  /** Whether the place is sure, so that a command unknown there counts as one. */
  sure: boolean;
}

/** The command that `name` would run with these arguments; null when `name` is no wrapper. */
export function unwrap(name: string, args: readonly Field[]): Unwrapped | null {
  if (runners.test(name)) {
    const verb = runnerVerbs[name];
    if (verb !== undefined && !verb.test(args[0]?.text ?? '')) return null;
    return { candidates: suffixes(args), sure: false };
  }
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper === undefined) return null;
  const { at, sure } = skipOptions(args, wrapper);
  if (!sure) return { candidates: suffixes(args), sure };
  return { candidates: [args.slice(at + (wrapper.positionals ?? 0))], sure };
}

function skipOptions(args: readonly Field[], wrapper: Wrapper): { at: number; sure: boolean } {
  let at = 0;
  let sure = true;
  for (; at < args.length; at += 1) {
    const text = args[at]?.text ?? '';
    if (text === '--') return { at: at + 1, sure };
    if (wrapper.assignments && /^\w+=/.test(text)) continue;
    if (!text.startsWith('-')) break;
    if (wrapper.withValue?.includes(text)) at += 1;
    else if (wrapper.flags?.test(text) !== true) sure = false;
  }
  return { at, sure };
}

const suffixes = (args: readonly Field[]): Field[][] => args.map((_, at) => args.slice(at));
