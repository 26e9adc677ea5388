import type { SecretsTable } from '../../app/ports/account-store.ts';
import type { Connection } from './connection.ts';

export function createSecretsTable(db: Connection): SecretsTable {
  const get = db.query<[string], { keyId: string; sealed: Uint8Array }>(
    'SELECT key_id AS keyId, sealed FROM secrets WHERE name = ?',
  );
  const set = db.command<[string, string, Uint8Array, number]>(
    `INSERT INTO secrets (name, key_id, sealed, at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, at_ms = excluded.at_ms`,
  );
  const remove = db.command<[string]>('DELETE FROM secrets WHERE name = ?');
  return {
    get: (name) => get.get(name) ?? null,
    set: (name, { keyId, sealed }, atMs) => void set.run(name, keyId, sealed, atMs),
    remove: (name) => void remove.run(name),
  };
}
