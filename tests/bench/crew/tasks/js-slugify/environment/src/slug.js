/** A text as part of an address. */
export function slugify(_text) {
  throw new Error('not written yet');
}
