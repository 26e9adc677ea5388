import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../../shared/errors.ts';
import type { VaultFailure } from '../../app/ports/secrets.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Clock, Ids } from '../../app/ports/system.ts';
import type { Keychain, KeychainAnswer } from './keychain.ts';
import { keyLength } from './seal.ts';
import { keychainFailure } from './vault-texts.ts';

export interface VaultKey {
  id: string;
  bytes: Uint8Array;
}
/** `lost`: the keychain is open and has no key of the id that the database was sealed with. */
export type KeyResult = Result<VaultKey | null, VaultFailure>;

export interface KeyDeps {
  store: Store;
  keychain: Keychain;
  clock: Clock;
  ids: Ids;
  /** How long a caller waits, in ms; the keychain may take longer, and is not asked twice meanwhile. */
  patienceMs: number;
}

/** How long word of no key stands before the keychain is asked again unbidden, so that pages do not prompt in a row. */
const answerStandsMs = 10_000;
const valueName = 'secrets_key';
const entryOf = (id: string): string => `key-${id}`;

/**
 * The one key of a database, kept in the keychain under an id that the database names. Of two processes that make one
 * at once, the first to write its id wins and the other takes that; no entry of the keychain is ever overwritten.
 */
export function createVaultKey(deps: KeyDeps): {
  /** Null: there is none yet. */
  find(): Promise<KeyResult>;
  /** Makes one where there is none, or where it is lost. Asks the keychain even right after a failure. */
  findOrMake(): Promise<Result<VaultKey, VaultFailure>>;
} {
  let known: VaultKey | null = null;
  let last: { atMs: number; id: string | null; answer: KeyResult } | null = null;
  let asking: Promise<KeyResult> | null = null;

  const ask = (make: boolean): Promise<KeyResult> => {
    const id = namedKey(deps.store);
    if (known !== null && known.id === id) return Promise.resolve(ok(known));
    asking ??= (make ? findOrMakeKey(deps) : findKey(deps)).then((result) => {
      asking = null;
      known = result.ok ? result.value : null;
      last = known === null ? { atMs: deps.clock.now(), id, answer: result } : null;
      return result;
    });
    return patiently(deps, asking);
  };
  const find = (): Promise<KeyResult> => {
    const now = deps.clock.now();
    // Another process may have made a key since.
    if (last?.id === namedKey(deps.store) && now - last.atMs < answerStandsMs && asking === null)
      return Promise.resolve(last.answer);
    return ask(false);
  };
  return {
    find,
    findOrMake: async () => {
      // A look that is under way makes no key, so it is waited for.
      if (asking !== null) await patiently(deps, asking);
      const result = await ask(true);
      if (!result.ok) return result;
      return result.value === null ? err(keychainFailure('slow', '')) : ok(result.value);
    },
  };
}

async function patiently({ clock, patienceMs }: KeyDeps, asking: Promise<KeyResult>): Promise<KeyResult> {
  const done = new AbortController();
  const impatient = clock
    .sleep(patienceMs, done.signal)
    .then((): KeyResult => err(keychainFailure('slow', '')))
    .catch(() => asking);
  try {
    return await Promise.race([asking, impatient]);
  } finally {
    done.abort();
  }
}

/** Id of the key that this database is sealed with. */
function namedKey({ tables }: Store): string | null {
  const id = tables.values.get(valueName);
  return typeof id === 'string' ? id : null;
}

async function findKey(deps: KeyDeps): Promise<KeyResult> {
  const id = namedKey(deps.store);
  if (id === null) {
    const usable = await probe(deps);
    return usable.ok ? ok(null) : usable;
  }
  const answer = await deps.keychain({ act: 'get', account: entryOf(id) });
  if (answer.kind !== 'value') return err(failureOf(answer));
  const bytes = answer.value === null ? null : Buffer.from(answer.value, 'base64');
  if (bytes?.length === keyLength) return ok({ id, bytes });
  // A locked keyring of Linux answers as an empty one: only writing tells them apart.
  const usable = await probe(deps);
  if (!usable.ok) return usable;
  return err({
    state: 'lost',
    message: 'The keychain was reset: the key of the stored sign-ins is gone. Sign in again.',
  });
}

async function probe({ keychain }: KeyDeps): Promise<Result<null, VaultFailure>> {
  const written = await keychain({ act: 'set', account: 'probe', secret: 'probe' });
  if (written.kind !== 'value') return err(failureOf(written));
  await keychain({ act: 'remove', account: 'probe' });
  return ok(null);
}

async function findOrMakeKey(deps: KeyDeps): Promise<KeyResult> {
  const lost = namedKey(deps.store);
  if (lost !== null) {
    const found = await findKey(deps);
    if (found.ok || found.error.state !== 'lost') return found;
  }
  const key = { id: deps.ids.uuid(), bytes: randomBytes(keyLength) };
  const secret = Buffer.from(key.bytes).toString('base64');
  const written = await deps.keychain({ act: 'set', account: entryOf(key.id), secret });
  if (written.kind !== 'value') return err(failureOf(written));
  // A keychain that says yes and keeps nothing would lose every sign-in at the next start.
  const read = await deps.keychain({ act: 'get', account: entryOf(key.id) });
  if (read.kind !== 'value') return err(failureOf(read));
  if (read.value !== secret) return err(keychainFailure('failed', 'it did not keep what was stored'));
  const won = deps.store.transaction(({ values }) => {
    if (namedKey(deps.store) !== lost) return false;
    values.set(valueName, key.id);
    return true;
  });
  if (won) return ok(key);
  await deps.keychain({ act: 'remove', account: entryOf(key.id) });
  return findKey(deps);
}

const failureOf = (answer: Exclude<KeychainAnswer, { kind: 'value' }>): VaultFailure =>
  keychainFailure(answer.kind, answer.kind === 'slow' ? '' : answer.detail);
