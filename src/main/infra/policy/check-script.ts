import { parse, type Command, type CommandNode, type ParsedScript, type Redirection } from 'unbash';
import { embeddedSources, findCommands, readShellCall, shells } from './embedded.ts';
import { baseName, isUnknown, plain, refuse, type Field } from './fields.ts';
import { checkGit, readGitCall } from './rule-git.ts';
import { checkFindDelete, checkRm } from './rule-rm.ts';
import { collectNames, createScope, knownWord, visit, type Scope } from './scope.ts';
import { printed, resolveWords } from './words.ts';
import { unwrap } from './wrappers.ts';

/** Scripts in scripts in scripts: nobody needs more. */
const maxDepth = 8;

/** Where a command stands. */
interface Place {
  scope: Scope;
  depth: number;
  /** What feeds its input, when that is a pipe. */
  pipedFrom?: CommandNode | undefined;
  redirects: readonly Redirection[];
}

/** Checks a shell source; throws a `Refusal` with the reason. `args` are its `$1` and on. */
export function checkSource(source: string, outer?: Scope, depth = 0, args: readonly Field[] = []): void {
  if (depth > maxDepth) refuse('it nests scripts too deeply to be checked');
  const script = parse(source);
  const scope = createScope(outer);
  scope.arguments.push(args.map(({ text }) => knownWord(text)));
  collectNames(script, scope);
  checkParsed(script, scope, depth);
}

function checkParsed(script: ParsedScript, scope: Scope, depth: number): void {
  const pipedFrom = new Map<CommandNode, CommandNode>();
  visit(script, (node) => {
    if (node.type === 'Script') {
      const error = node.errors?.[0];
      if (error) refuse(`it is not valid shell: ${error.message}`);
    } else if (node.type === 'Pipeline') {
      node.commands.forEach((command, at) => {
        const left = node.commands[at - 1];
        if (left) pipedFrom.set(command, left);
      });
    } else if (node.type === 'ArithmeticCommand') {
      checkDashReading(node.body, scope, depth);
    } else if (node.type === 'Command') {
      checkCommand(node, { scope, depth, pipedFrom: pipedFrom.get(node), redirects: node.redirects });
    }
  });
}

/**
 * `((…))` is arithmetic to bash, but two subshells to dash, which is `sh` on Debian. What looks like a command with
 * options in it is checked as one, and refused where it cannot be read: two parsers may differ on broken text.
 */
function checkDashReading(body: string, scope: Scope, depth: number): void {
  if (/[a-z]{2}\s+-/.test(body)) checkSource(body, scope, depth + 1);
}

function checkCommand(node: Command, place: Place): void {
  if (node.name === undefined) return;
  const args = node.args.map((argument) => (argument.type === 'Word' ? argument : knownWord(argument.text)));
  for (const fields of resolveWords([node.name, ...args], place.scope)) checkFields(fields, place);
}

/** Checks one reading of a command: its name and arguments. */
function checkFields(fields: readonly Field[], place: Place): void {
  const [first, ...args] = fields;
  if (first === undefined) return;
  const name = baseName(first);
  if (name.includes('\0') || first.glob) {
    refuse('the name of a command is not known before it runs; write the command out');
  }
  if (expandAlias(first.text, args, place)) return;
  if (name === 'rm') checkRm(args);
  else if (name === 'git') checkGit(readGitCall(args));
  else if (name.startsWith('git-')) checkGit(readGitCall([plain(name.slice(4)), ...args]));
  else if (shells.test(name)) checkShell(args, place);
  else if (name === '.' || name === 'source') checkSourced(args);
  else if (name === 'find') checkFind(args, place);
  for (const source of embeddedSources(name, args)) checkEmbedded(source, place);
  checkWrapped(name, args, place);
}

/** True when `name` was an alias and what it stands for has been checked. */
function expandAlias(name: string, args: readonly Field[], place: Place): boolean {
  const source = place.scope.aliases.get(name);
  if (source === undefined || place.depth > maxDepth) return false;
  const commands = parse(source).commands;
  const command = commands[0]?.command;
  const scope: Scope = { ...place.scope, aliases: new Map(place.scope.aliases) };
  scope.aliases.delete(name);
  if (commands.length !== 1 || command?.type !== 'Command' || command.name === undefined) {
    checkSource(source, scope, place.depth + 1);
    return true;
  }
  const words = [
    command.name,
    ...command.args.map((word) => (word.type === 'Word' ? word : knownWord(word.text))),
  ];
  for (const fields of resolveWords(words, scope)) checkFields([...fields, ...args], { ...place, scope });
  return true;
}

function checkWrapped(name: string, args: readonly Field[], place: Place): void {
  // `command -v rm` only looks it up.
  if (name === 'command' && /^-[vV]/.test(args[0]?.text ?? '')) return;
  const unwrapped = unwrap(name, args);
  if (unwrapped === null) return;
  const piped = name === 'xargs' ? pipedWords(place) : [];
  for (const candidate of unwrapped.candidates) {
    const first = candidate[0];
    if (first === undefined || (!unwrapped.sure && (isUnknown(first) || first.glob))) continue;
    if (first.text.includes('{}')) refuse('the name of a command is not known before it runs');
    checkFields([...candidate, ...piped], place);
  }
}

/** What `xargs` gets from an `echo` in front of it. */
function pipedWords({ pipedFrom, scope }: Place): Field[] {
  const output = pipedFrom === undefined ? null : outputOf(pipedFrom, scope);
  return output === null ? [] : output.split(/\s+/).filter(Boolean).map(plain);
}

function outputOf(node: CommandNode, scope: Scope): string | null {
  if (node.type !== 'Command' || node.name === undefined || node.redirects.length > 0) return null;
  const words = [node.name, ...node.args.filter((argument) => argument.type === 'Word')];
  const outputs = resolveWords(words, scope).map(printed);
  return outputs.every((output) => output !== null) ? outputs.join('\n') : null;
}

function checkEmbedded(source: Field, { scope, depth }: Place, args: readonly Field[] = []): void {
  if (source.text.includes('\0') || source.splits) {
    refuse('it runs a script whose text is not known before it runs; write the script out in single quotes');
  }
  checkSource(source.text, scope, depth + 1, args);
}

function checkSourced([file]: readonly Field[]): void {
  if (file?.text === '\0' || /^\/dev\/(?:stdin|fd\/)/.test(file?.text ?? '')) {
    refuse('it runs a script that does not stand in a file');
  }
}

function checkShell(args: readonly Field[], place: Place): void {
  const call = readShellCall(args);
  if (call.script) return checkEmbedded(call.script, place, call.args);
  if (call.file && call.file.text !== '/dev/stdin') return checkSourced([call.file]);
  if (call.informs) return;
  let fed = false;
  for (const redirect of place.redirects) {
    if (redirect.type === 'HereDoc') checkEmbedded(plain(redirect.body.text), place);
    else if (redirect.type === 'HereString' && redirect.target) {
      for (const fields of resolveWords([redirect.target], place.scope)) {
        for (const field of fields) checkEmbedded(field, place);
      }
    } else if (redirect.type === 'Redirect' && redirect.operator === '<' && redirect.target) {
      checkSourced(resolveWords([redirect.target], place.scope)[0] ?? []);
    } else continue;
    fed = true;
  }
  const piped = place.pipedFrom && outputOf(place.pipedFrom, place.scope);
  if (typeof piped === 'string') checkEmbedded(plain(piped), place);
  else if (!fed) refuse('it feeds a shell a script that cannot be seen; put it in a file, or use sh -c');
}

function checkFind(args: readonly Field[], place: Place): void {
  checkFindDelete(args);
  for (const command of findCommands(args)) {
    if (command[0]?.text.includes('{}')) refuse('it runs whatever "find" finds; name the command');
    checkFields(command, place);
  }
}
