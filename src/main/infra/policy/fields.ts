/**
 * Stands in a field's text for a part that is known only when the command runs. No real text has it: a command line
 * cannot hold a NUL.
 */
export const unknown = '\0';

/** One argument as a command would receive it, as far as that can be told beforehand. */
export interface Field {
  text: string;
  /** It may turn into several arguments, or none: an unknown expansion without quotes, or `"$@"`. */
  splits: boolean;
  /** Has an unquoted pattern that may match file names. */
  glob: boolean;
}

export const plain = (text: string): Field => ({ text, splits: false, glob: false });

export const isUnknown = (field: Field): boolean => field.text.includes(unknown);

/** Could become an option (or several): begins with something unknown and unquoted. */
export const mayBeOptions = (field: Field): boolean => field.splits && field.text.startsWith(unknown);

/** Last part of a path. Unknown when that part is. */
export const baseName = (field: Field): string => field.text.slice(field.text.lastIndexOf('/') + 1);

/** Thrown where a line is refused; caught once, at the top. */
export class Refusal extends Error {}

export function refuse(reason: string): never {
  throw new Refusal(reason);
}
