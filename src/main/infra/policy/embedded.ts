import type { Field } from './fields.ts';
import { readGitCall } from './rule-git.ts';

/** Shells, by name. */
export const shells = /^(?:ba|da|a|z|k|mk|r?ba|hu)?sh$|^(?:fish|oksh|yash)$/;

export interface ShellCall {
  /** Text of `-c`. */
  script?: Field;
  /** `$1` and on. */
  args: Field[];
  /** A script file. */
  file?: Field;
  /** Asks only for information. */
  informs: boolean;
}

export function readShellCall(args: readonly Field[]): ShellCall {
  let wantsScript = false;
  let informs = false;
  let at = 0;
  for (; at < args.length; at += 1) {
    const text = args[at]?.text ?? '';
    if (text === '--' || text === '-') {
      at += 1;
      break;
    }
    if (!/^[-+]./.test(text)) break;
    informs ||= text === '--version' || text === '--help';
    if (text === '--rcfile' || text === '--init-file') at += 1;
    if (text.startsWith('--')) continue;
    wantsScript ||= text.startsWith('-') && text.includes('c');
    if (/[oO]$/.test(text)) at += 1;
  }
  const first = args[at];
  const rest = args.slice(at + 1);
  if (wantsScript && first !== undefined) return { script: first, args: rest.slice(1), informs };
  return { ...(first === undefined ? {} : { file: first }), args: rest, informs };
}

/** Commands that take a shell script as the value of `-c`. */
const withCommandOption = /^(?:su|runuser|script|flock|npx|npm|pnpm|watch)$/;

/** Shell sources in the arguments of a command that is no shell itself: `eval`, `trap`, `su -c`, git's hooks to a shell. */
export function embeddedSources(name: string, args: readonly Field[]): Field[] {
  if (name === 'eval') return [joined(args)];
  if (name === 'trap') return args.filter(({ text }) => !text.startsWith('-')).slice(0, 1);
  if (name === 'env') return valuesOf(args, /^(?:-S|--split-string)$/, /^(?:-S|--split-string=)(.+)$/s);
  if (name === 'watch' && !args.some(({ text }) => text === '-x')) return [joined(lastWords(args))];
  if (withCommandOption.test(name))
    return valuesOf(args, /^(?:-c|--command|--call)$/, /^--(?:command|call)=(.*)$/s);
  if (name === 'git') return gitSources(args);
  return [];
}

const lastWords = (args: readonly Field[]): Field[] => {
  const at = args.findIndex(({ text }) => !/^-|^\d/.test(text));
  return at < 0 ? [] : args.slice(at);
};

const joined = (args: readonly Field[]): Field => ({
  text: args.map(({ text }) => text).join(' '),
  splits: args.some(({ splits }) => splits),
  glob: false,
});

/** Values of an option, as the next argument or attached. */
function valuesOf(args: readonly Field[], separate: RegExp, attached: RegExp): Field[] {
  return args.flatMap((field, at) => {
    const next = args[at + 1];
    if (separate.test(field.text)) return next === undefined ? [] : [next];
    const value = attached.exec(field.text)?.[1];
    return value === undefined ? [] : [{ ...field, text: value }];
  });
}

function gitSources(all: readonly Field[]): Field[] {
  const { settings, subcommand, args } = readGitCall(all);
  const aliases = settings.flatMap((setting) => aliasSource(...splitSetting(setting)));
  switch (subcommand?.text) {
    case 'config': {
      const at = args.findIndex(({ text }) => /^alias\./i.test(text));
      const value = args[at + 1]?.text;
      return at < 0 || value === undefined
        ? aliases
        : [...aliases, ...aliasSource(args[at]?.text ?? '', value)];
    }
    case 'submodule': {
      const at = args.findIndex(({ text }) => text === 'foreach');
      return at < 0
        ? aliases
        : [...aliases, joined(args.slice(at + 1).filter(({ text }) => !text.startsWith('-')))];
    }
    case 'bisect':
      return args[0]?.text === 'run' ? [...aliases, joined(args.slice(1))] : aliases;
    case 'rebase':
    case 'filter-branch':
    case 'difftool':
      return [
        ...aliases,
        ...valuesOf(args, /^(?:-x|--exec|--extcmd|--\w+-filter)$/, /^--(?:exec|extcmd)=(.*)$/s),
      ];
    default:
      return aliases;
  }
}

const splitSetting = (setting: string): [string, string] => {
  const at = setting.indexOf('=');
  return at < 0 ? [setting, ''] : [setting.slice(0, at), setting.slice(at + 1)];
};

/** A git alias is a git command line, or with `!` a shell's. */
function aliasSource(name: string, value: string): Field[] {
  if (!/^alias\./i.test(name)) return [];
  const text = value.startsWith('!') ? value.slice(1) : `git ${value}`;
  return [{ text, splits: false, glob: false }];
}

/** Commands that `find` runs on what it finds, each up to its `;` or `+`. */
export function findCommands(args: readonly Field[]): Field[][] {
  const commands: Field[][] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (!/^-(?:exec|ok)(?:dir)?$/.test(args[at]?.text ?? '')) continue;
    const end = args.findIndex(({ text }, index) => index > at && (text === ';' || text === '+'));
    commands.push(args.slice(at + 1, end < 0 ? undefined : end));
  }
  return commands;
}
