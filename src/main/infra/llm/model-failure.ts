import type { ModelError } from '../../domain/model-messages.ts';

/** Carries a ModelError through code that can only throw. Never leaves this folder. */
export class ModelFailure extends Error {
  readonly modelError: ModelError;

  constructor(modelError: ModelError, cause?: unknown) {
    super(modelError.message, cause === undefined ? undefined : { cause });
    this.name = 'ModelFailure';
    this.modelError = modelError;
  }
}

/** The connection broke in the middle of an answer: as long as nothing of it was delivered, a matter of the network. */
export class BrokenStream extends ModelFailure {}

/** The ModelFailure in a chain of causes (the AI SDK wraps what its providers throw), or null. */
export function modelFailureIn(error: unknown): ModelFailure | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof ModelFailure) return at;
  }
  return null;
}

/** The ModelError in a chain of causes, or null. */
export const failureIn = (error: unknown): ModelError | null => modelFailureIn(error)?.modelError ?? null;

/** One line of foreign text, short enough for a message. */
export function oneLine(text: string, maxLength = 300): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}
