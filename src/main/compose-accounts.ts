import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Result } from '../shared/errors.ts';
import { fail, ok } from '../shared/errors.ts';
import type { ProviderId } from '../shared/models.ts';
import type { Settings } from '../shared/settings.ts';
import type { AccountDeps } from './app/accounts/account-deps.ts';
import { createAccountHandlers } from './app/accounts/account-handlers.ts';
import { createAccountSecrets } from './app/accounts/account-secrets.ts';
import { adoptAccounts } from './app/accounts/adopt.ts';
import { createCredentials } from './app/accounts/credentials.ts';
import { createLoginContext } from './app/accounts/login-context.ts';
import { createLoginService } from './app/accounts/login-service.ts';
import { createRefresher } from './app/accounts/refresher.ts';
import type { Environment } from './app/environment.ts';
import type { EventBus } from './app/event-bus.ts';
import type { OAuthEnvironment } from './app/oauth-environment.ts';
import { installationId } from './app/installation-id.ts';
import { leaseOwner } from './app/lease-owner.ts';
import type { ModelLister } from './app/ports/model.ts';
import type { SecretVault } from './app/ports/secrets.ts';
import type { Store } from './app/ports/store.ts';
import type { Clock, Ids, Log, ProcessFacts, Redactor } from './app/ports/system.ts';
import { parseBaseUrl } from './domain/base-url.ts';
import { createHttpFetch } from './infra/llm/http-fetch.ts';
import { webFetchOf } from './infra/llm/web-fetch.ts';
import { listenLoopback } from './infra/oauth/loopback.ts';
import { createSignInProviders } from './infra/oauth/sign-in-providers.ts';
import { createFileVault } from './infra/secrets/file-vault.ts';
import { createKeychainVault } from './infra/secrets/keychain-vault.ts';
import { createKeychain } from './infra/secrets/keychain.ts';
import { isInsideWorkspace } from './infra/secrets/token-path.ts';
import { createSqliteStore } from './infra/sqlite/create-sqlite-store.ts';

/** Longest time that the keychain is waited for in all, and by one caller, in ms. */
const keychainLimitMs = 60_000;
const keychainPatienceMs = 5_000;

export interface AccountParts {
  environment: Environment;
  /** What the keychain is found by. */
  env: Readonly<Record<string, string | undefined>>;
  dataFolder: string;
  /** The engine's own database. */
  store: Store;
  clock: Clock;
  ids: Ids;
  facts: ProcessFacts;
  log: Log;
  redactor: Redactor;
  settings: () => Settings;
  bus: EventBus;
  /** What keys are checked with. */
  listers: () => readonly ModelLister[];
}

/** The part of the composition root that signs in and keeps secrets. */
export function composeAccounts(parts: AccountParts): Result<ReturnType<typeof buildAccounts>> {
  const { tokenPath, pendingPath, allowWorkspacePath } = parts.environment.oauth;
  const { workspaceRoot } = parts.environment;
  const inside = [tokenPath, pendingPath].find(
    (path) => path !== null && isInsideWorkspace(path, workspaceRoot),
  );
  if (inside != null && !allowWorkspacePath)
    return fail(
      'invalid_input',
      `DEV_CREW_OAUTH_TOKEN_PATH: ${inside} is inside of the workspace ${workspaceRoot}, from where tokens get into commits and backups: name a path outside of it, or set DEV_CREW_OAUTH_ALLOW_WORKSPACE_PATH=1`,
    );
  const store = openAccountStore(parts);
  return store.ok ? ok(buildAccounts(parts, store.value)) : store;
}

/**
 * Sign-ins are the user's: the command line in a repository finds those of the desktop, and the other way round. Those of
 * a token file are apart from those of the keychain, where their tokens would be missing.
 */
function openAccountStore({ environment, dataFolder, store, log }: AccountParts): Result<Store> {
  const { tokenPath } = environment.oauth;
  const path = join(dataFolder, tokenPath === null ? 'jobs.db' : `accounts-${shortHash(tokenPath)}.db`);
  return path === environment.dbPath ? ok(store) : createSqliteStore({ path, log });
}

/** Sign-in asks the API that calls are made to, where it was replaced. */
function withProjectUrl(
  overrides: OAuthEnvironment['overrides'],
  { endpoints }: Environment,
): OAuthEnvironment['overrides'] {
  const url = endpoints['google-antigravity'];
  if (url === undefined) return overrides;
  const projectUrl = parseBaseUrl(url)?.url ?? url;
  return { ...overrides, 'google-antigravity': { ...overrides['google-antigravity'], projectUrl } };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

function depsOf(parts: AccountParts, store: Store, closing: AbortSignal): AccountDeps {
  const { environment, clock, ids, facts, log, redactor, settings, bus } = parts;
  const fetch = webFetchOf(createHttpFetch({ proxies: environment.proxies }));
  const overrides = withProjectUrl(environment.oauth.overrides, environment);
  return {
    store,
    vault: vaultOf(parts, store, closing),
    providers: createSignInProviders({ fetch, clock, overrides }),
    clock,
    ids,
    facts,
    owner: leaseOwner(facts, ids.uuid()),
    redactor,
    log,
    consented: (provider) => provider !== 'google-antigravity' || settings().antigravity_consent,
    // Jobs that wait for an account look again.
    onChange: () => bus.wake(),
    onSignedOut: (notice) => bus.publishSignedOut(notice),
  };
}

function buildAccounts(parts: AccountParts, store: Store) {
  const { environment, ids, bus } = parts;
  const { accountId } = environment.oauth;
  const closing = new AbortController();
  const deps = depsOf(parts, store, closing.signal);
  const secrets = createAccountSecrets(deps);
  const refresher = createRefresher(deps, secrets);
  const adopt = (): Promise<void> => adoptAccounts(deps, secrets);
  const logins = createLoginService(
    createLoginContext({
      deps,
      secrets,
      listen: listenLoopback,
      installationId: () => installationId(store, ids.uuid()),
    }),
  );
  // Where the engine's own database is another one, nobody else listens to this one.
  const stopWatching = store === parts.store ? null : store.onForeignCommit(() => bus.wake());
  return {
    handlers: createAccountHandlers({ deps, secrets, logins, listers: parts.listers, adopt }),
    credentials: createCredentials({ deps, secrets, refresher, accountId }),
    vault: deps.vault,
    account: store.tables.accounts.get,
    accountRows: store.tables.accounts.list,
    activeAccount: (provider: ProviderId) =>
      accountId === null
        ? store.tables.accounts.active(provider)
        : store.tables.accounts.get({ provider, accountId }),
    start: async () => {
      await adopt();
      await logins.resume();
    },
    stop: async () => {
      stopWatching?.();
      await logins.stop();
      await refresher.stop();
      closing.abort();
      if (store !== parts.store) store.close();
    },
  };
}

function vaultOf(
  { environment, env, clock, ids }: AccountParts,
  store: Store,
  closing: AbortSignal,
): SecretVault {
  const { tokenPath, pendingPath } = environment.oauth;
  if (tokenPath !== null)
    return createFileVault({ tokenPath, pendingPath: pendingPath ?? `${tokenPath}.pending` });
  const keychain = createKeychain({ service: 'Dev Crew', limitMs: keychainLimitMs, closing, env });
  return createKeychainVault({ store, keychain, clock, ids, patienceMs: keychainPatienceMs });
}
