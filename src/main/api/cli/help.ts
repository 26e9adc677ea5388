import type { Command } from './context.ts';
import { helpOption } from './options.ts';

const positionalText = (positional: string): string => {
  const name = positional.replace(/[?…]+$/, '') + (positional.includes('…') ? '…' : '');
  return positional.includes('?') ? `[${name}]` : `<${name}>`;
};

const usageLine = (command: Command): string =>
  ['dev-crew', ...command.words, ...command.positionals.map(positionalText), '[options]'].join(' ');

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

export function commandHelp(command: Command): string {
  const options = [...command.options, helpOption].map(
    ({ name, kind, value, description }) =>
      [kind === 'flag' ? `--${name}` : `--${name} <${value}>`, description] as const,
  );
  return `${command.summary}\n\nUsage: ${usageLine(command)}\n\n${columns(options)}`;
}

/** Help for all commands, or for those that begin with the words given. */
export function overview(commands: readonly Command[], words: readonly string[] = []): string {
  const rows = commands.map(
    (command) =>
      [[...command.words, ...command.positionals.map(positionalText)].join(' '), command.summary] as const,
  );
  const prefix = ['dev-crew', ...words].join(' ');
  const intro =
    words.length > 0
      ? ''
      : 'Dev Crew: hand a coding job to a crew, approve its plan, get a verified branch.\n\n';
  return (
    `${intro}Usage: ${prefix} <command> [options]\n\n${columns(rows)}\n\n` +
    `"dev-crew <command> --help" tells more. Exit codes: 0 done, 1 failed, 2 not understood.`
  );
}
