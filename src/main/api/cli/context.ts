import type { Result } from '../../../shared/errors.ts';
import type { Compose, CreateLog } from '../app.ts';
import type { ReadLine } from './terminal.ts';

/** Everything the command line has of the world; the entry passes the real one in. */
export interface CliContext {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  version: string;
  /** Folder of the built pages, null when they are not built. */
  webRoot: string | null;
  compose: Compose;
  createLog: CreateLog;
  /** One line (or several) to stdout, a newline is added. */
  out: (text: string) => void;
  /** The same to stderr. */
  err: (text: string) => void;
  readLine: ReadLine;
  /** Opens an address in the user's browser; false when it certainly did not. */
  openBrowser: (url: string) => Promise<boolean>;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
}

/** Exit codes of design.md §6. */
export const exitCode = { ok: 0, failed: 1, usage: 2 } as const;

/** Values of a command's options and positionals, by field name. */
export type CommandInput = Record<string, string | boolean | string[] | undefined>;

export interface CommandOption {
  /** Long name, without the dashes. */
  name: string;
  kind: 'text' | 'flag' | 'list';
  /** Stands for the value in the help. */
  value: string;
  description: string;
}

export interface Command {
  /** `['jobs', 'create']`. */
  words: readonly string[];
  summary: string;
  /** Names of positionals; `?` after optional ones, `…` after one that takes the rest. */
  positionals: readonly string[];
  options: readonly CommandOption[];
  /** Resolves to the exit code. Expected failures are printed here, not thrown. */
  run: (context: CliContext, input: CommandInput) => Promise<number>;
}

/** A mistake in how the command was typed. */
export type Parsed<T> = Result<T, string>;
