import {
  parse,
  type CommandExpansionPart,
  type DoubleQuotedChild,
  type ParameterExpansionPart,
  type Word,
  type WordPart,
} from 'unbash';
import { expandBraces } from './braces.ts';
import { plain, refuse, unknown, type Field } from './fields.ts';
import type { Scope, Value } from './scope.ts';

/** More readings of one command than this are not followed. */
const maxReadings = 256;
const maxDepth = 20;

/** A piece of a word: text as it stands, text that is split at blanks, or whole fields (`"$@"`). */
type Chunk =
  | { kind: 'text'; text: string; glob?: boolean }
  | { kind: 'split'; text: string }
  | { kind: 'unknown' }
  | { kind: 'fields'; fields: Field[] };

/** Resolves words under a scope; `depth` ends what refers to itself. */
interface Context {
  scope: Scope;
  depth: number;
}

/** Every list of arguments that these words may become. Refuses a command with too many of them. */
export function resolveWords(words: readonly Word[], scope: Scope): Field[][] {
  return combine(words.map((word) => resolveWord(word, { scope, depth: 0 }))).map((fields) => fields.flat());
}

function resolveWord(word: Word, context: Context): Field[][] {
  if (context.depth > maxDepth) return [[{ text: unknown, splits: true, glob: false }]];
  const parts = word.parts;
  if (parts === undefined) return [[plain(word.value)]];
  if (parts.some(({ type }) => type === 'BraceExpansion')) return resolveBraces(parts, context);
  const chunks = parts.map((part) => resolvePart(part, false, context));
  return combine(chunks).map((reading) => toFields(reading.flat()));
}

/** A word with braces stands for several words. */
function resolveBraces(parts: readonly WordPart[], context: Context): Field[][] {
  const words = expandBraces(parts).map((source) => {
    const command = parse(`: ${source}`).commands[0]?.command;
    const word = command?.type === 'Command' ? command.args[0] : undefined;
    return word?.type === 'Word' ? resolveWord(word, { ...context, depth: context.depth + 1 }) : [];
  });
  return combine(words).map((fields) => fields.flat());
}

/** Every choice of one out of each list. */
function combine<T>(lists: readonly T[][]): T[][] {
  let readings: T[][] = [[]];
  for (const list of lists) {
    if (readings.length * list.length > maxReadings) {
      refuse('it has too many possible readings to be checked; write the commands out');
    }
    readings = readings.flatMap((reading) => list.map((choice) => [...reading, choice]));
  }
  return readings;
}

function toFields(chunks: readonly Chunk[]): Field[] {
  const fields: Field[] = [];
  let current: Field | null = null;
  const append = (text: string): Field => {
    current ??= plain('');
    current.text += text;
    return current;
  };
  const end = (): void => {
    if (current) fields.push(current);
    current = null;
  };
  for (const chunk of chunks) {
    if (chunk.kind === 'text') append(chunk.text).glob ||= chunk.glob === true;
    else if (chunk.kind === 'unknown') append(unknown).splits = true;
    else if (chunk.kind === 'split') {
      const pieces = chunk.text.split(/[ \t\n]+/);
      pieces.forEach((piece, index) => {
        if (index > 0) end();
        if (piece !== '') append(piece);
      });
    } else {
      chunk.fields.forEach((field, index) => {
        if (index > 0) end();
        const target = append(field.text);
        target.splits ||= field.splits;
        target.glob ||= field.glob;
      });
    }
  }
  end();
  return fields;
}

const text = (value: string, glob = false): Chunk[][] => [[{ kind: 'text', text: value, glob }]];
const unknownChunk = (quoted: boolean): Chunk[] => [
  quoted ? { kind: 'text', text: unknown } : { kind: 'unknown' },
];

/** The readings of one part. */
function resolvePart(part: WordPart | DoubleQuotedChild, quoted: boolean, context: Context): Chunk[][] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return text(part.value);
    case 'DoubleQuoted':
    case 'LocaleString': {
      const readings = combine(part.parts.map((child) => resolvePart(child, true, context)));
      // Empty quotes are an argument too, but `"$@"` of nothing is none.
      const empty: Chunk[] = part.parts.some(isAllArguments) ? [] : [{ kind: 'text', text: '' }];
      return readings.map((reading) => [...empty, ...reading.flat()]);
    }
    case 'SimpleExpansion':
      return resolveParameter(part.text.slice(1), quoted, context);
    case 'ParameterExpansion':
      return resolveExpansion(part, quoted, context);
    case 'CommandExpansion': {
      const output = staticOutput(part, context);
      return output === null ? [unknownChunk(quoted)] : output.map((value) => [expanded(value, quoted)]);
    }
    case 'ArithmeticExpansion':
      return text('0');
    case 'ProcessSubstitution':
      return text(unknown);
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return text(part.text, true);
  }
}

const isAllArguments = (part: DoubleQuotedChild): boolean =>
  (part.type === 'SimpleExpansion' && part.text === '$@') ||
  (part.type === 'ParameterExpansion' && part.parameter === '@');

const expanded = (value: string, quoted: boolean): Chunk =>
  quoted ? { kind: 'text', text: value } : { kind: 'split', text: value };

/** `$?` and the like: a number or flags of the shell, no command and no option. */
const harmless = /^[?$#!-]$/;

function resolveParameter(name: string, quoted: boolean, context: Context): Chunk[][] {
  if (harmless.test(name)) return text('0');
  if (/^(?:[@*]|\d+)$/.test(name)) return resolveArgument(name, quoted, context);
  const values = context.scope.variables.get(name);
  if (values === undefined) return [unknownChunk(quoted)];
  return values.flatMap((value) => resolveValue(value, quoted, context));
}

function resolveValue(value: Value, quoted: boolean, { scope, depth }: Context): Chunk[][] {
  if (value.kind === 'opaque' || depth > maxDepth) return [unknownChunk(quoted)];
  if (value.kind === 'text') return [[expanded(value.text, quoted)]];
  // An assignment is not split; its fields are one text.
  return resolveWord(value.word, { scope, depth: depth + 1 }).map((fields) => {
    if (fields.some((field) => field.splits)) return unknownChunk(quoted);
    return [expanded(fields.map((field) => field.text).join(' '), quoted)];
  });
}

/** `$1`, `$@`, `$*`: of every argument list there is; empty where there is none. */
function resolveArgument(name: string, quoted: boolean, { scope, depth }: Context): Chunk[][] {
  if (scope.opaqueArguments || name === '0' || depth > maxDepth) return [[{ kind: 'unknown' }]];
  const lists = scope.arguments.flatMap((words) =>
    combine(words.map((word) => resolveWord(word, { scope, depth: depth + 1 }))).map((fields) =>
      fields.flat(),
    ),
  );
  return [[], ...lists].map((fields): Chunk[] => {
    if (name !== '@' && name !== '*') {
      const field = fields[Number(name) - 1];
      if (field === undefined) return quoted ? [{ kind: 'text', text: '' }] : [];
      return field.splits ? [{ kind: 'unknown' }] : [expanded(field.text, quoted)];
    }
    return [{ kind: 'fields', fields: fields.map((field) => ({ ...field })) }];
  });
}

function resolveExpansion(part: ParameterExpansionPart, quoted: boolean, context: Context): Chunk[][] {
  const { parameter, operation } = part;
  if (part.prefix === '#') return text('0');
  if (part.prefix === '!' || part.index !== undefined) return [[{ kind: 'unknown' }]];
  if (operation === undefined) return resolveParameter(parameter, quoted, context);
  if (operation.type !== 'Default') return [unknownChunk(quoted)];
  const operand = resolveValue({ kind: 'word', word: operation.operand }, quoted, context);
  const assigned = context.scope.variables.has(parameter);
  if (operation.operator.endsWith('+')) return [[], ...operand];
  if (operation.operator.endsWith('?')) return resolveParameter(parameter, quoted, context);
  // What nobody assigns is taken to be unset: a job cannot set its environment from outside the line.
  return assigned ? [...resolveParameter(parameter, quoted, context), ...operand] : operand;
}

/** What `$(echo …)` or `$(printf …)` of known words prints; null for anything else. */
function staticOutput({ script }: CommandExpansionPart, { scope, depth }: Context): string[] | null {
  const command = script?.commands.length === 1 ? script.commands[0]?.command : undefined;
  if (command?.type !== 'Command' || command.name === undefined || depth > maxDepth) return null;
  const words = [command.name, ...command.args].filter((argument) => argument.type === 'Word');
  const readings = combine(words.map((word) => resolveWord(word, { scope, depth: depth + 1 })));
  const outputs = readings.map((reading) => printed(reading.flat()));
  return outputs.every((output) => output !== null) ? outputs : null;
}

/** The output of an `echo` or `printf` with these arguments; null when it is another command or cannot be told. */
export function printed([name, ...args]: readonly Field[]): string | null {
  if (name === undefined || args.some((field) => field.splits || field.text.includes(unknown))) return null;
  const texts = args.map((field) => field.text);
  if (name.text === 'echo') {
    while (/^-[neE]+$/.test(texts[0] ?? '')) texts.shift();
    const output = texts.join(' ');
    return output.includes('\\') ? null : output;
  }
  if (name.text !== 'printf') return null;
  const [format = '', ...rest] = texts;
  if (/^(?:%s|\\n| )*$/.test(format)) return rest.join(format.replace('%s', '').replaceAll('\\n', '\n'));
  return /[%\\]/.test(format.replace(/\\n$/, '')) ? null : format.replace(/\\n$/, '');
}
