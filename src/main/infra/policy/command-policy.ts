import type { CommandPolicy } from '../../app/ports/sandbox.ts';
import { checkSource } from './check-script.ts';
import { Refusal } from './fields.ts';

/** Longest line that is looked at, in characters. */
const maxLength = 1024 * 1024;

/**
 * Refuses the forbidden commands of compatibility.md (`git reset --hard`, `git clean -fd`, `rm -rf`, a forced push to a
 * protected branch) wherever a command line hides them: it is parsed as shell, words are resolved as far as that goes
 * without running anything, and what wraps, nests or feeds another command is followed. What cannot be resolved where
 * it matters (a command's name, a script's text) is refused too, with a reason that says how to write it.
 *
 * This is the fence that tells a well-meaning model "not like this". It cannot see into a file that is written first
 * and run later, nor into other languages (`python -c`, `node -e`, make): the wall is the sandbox.
 */
export function createCommandPolicy(): CommandPolicy {
  return {
    refuse(commandLine) {
      const reason = reasonAgainst(commandLine);
      return reason === null ? null : `The command was refused: ${reason}`;
    },
  };
}

function reasonAgainst(commandLine: string): string | null {
  if (commandLine.includes('\0')) return 'it has a NUL character in it.';
  if (commandLine.length > maxLength) return 'it is too long; write large files with write_file.';
  try {
    checkSource(commandLine);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return `${error.message.replace(/\.$/, '')}.`;
    throw error;
  }
}
