import type { AppError, ErrorCode } from '../../../shared/errors.ts';
import { GitFailure, type GitOutcome } from './git.ts';

/** An expected failure on its way up through helpers; `asResult` turns it into data at the port. */
export class WorkspaceError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'WorkspaceError';
    this.code = code;
  }
  toAppError(): AppError {
    return { code: this.code, message: this.message };
  }
}

/** A disk is full; which one is found out where the paths are known. */
class OutOfSpace extends WorkspaceError {
  constructor() {
    super('unavailable', 'The disk is full. Free some space and try again.');
  }
}

export const invalidInput = (message: string): WorkspaceError => new WorkspaceError('invalid_input', message);
export const unavailable = (message: string): WorkspaceError => new WorkspaceError('unavailable', message);

/** A name for a message: in quotes, on one line, not too long. */
export function shown(name: string): string {
  const escaped = JSON.stringify(name).slice(1, -1);
  return `"${escaped.length > 300 ? `${escaped.slice(0, 300)}…` : escaped}"`;
}

export const gitMissing = (): WorkspaceError =>
  unavailable(
    'git is not installed or not on the PATH. Install it (Debian: `apt-get install git`) and try again.',
  );

const noSpace = /No space left on device|Disk quota exceeded/i;

/** What every git call can run into, whatever it was asked to do; null for anything else. */
export function commonFailure(outcome: GitOutcome): WorkspaceError | null {
  if (outcome.missing) return gitMissing();
  return noSpace.test(outcome.stderr) ? new OutOfSpace() : null;
}

export function isOutOfSpace(error: unknown): boolean {
  if (error instanceof GitFailure) return noSpace.test(error.outcome.stderr);
  if (error instanceof OutOfSpace) return true;
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** What went wrong, if it is something a person can do something about; null for a defect. */
export function expectedFailure(error: unknown): WorkspaceError | null {
  if (error instanceof WorkspaceError) return error;
  if (isOutOfSpace(error)) return new OutOfSpace();
  if (error instanceof GitFailure) return commonFailure(error.outcome) ?? unavailable(`${error.message}.`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const path = error instanceof Error && 'path' in error ? ` (${shown(String(error.path))})` : '';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return unavailable(
      `The data folder cannot be written to${path}. Check its permissions and retry the job.`,
    );
  }
  return null;
}

interface RemoteRule {
  pattern: RegExp;
  code: ErrorCode;
  message: (url: string) => string;
}

const remoteRules: readonly RemoteRule[] = [
  {
    pattern: /dubious ownership/i,
    code: 'invalid_input',
    message: (url) => `${url} belongs to another user. If you trust it, add it to git's safe.directory.`,
  },
  {
    pattern: /Host key verification failed/i,
    code: 'unavailable',
    message: (url) =>
      `The ssh host key of ${url} is not known. Connect to it once with ssh in a terminal, then retry.`,
  },
  {
    pattern:
      /could not read (?:Username|Password)|terminal prompts disabled|Authentication failed|Permission denied \(|HTTP 40[13]|error: 40[13]/i,
    code: 'unavailable',
    message: (url) =>
      `git could not sign in to ${url}, or the repository does not exist. Check that \`git ls-remote\` works for it in a terminal (for GitHub: \`gh auth setup-git\`).`,
  },
  {
    pattern: /not found|does not appear to be a git repository|does not exist|error: 404/i,
    code: 'invalid_input',
    message: (url) => `There is no git repository at ${url}. Check the address.`,
  },
  {
    pattern: /transport '.*' not allowed/i,
    code: 'invalid_input',
    message: (url) => `git refuses the protocol of ${url}. Use https, ssh or file.`,
  },
];

/** Why a remote repository could not be read, from git's own words (LC_ALL=C). */
export function remoteFailure(url: string, outcome: GitOutcome): WorkspaceError {
  const common = commonFailure(outcome);
  if (common) return common;
  const name = shown(url);
  if (outcome.timedOut) return unavailable(`${name} did not answer in time. Check the network and retry.`);
  const rule = remoteRules.find((candidate) => candidate.pattern.test(outcome.stderr));
  if (rule) return new WorkspaceError(rule.code, rule.message(name));
  const lines = outcome.stderr.split('\n').filter((line) => line.trim() !== '');
  const told = lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? 'no reason given';
  return unavailable(`${name} cannot be reached: ${told.slice(0, 300)}. Check the network and retry.`);
}
