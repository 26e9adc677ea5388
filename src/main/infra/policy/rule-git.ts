import { isUnknown, mayBeOptions, refuse, type Field } from './fields.ts';

/** Git's own options, before the subcommand, that take the next argument. */
const globalWithValue = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--super-prefix',
  '--config-env',
  '--attr-source',
  '--exec-path',
]);

export interface GitCall {
  /** Values of `-c name=value`. */
  settings: string[];
  subcommand: Field | undefined;
  args: Field[];
}

export function readGitCall(args: readonly Field[]): GitCall {
  const settings: string[] = [];
  let at = 0;
  for (; at < args.length; at += 1) {
    const text = args[at]?.text ?? '';
    if (!text.startsWith('-')) break;
    if (!globalWithValue.has(text)) continue;
    at += 1;
    if (text === '-c') settings.push(args[at]?.text ?? '');
  }
  return { settings, subcommand: args[at], args: args.slice(at + 1) };
}

/** Refuses what throws away work that is not committed, and what rewrites a protected branch elsewhere. */
export function checkGit({ subcommand, args, settings }: GitCall): void {
  if (subcommand === undefined) return;
  if (isUnknown(subcommand)) refuse('the git subcommand is not known before it runs; write it out');
  switch (subcommand.text) {
    case 'reset':
      checkReset(args);
      break;
    case 'clean':
      checkClean(args, settings);
      break;
    case 'push':
      checkPush(args);
      break;
    default:
  }
}

/** Options, as far as `--`. */
function optionsOf(args: readonly Field[], command: string): string[] {
  const end = args.findIndex(({ text }) => text === '--');
  const fields = end < 0 ? args : args.slice(0, end);
  if (fields.some(mayBeOptions)) {
    refuse(
      `an argument of "${command}" is not known before it runs and could be an option; put it in quotes`,
    );
  }
  return fields.map(({ text }) => text).filter((text) => text.startsWith('-'));
}

/** Git takes an option that is shortened as long as it is clear. */
const shortFor = (option: string, full: string, atLeast: number): boolean => {
  const name = option.split('=')[0] ?? option;
  return name.length >= atLeast && full.startsWith(name);
};

function checkReset(args: readonly Field[]): void {
  if (optionsOf(args, 'git reset').some((option) => shortFor(option, '--hard', 3))) {
    refuse(
      '"git reset --hard" is forbidden: it throws away work. Undo your own edits file by file, or use "git reset" or "git stash".',
    );
  }
}

function checkClean(args: readonly Field[], settings: readonly string[]): void {
  const options = optionsOf(args, 'git clean');
  // `-e` takes the rest of its cluster.
  const letters = options
    .filter((option) => !option.startsWith('--'))
    .map((option) => option.slice(1).replace(/e.*$/, ''))
    .join('');
  const dryRun = letters.includes('n') || options.some((option) => shortFor(option, '--dry-run', 4));
  const force =
    letters.includes('f') ||
    options.some((option) => shortFor(option, '--force', 3)) ||
    settings.some((setting) => /^clean\.requireforce=(?:false|no|off|0)$/i.test(setting));
  if (force && letters.includes('d') && !dryRun) {
    refuse('"git clean -fd" is forbidden: it removes files for good. Remove the files you created by name.');
  }
}

const pushWithValue = /^(?:-o|--push-option|--repo|--receive-pack|--exec)$/;
const protectedBranch = /^(?:refs\/heads\/|heads\/)?(?:main|master|release\/.+|.*\*.*|HEAD|@)$/;

function checkPush(args: readonly Field[]): void {
  const options = optionsOf(args, 'git push');
  const letters = options.filter((option) => /^-[^-o]/.test(option)).join('');
  const has = (full: string, atLeast: number): boolean =>
    options.some((option) => shortFor(option, full, atLeast));
  // `--force` is the beginning of `--force-with-lease`; `--force-if-includes` forces nothing.
  const force = letters.includes('f') || has('--force-with-lease', 5);
  const deletes = letters.includes('d') || has('--delete', 4);
  const why = 'The branches main, master and release/* are protected; push to the work branch without force.';
  if (has('--mirror', 3)) refuse(`"git push --mirror" is forbidden. ${why}`);
  const refspecs = positionals(args).slice(1);
  if (force && refspecs.length === 0) refuse(`a forced push without a named branch is forbidden. ${why}`);
  for (const refspec of refspecs) {
    const { text } = refspec;
    const target = targetOf(text);
    const forced = force || deletes || text.startsWith('+') || text.startsWith(':');
    if (forced && (isUnknown(refspec) || protectedBranch.test(target))) {
      refuse(`forcing or deleting "${target.replaceAll('\0', '…')}" is forbidden. ${why}`);
    }
  }
}

/** Where a refspec pushes to: `+a:b` → `b`. */
function targetOf(refspec: string): string {
  const plus = refspec.startsWith('+') ? refspec.slice(1) : refspec;
  const colon = plus.lastIndexOf(':');
  return colon < 0 ? plus : plus.slice(colon + 1);
}

function positionals(args: readonly Field[]): Field[] {
  const found: Field[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const field = args[at];
    if (field === undefined) break;
    if (pushWithValue.test(field.text)) at += 1;
    else if (!field.text.startsWith('-')) found.push(field);
  }
  return found;
}
