import { accountCommands } from './account-commands.ts';
import { exitCode, type CliContext, type Command } from './context.ts';
import { commandHelp, overview } from './help.ts';
import { jobCommands } from './job-commands.ts';
import { parseCommand } from './options.ts';
import { serveCommand } from './serve-command.ts';
import { systemCommands } from './system-commands.ts';

const commands: readonly Command[] = [serveCommand, ...jobCommands, ...accountCommands, ...systemCommands];

const isHelp = (arg: string | undefined): boolean => arg === '--help' || arg === '-h' || arg === 'help';
const startsWith = (words: readonly string[], prefix: readonly string[]): boolean =>
  prefix.every((word, index) => words[index] === word);

/** Runs one command line and resolves to its exit code. */
export async function runCli(context: CliContext, args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === '--version' || first === '-V') {
    context.out(context.version);
    return exitCode.ok;
  }
  if (first === undefined || isHelp(first)) {
    (first === undefined ? context.err : context.out)(overview(commands));
    return first === undefined ? exitCode.usage : exitCode.ok;
  }
  const command = commands.find(({ words }) => startsWith(args, words));
  return command ? runCommand(context, command, args.slice(command.words.length)) : unknown(context, args);
}

async function runCommand(context: CliContext, command: Command, args: readonly string[]): Promise<number> {
  const input = parseCommand(command, args);
  if (!input.ok) {
    context.err(`dev-crew: ${input.error}; see: dev-crew ${command.words.join(' ')} --help`);
    return exitCode.usage;
  }
  if (input.value['help'] === true) {
    context.out(commandHelp(command));
    return exitCode.ok;
  }
  return command.run(context, input.value);
}

/** A group without its second word shows the group; anything else is a mistake. */
function unknown({ out, err }: CliContext, args: readonly string[]): number {
  const [group, second] = args;
  const members = commands.filter(({ words }) => words.length > 1 && words[0] === group);
  if (members.length > 0 && (second === undefined || isHelp(second))) {
    (second === undefined ? err : out)(overview(members, [String(group)]));
    return second === undefined ? exitCode.usage : exitCode.ok;
  }
  const typed = members.length > 0 ? `${String(group)} ${String(second)}` : String(group);
  err(`dev-crew: there is no command ${JSON.stringify(typed)}; see: dev-crew --help`);
  return exitCode.usage;
}
