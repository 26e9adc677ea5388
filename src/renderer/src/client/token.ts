const key = 'dev-crew-token';

/**
 * The token that `dev-crew serve` puts into the fragment of the address it prints. It moves to the tab's own storage
 * and leaves the address at once, so it ends up in no history, bookmark or screenshot.
 */
export function takeToken(location: Location, history: History, storage: Storage): string | null {
  const found = /^#(?:.*&)?token=([^&]+)/.exec(location.hash);
  if (found?.[1]) {
    storage.setItem(key, decodeURIComponent(found[1]));
    history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  }
  return storage.getItem(key);
}

export const keepToken = (storage: Storage, token: string): void => storage.setItem(key, token.trim());
export const hasToken = (storage: Storage): boolean => storage.getItem(key) !== null;
