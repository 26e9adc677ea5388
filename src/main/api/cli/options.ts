import { parseArgs } from 'node:util';
import { z } from 'zod';
import { operations, type Operation, type OperationName } from '../../../shared/operations.ts';
import type { Command, CommandInput, CommandOption, Parsed } from './context.ts';

const kebab = (field: string): string => field.replaceAll('_', '-');

export const helpOption: CommandOption = {
  name: 'help',
  kind: 'flag',
  value: '',
  description: 'Show this help',
};
export const jsonOption: CommandOption = {
  name: 'json',
  kind: 'flag',
  value: '',
  description: 'Print JSON, as the HTTP API has it',
};

const propertySchema = z.looseObject({
  /** Several for a boolean that may come as text. */
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Of a field that may be null: that, and what it is otherwise. */
  anyOf: z.array(z.looseObject({ type: z.string().optional() })).optional(),
});

/** Typed for a limit that there is not to be. */
const noneWord = 'none';

type Field = Pick<z.infer<typeof propertySchema>, 'type' | 'enum' | 'default'> & { isNullable: boolean };

function fieldOf({ anyOf, ...property }: z.infer<typeof propertySchema>): Field {
  const isNullable = anyOf?.some(({ type }) => type === 'null') ?? false;
  if (!isNullable) return { ...property, isNullable };
  return { ...property, type: anyOf?.find(({ type }) => type !== 'null')?.type, isNullable };
}

/** The fields of an operation's input as JSON Schema has them; what the options and their help are made from. */
function fieldsOf(name: OperationName): Record<string, Field> {
  const schema = z.toJSONSchema((operations[name] as Operation).input, {
    io: 'input',
    unrepresentable: 'any',
  });
  const properties = z.record(z.string(), propertySchema).parse(schema.properties ?? {});
  return Object.fromEntries(
    Object.entries(properties).map(([field, property]) => [field, fieldOf(property)]),
  );
}

/** An option for each field of the operation that is not given another way. */
export function operationOptions(
  name: OperationName,
  descriptions: Readonly<Record<string, string>>,
  without: readonly string[],
): CommandOption[] {
  return Object.entries(fieldsOf(name))
    .filter(([field]) => !without.includes(field))
    .map(([field, { type, enum: values, default: preset, isNullable }]) => {
      const isFlag = values === undefined && type !== 'string' && type !== 'integer' && type !== 'number';
      const shown = preset === undefined || preset === '' || isFlag ? '' : ` (default: ${preset})`;
      return {
        name: kebab(field),
        kind: isFlag ? 'flag' : 'text',
        value: `${valueHint(field, values, type === 'integer' || type === 'number')}${isNullable ? `|${noneWord}` : ''}`,
        description: `${descriptions[field] ?? field.replaceAll('_', ' ')}${shown}`,
      };
    });
}

/** A choice is spelled out unless it is a long one. */
function valueHint(field: string, values: readonly string[] | undefined, isNumber: boolean): string {
  if (values === undefined) return isNumber ? 'n' : 'text';
  return values.length <= 4 ? values.join('|') : kebab(field);
}

/** The input of the operation out of what was typed: numbers become numbers, the rest is for the schema to judge. */
export function operationInput(name: OperationName, input: CommandInput): Parsed<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [field, { type, isNullable }] of Object.entries(fieldsOf(name))) {
    const value = input[kebab(field)];
    if (value === undefined) continue;
    if (isNullable && value === noneWord) result[field] = null;
    else if (type === 'integer' || type === 'number') {
      if (typeof value !== 'string' || !/^[+-]?\d+(\.\d+)?$/.test(value.trim()))
        return { ok: false, error: `--${kebab(field)} takes a number${isNullable ? ` or ${noneWord}` : ''}` };
      result[field] = Number(value);
    } else result[field] = value;
  }
  return { ok: true, value: result };
}

/** What was typed after the command's words, by option name and positional name; unknown options are mistakes. */
export function parseCommand(command: Command, args: readonly string[]): Parsed<CommandInput> {
  const options = Object.fromEntries(
    [...command.options, helpOption].map(({ name, kind }) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: kind === 'list' },
    ]),
  );
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    return {
      ok: false,
      error: error instanceof Error ? error.message.replace(/\. To specify.*$/s, '') : String(error),
    };
  }
  const input: CommandInput = { ...parsed.values } as CommandInput;
  if (input['help'] === true) return { ok: true, value: input };
  return placePositionals(command, parsed.positionals, input);
}

function placePositionals(
  command: Command,
  given: readonly string[],
  input: CommandInput,
): Parsed<CommandInput> {
  const rest = [...given];
  for (const positional of command.positionals) {
    const name = positional.replace(/[?…]+$/, '');
    const value = positional.includes('…') ? rest.splice(0).join(' ') : rest.shift();
    if (value !== undefined && value !== '') input[name] = value;
    else if (!positional.includes('?')) return { ok: false, error: `<${name}> is missing` };
  }
  return rest.length > 0
    ? { ok: false, error: `Unexpected argument ${JSON.stringify(rest[0])}` }
    : { ok: true, value: input };
}
