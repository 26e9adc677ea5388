import type { Store } from './ports/store.ts';

/** Names this data folder to others, such as the Docker engine; made once, a UUID. */
export function installationId(store: Store, fresh: string): string {
  return store.transaction((tables) => {
    const known = tables.values.get('installation');
    if (typeof known === 'string') return known;
    tables.values.set('installation', fresh);
    return fresh;
  });
}
