import { useEffect, useEffectEvent } from 'react';

/** Keys by name, as in `n`, `g j` or `?`; letters are meant by where they type a Latin letter or sit on the keyboard. */
export type KeyMap = Readonly<Record<string, () => void>>;

const sequenceMs = 1_200;

/** A Korean layout types ㅜ where `n` is: the physical key says what was meant. */
export function nameOfKey(event: Pick<KeyboardEvent, 'key' | 'code'>): string {
  if (/^[\u0020-\u007e]$/.test(event.key)) return event.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  return letter ? letter.toLowerCase() : event.key;
}

/** Whether a key typed there belongs to the field and not to the page. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio],[type=checkbox]), textarea, select'));

/**
 * Matches single keys and sequences of two (`g j`). Returns what to run, and keeps the first key of a sequence. `atMs` is
 * when the key was pressed: a busy page is told of it later.
 */
export function createKeyMatcher(): (name: string, atMs: number, map: KeyMap) => (() => void) | null {
  let first: { name: string; atMs: number } | null = null;
  return (name, atMs, map) => {
    const sequence = first && atMs - first.atMs < sequenceMs ? `${first.name} ${name}` : null;
    first = { name, atMs };
    const found = (sequence !== null && map[sequence]) || map[name];
    if (found) first = null;
    return found || null;
  };
}

/** Shortcuts of a page while it is shown; never while a dialog is open or something is typed. */
export function useShortcuts(map: KeyMap): void {
  const mapNow = useEffectEvent(() => map);
  useEffect(() => {
    const match = createKeyMatcher();
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      const run = match(nameOfKey(event), event.timeStamp, mapNow());
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
