import type { ModelError } from '../../domain/model-messages.ts';

/** Carries a ModelError through code that can only throw. Never leaves this folder. */
export class ModelFailure extends Error {
  readonly modelError: ModelError;

  constructor(modelError: ModelError) {
    super(modelError.message);
    this.name = 'ModelFailure';
    this.modelError = modelError;
  }
}

/** The ModelError in a chain of causes (the AI SDK wraps what its providers throw), or null. */
export function failureIn(error: unknown): ModelError | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof ModelFailure) return at.modelError;
  }
  return null;
}

/** One line of foreign text, short enough for a message. */
export function oneLine(text: string, maxLength = 300): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}
