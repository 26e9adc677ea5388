import { err, ok, type Result } from '../../../shared/errors.ts';
import { isDue, mayRefresh } from '../../domain/token-times.ts';
import { isDead } from '../lease-owner.ts';
import type { AccountKey } from '../ports/account-store.ts';
import type { Grant, OAuthFailure, SignInProvider } from '../ports/oauth.ts';
import type { AccountDeps } from './account-deps.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { signOutForGood } from './sign-out.ts';
import { secretName } from './stored-grant.ts';

/** Longest time of the request, in ms; the lease outlives it, so that no two ever spend the same token. */
const requestLimitMs = 30_000;
const leaseMs = 60_000;
/** After a failure that may pass, the provider is left alone for so long, in ms. */
const failureStandsMs = 15_000;
/** How long a stop waits for a request under way, in ms. */
const graceMs = 5_000;

export interface Refresher {
  /**
   * A grant whose access token is another than `spent`: by one request to the provider, whoever and however many ask,
   * in however many processes. Signs the account out when the provider refuses for good.
   */
  refresh(key: AccountKey, spent: string): Promise<Result<Grant, OAuthFailure>>;
  /** Waits a little for requests under way: an answer that is not stored is a sign-in lost. */
  stop(): Promise<void>;
}

type Outcome = Result<Grant, OAuthFailure>;
const transient = (message: string): Outcome => err({ kind: 'transient', message });
const denied = (message: string): Outcome => err({ kind: 'denied', message });

export function createRefresher(deps: AccountDeps, secrets: AccountSecrets): Refresher {
  const stopping = new AbortController();
  const cutting = new AbortController();
  const running = new Map<string, { spent: string; outcome: Promise<Outcome> }>();
  const failures = new Map<string, { spent: string; untilMs: number; outcome: Outcome }>();
  const context: Context = {
    deps,
    secrets,
    stopping: stopping.signal,
    cutting: cutting.signal,
    unsaved: new Map(),
  };

  const start = (name: string, key: AccountKey, spent: string): Promise<Outcome> => {
    const outcome = runRefresh(context, key, spent).then((result) => {
      running.delete(name);
      const untilMs = deps.clock.now() + failureStandsMs;
      if (result.ok) failures.delete(name);
      else failures.set(name, { spent, untilMs, outcome: result });
      return result;
    });
    running.set(name, { spent, outcome });
    return outcome;
  };
  return {
    refresh: async (key, spent) => {
      const name = secretName(key);
      const current = running.get(name);
      if (current !== undefined) {
        const outcome = await current.outcome;
        // One that replaced another token than ours is of no use to us.
        if (current.spent === spent || (outcome.ok && outcome.value.tokens.accessToken !== spent))
          return outcome;
      }
      const failed = failures.get(name);
      if (failed?.spent === spent && deps.clock.now() < failed.untilMs) return failed.outcome;
      return running.get(name)?.outcome ?? start(name, key, spent);
    },
    stop: async () => {
      stopping.abort();
      const ended = Promise.all([...running.values()].map(({ outcome }) => outcome)).then(() => undefined);
      const done = new AbortController();
      await Promise.race([ended, deps.clock.sleep(graceMs, done.signal).catch(() => undefined)]);
      done.abort();
      cutting.abort();
      await ended;
    },
  };
}

interface Context {
  deps: AccountDeps;
  secrets: AccountSecrets;
  /** Ends waiting. */
  stopping: AbortSignal;
  /** Ends requests. */
  cutting: AbortSignal;
  /** Grants that the disk did not take, by the refresh token that was spent on them. */
  unsaved: Map<string, Grant>;
}

async function runRefresh(context: Context, key: AccountKey, spent: string): Promise<Outcome> {
  const { deps, stopping } = context;
  const { accounts } = deps.store.tables;
  const changes = watchChanges(deps);
  try {
    for (;;) {
      if (stopping.aborted) return transient('Dev Crew is stopping');
      const before = await stored(context, key, spent);
      if (before.settled) return before.outcome;
      const nowMs = deps.clock.now();
      const owner = accounts.refreshLease(key)?.owner ?? null;
      const deadOwner = owner !== null && isDead(owner, deps.facts) ? owner : null;
      const lease = { owner: deps.owner, nowMs, endMs: nowMs + leaseMs, deadOwner };
      if (await deps.store.commit((tables) => tables.accounts.claimRefresh(key, lease))) break;
      const endMs = accounts.refreshLease(key)?.endMs ?? nowMs;
      await changes.next(endMs - nowMs, stopping);
    }
  } finally {
    changes.stop();
  }
  try {
    return await spend(context, key, spent);
  } finally {
    await deps.store.commit((tables) => tables.accounts.releaseRefresh(key, deps.owner));
  }
}

/** Wakes at each commit of another process. */
function watchChanges({ store, clock }: AccountDeps): {
  next(limitMs: number, signal: AbortSignal): Promise<void>;
  stop(): void;
} {
  let changed = Promise.withResolvers<null>();
  const stop = store.onForeignCommit(() => {
    changed.resolve(null);
    changed = Promise.withResolvers();
  });
  return {
    stop,
    next: async (limitMs, signal) => {
      const done = new AbortController();
      const limit = clock.sleep(limitMs, AbortSignal.any([signal, done.signal])).catch(() => null);
      await Promise.race([changed.promise, limit]);
      done.abort();
    },
  };
}

type Stored = { settled: true; outcome: Outcome } | { settled: false; grant: Grant };
const settled = (outcome: Outcome): Stored => ({ settled: true, outcome });

/** What the store has now: settled when nothing is left to refresh, because somebody has, or because nobody can. */
async function stored(context: Context, key: AccountKey, spent: string): Promise<Stored> {
  const { deps, secrets, unsaved } = context;
  const row = deps.store.tables.accounts.get(key);
  if (row === null || row.state === 'signed_out')
    return settled(denied(row?.detail ?? 'The account was removed'));
  const loaded = await secrets.load(key);
  if (!loaded.ok) return settled(transient(loaded.error.message));
  if (loaded.value?.kind !== 'oauth') return settled(denied('The account is signed in another way by now'));
  const { kind: _kind, ...found } = loaded.value;
  const kept = unsaved.get(found.tokens.refreshToken ?? '');
  if (kept !== undefined) await save(context, key, kept, found);
  const grant = kept ?? found;
  const nowMs = deps.clock.now();
  if (grant.tokens.accessToken !== spent && !isDue(grant.tokens, nowMs)) return settled(ok(grant));
  if (!mayRefresh(grant.tokens, nowMs)) {
    const at = new Date(grant.tokens.earliestRefreshAtMs ?? 0).toISOString();
    return settled(transient(`The provider takes no refresh of this account before ${at}`));
  }
  return { settled: false, grant };
}

/** Under the lease. */
async function spend(context: Context, key: AccountKey, spent: string): Promise<Outcome> {
  const { deps, secrets, cutting } = context;
  // Whoever held the lease before may have refreshed it.
  const before = await stored(context, key, spent);
  if (before.settled) return before.outcome;
  const provider = deps.providers(key.provider);
  if (provider === null || before.grant.tokens.refreshToken === null) {
    const reason = 'The sign-in has ended, and the provider gave nothing to renew it with. Sign in again.';
    await signOutForGood(deps, secrets, key, reason);
    return denied(reason);
  }
  const answer = await ask(provider, before.grant, cutting);
  if (answer.ok) return save(context, key, answer.value, before.grant);
  if (answer.error.kind === 'transient') return answer;
  const now = await stored(context, key, spent);
  // Spent by somebody whom the lease does not bind (a copied token file), who stored what they got.
  if (!now.settled && now.grant.tokens.refreshToken === before.grant.tokens.refreshToken)
    await signOutForGood(deps, secrets, key, answer.error.message);
  return now.settled ? now.outcome : answer;
}

function ask(provider: SignInProvider, grant: Grant, cutting: AbortSignal): Promise<Outcome> {
  return provider.refresh(grant, { signal: cutting, requestMs: requestLimitMs });
}

async function save(context: Context, key: AccountKey, grant: Grant, spent: Grant): Promise<Outcome> {
  const { deps, secrets, unsaved } = context;
  const spentToken = spent.tokens.refreshToken ?? '';
  const saved = await secrets.save(key, { kind: 'oauth', ...grant }, ({ accounts }) => {
    const row = accounts.get(key);
    // Signed out or removed by a person meanwhile.
    if (row === null || row.state === 'signed_out') return false;
    const { email, plan, facts } = grant.identity;
    accounts.save({ ...row, email, plan, facts, expiresAtMs: grant.tokens.expiresAtMs });
    return true;
  });
  if (!saved.ok) {
    // The old one is spent: this process goes on with the new one and stores it as soon as it can.
    unsaved.set(spentToken, grant);
    deps.log.error('a refreshed token could not be stored', { ...key, error: saved.error.message });
    return ok(grant);
  }
  unsaved.delete(spentToken);
  if (saved.value) return ok(grant);
  await secrets.save(key, null, () => undefined);
  return denied('The account was signed out');
}
