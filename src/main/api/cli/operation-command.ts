import type { InputOf, OperationName, OutputOf } from '../../../shared/operations.ts';
import { exitCode, type CliContext, type Command, type CommandInput } from './context.ts';
import { jsonOption, operationInput, operationOptions } from './options.ts';
import { openSession } from './session.ts';
import { printError } from './watch.ts';

export interface OperationCommand<N extends OperationName> {
  words: readonly string[];
  operation: N;
  summary: string;
  positionals?: readonly string[];
  /** Help of fields whose name does not say enough. */
  descriptions?: Readonly<Record<string, string>>;
  /** Fields that are no options here. */
  without?: readonly string[];
  /** What is sent beyond what was typed. */
  adapt?: (input: Record<string, unknown>, context: CliContext) => Record<string, unknown>;
  print: (output: OutputOf<N>) => string;
  /** Exit code of a call that went well; 0 unless given. */
  exit?: (output: OutputOf<N>) => number;
}

/** A command that is one operation: its options come from the operation's input, `--json` prints its output. */
export function operationCommand<N extends OperationName>(spec: OperationCommand<N>): Command {
  const positionals = spec.positionals ?? [];
  const names = positionals.map((positional) => positional.replace(/[?…]+$/, ''));
  const options = operationOptions(spec.operation, spec.descriptions ?? {}, [
    ...names,
    ...(spec.without ?? []),
  ]);
  return {
    words: spec.words,
    summary: spec.summary,
    positionals,
    options: [...options, jsonOption],
    run: async (context, typed) => runOperation(spec, context, withFieldNames(typed, names)),
  };
}

/** Positionals carry field names, options kebab-case ones; the schema walk expects the latter. */
const withFieldNames = (typed: CommandInput, names: readonly string[]): CommandInput => ({
  ...typed,
  ...Object.fromEntries(names.map((name) => [name.replaceAll('_', '-'), typed[name]])),
});

export async function runOperation<N extends OperationName>(
  spec: Pick<OperationCommand<N>, 'operation' | 'adapt' | 'print' | 'exit'>,
  context: CliContext,
  typed: CommandInput,
): Promise<number> {
  const json = typed['json'] === true;
  const input = operationInput(spec.operation, typed);
  if (!input.ok) {
    context.err(`dev-crew: ${input.error}`);
    return exitCode.usage;
  }
  const opened = await openSession(context, spec.operation);
  if (!opened.ok) return printError(context, opened.error, json);
  try {
    const adapted = spec.adapt?.(input.value, context) ?? input.value;
    // The engine parses it; a field of the wrong kind comes back as a usage error.
    const result = await opened.value.call(spec.operation, adapted as InputOf<N>);
    if (!result.ok) return printError(context, result.error, json);
    context.out(json ? JSON.stringify(result.value) : spec.print(result.value));
    return spec.exit?.(result.value) ?? exitCode.ok;
  } finally {
    await opened.value.close();
  }
}
