/** How one list of lines becomes another. */
export function diffLines(_before, _after) {
  return [];
}
