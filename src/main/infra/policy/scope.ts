import {
  forEachChild,
  type Assignment,
  type Command,
  type ParsedScript,
  type SyntaxNode,
  type Word,
} from 'unbash';

/** What is assigned to a name somewhere in a script; `opaque` when only running it tells. */
export type Value = { kind: 'word'; word: Word } | { kind: 'text'; text: string } | { kind: 'opaque' };

/**
 * The names of a script. Order and branches are ignored: a variable may have any value assigned to it anywhere, which
 * errs towards refusing.
 */
export interface Scope {
  variables: Map<string, Value[]>;
  /** Aliases by name: the source they stand for. */
  aliases: Map<string, string>;
  functions: Set<string>;
  /** Argument lists that `$1`, `$@` may stand for: of the script itself, of calls of its functions, of `set --`. */
  arguments: Word[][];
  /** Set when `shift` or the like moves them. */
  opaqueArguments: boolean;
}

export function createScope(outer?: Scope): Scope {
  return {
    variables: new Map([...(outer?.variables ?? [])].map(([name, values]) => [name, [...values]])),
    aliases: new Map(outer?.aliases),
    functions: new Set(outer?.functions),
    arguments: [],
    opaqueArguments: false,
  };
}

/** Commands that assign to the variables they name. */
const readers = new Set(['read', 'mapfile', 'readarray', 'getopts', 'let', 'wait', 'printf', 'unset']);

/** Enters all that `script` defines, nested scripts included, into `scope`. */
export function collectNames(script: ParsedScript, scope: Scope): void {
  visit(script, (node) => {
    if (node.type === 'Function') scope.functions.add(node.name.value);
  });
  visit(script, (node) => {
    if (node.type === 'Assignment') addAssignment(node, scope);
    else if (node.type === 'For' || node.type === 'Select') addLoop(node.name.value, node.wordlist, scope);
    else if (node.type === 'ParameterExpansion' && node.operation?.type === 'Default') {
      const { operator, operand } = node.operation;
      if (operator.endsWith('=')) add(scope, node.parameter, { kind: 'word', word: operand });
    } else if (node.type === 'Command') addCommand(node, scope);
  });
}

export function visit(node: SyntaxNode, enter: (node: SyntaxNode) => void): void {
  enter(node);
  forEachChild(node, (child) => visit(child, enter));
}

function add(scope: Scope, name: string, value: Value): void {
  const values = scope.variables.get(name);
  if (values) values.push(value);
  else scope.variables.set(name, [value]);
}

function addAssignment({ name, value, append, index }: Assignment, scope: Scope): void {
  const simple = value.type === 'Word' && append !== true && index === undefined;
  add(scope, name, simple ? word(value) : { kind: 'opaque' });
}

const word = (value: Word): Value => ({ kind: 'word', word: value });

function addLoop(name: string, words: readonly Word[] | undefined, scope: Scope): void {
  if (words === undefined) add(scope, name, { kind: 'opaque' });
  else for (const item of words) add(scope, name, word(item));
}

function addCommand(node: Command, scope: Scope): void {
  const name = node.name?.value;
  if (name === undefined) return;
  const words = node.args.filter((argument) => argument.type === 'Word');
  if (name === 'alias') {
    for (const argument of node.args) addAlias(argument, scope);
  } else if (name === 'set') {
    const from = words.findIndex(({ value }) => value === '--' || !/^[-+]/.test(value));
    if (from >= 0) scope.arguments.push(words.slice(words[from]?.value === '--' ? from + 1 : from));
  } else if (name === 'shift') {
    scope.opaqueArguments = true;
  } else if (readers.has(name)) {
    for (const { value } of words) if (/^\w+$/.test(value)) add(scope, value, { kind: 'opaque' });
  } else if (scope.functions.has(name)) {
    scope.arguments.push(words);
  }
}

function addAlias(argument: Assignment | Word, scope: Scope): void {
  // `alias x=…` is an assignment to unbash, a quoted `alias 'x=…'` a word.
  const isWord = argument.type === 'Word';
  const [name, source] = isWord ? splitAt(argument.value) : [argument.name, valueOf(argument)];
  if (source !== undefined) scope.aliases.set(name, source);
}

function splitAt(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const valueOf = ({ value }: Assignment): string | undefined =>
  value.type === 'Word' ? value.value : undefined;

/** A word that is known already. */
export const knownWord = (text: string): Word => ({ type: 'Word', text, value: text, pos: 0, end: 0 });
