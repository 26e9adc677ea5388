/** The results of the texts seen last: events and logs say the same things again and again. */
export interface RecentResults {
  get(text: string): string | undefined;
  /** Ignores texts longer than `maxLength`. */
  set(text: string, result: string): void;
  clear(): void;
}

export function createRecentResults(maxLength: number, maxTexts: number): RecentResults {
  // Two generations instead of an exact order: a hit in the young one costs a look-up and nothing else.
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  const set = (text: string, result: string): void => {
    if (text.length > maxLength) return;
    if (young.size >= maxTexts / 2) {
      old = young;
      young = new Map();
    }
    young.set(text, result);
  };
  return {
    get(text) {
      if (text.length > maxLength) return undefined;
      const known = young.get(text);
      if (known !== undefined) return known;
      const older = old.get(text);
      if (older !== undefined) set(text, older);
      return older;
    },
    set,
    clear() {
      young.clear();
      old.clear();
    },
  };
}
