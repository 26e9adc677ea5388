import type { ValuesTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

export function createValuesTable(db: Connection): ValuesTable {
  const one = db.query<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const set = db.command<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.command<[string]>('DELETE FROM settings WHERE key = ?');
  return {
    /** Undefined when there is no such key. */
    get: (key) => {
      const row = one.get(key);
      return row === undefined ? undefined : (JSON.parse(row.value) as unknown);
    },
    set: (key, value) => void set.run(key, JSON.stringify(value)),
    remove: (key) => void remove.run(key),
  };
}
