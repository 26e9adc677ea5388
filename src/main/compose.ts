import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../shared/errors.ts';
import type { App, Compose, ComposeOptions } from './api/app.ts';
import { ensureToken } from './api/token.ts';
import { countJobs, watchAttention, watchCounts } from './app/attention.ts';
import type { EngineDeps } from './app/crew/engine.ts';
import { createRunJob } from './app/crew/run-job.ts';
import { createDeltaPublisher } from './app/delta-publisher.ts';
import { readEnvironment, type Environment } from './app/environment.ts';
import { createEventBus } from './app/event-bus.ts';
import { createFeed } from './app/feed.ts';
import { createJobHandlers } from './app/job-handlers.ts';
import { installationId } from './app/installation-id.ts';
import { createJournal } from './app/journal.ts';
import { leaseOwner } from './app/lease-owner.ts';
import { createLifecycle } from './app/lifecycle.ts';
import { expireOutputs } from './app/output-retention.ts';
import type { Store } from './app/ports/store.ts';
import { createReadiness } from './app/readiness.ts';
import { createSettings } from './app/settings-service.ts';
import { createSystemHandlers } from './app/system-handlers.ts';
import { createUsageHandlers } from './app/usage/usage-handlers.ts';
import { createWaitWatcher } from './app/waits/wait-watcher.ts';
import { createWorker } from './app/worker.ts';
import { composeAccounts } from './compose-accounts.ts';
import { composeModels } from './compose-models.ts';
import { createDockerSandbox } from './infra/docker/docker-sandbox.ts';
import { createCommandOutputs } from './infra/files/command-outputs.ts';
import { openWorktreeFiles } from './infra/files/open-worktree-files.ts';
import { createGitWorkspace } from './infra/git/git-workspace.ts';
import { createLogMirror } from './infra/logs/json-lines-mirror.ts';
import { verifyAuditFile } from './infra/logs/verify-audit-file.ts';
import { createCommandPolicy } from './infra/policy/command-policy.ts';
import { createRedactor } from './infra/redaction/redactor.ts';
import { createSqliteStore } from './infra/sqlite/create-sqlite-store.ts';
import { createRandomIds, createSystemClock } from './infra/system/clock.ts';
import { createProcessFacts } from './infra/system/process-facts.ts';
import { toolVersion } from './infra/system/run-tool.ts';

const leaseMs = 15_000;

/** The composition root: the only place where adapters meet the engine. */
export const compose: Compose = async (options) => {
  const prepared = inFolder(() => mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 }));
  if (!prepared.ok) return prepared;
  const environment = readEnvironment(options.env, options.cwd, options.recordsFolder ?? options.dataFolder);
  if (!environment.ok) return environment;
  const opened = createSqliteStore({ path: environment.value.dbPath, log: options.log });
  if (!opened.ok) return opened;
  const apiToken = inFolder(() => ensureToken(options.dataFolder));
  const built = apiToken.ok ? buildApp(options, environment.value, opened.value, apiToken.value) : apiToken;
  if (!built.ok) opened.value.close();
  return built;
};

function inFolder<T>(work: () => T): Result<T> {
  try {
    return ok(work());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      'unavailable',
      `The data folder cannot be used (${reason}): make it writable or set DEV_CREW_DATA_DIR`,
    );
  }
}

function buildApp(
  options: ComposeOptions,
  environment: Environment,
  store: Store,
  apiToken: string,
): Result<App> {
  const { dataFolder, log } = options;
  const clock = createSystemClock();
  const ids = createRandomIds();
  const bus = createEventBus((error) => log.error('a listener failed', { error: String(error) }));
  const redactor = createRedactor();
  redactor.addLiteral(apiToken);
  const settings = createSettings(store, environment);
  const mirror = createLogMirror({
    store,
    auditPath: environment.auditPath,
    escalationPath: environment.escalationPath,
    log,
  });
  const journal = createJournal({ store, bus, clock, redactor, onCommitted: () => mirror.poke() });
  const sandbox = createDockerSandbox({
    dockerHost: options.env.DOCKER_HOST,
    dataFolderId: installationId(store, ids.uuid()),
    log,
    image: () => settings.current().docker_image,
    hostUser: { uid: process.getuid?.() ?? 1000, gid: process.getgid?.() ?? 1000 },
  });
  const workspace = createGitWorkspace({
    dataFolder,
    workspaceRoot: environment.workspaceRoot,
    log,
  });
  const deltas = createDeltaPublisher(bus, redactor);
  const facts = createProcessFacts();
  const base = { environment, store, clock, ids, facts, log, settings: settings.current };
  const listers = () => models.listers;
  const accounts = composeAccounts({ ...base, env: options.env, dataFolder, redactor, bus, listers });
  if (!accounts.ok) return accounts;
  const { credentials, account, accountRows, activeAccount } = accounts.value;
  const models = composeModels({ ...base, settings, bus, deltas, credentials, account, activeAccount });
  const { catalog, caller, ledger } = models;
  const readiness = createReadiness({
    dataFolder,
    sandbox,
    vault: accounts.value.vault,
    listers: models.listers,
    credentials,
    settings: settings.current,
    clock,
    toolVersion,
  });
  const outputs = createCommandOutputs(join(dataFolder, 'output'), redactor, log);
  const engine: EngineDeps = {
    store,
    journal,
    clock,
    ids,
    log,
    redactor,
    sandbox,
    policy: createCommandPolicy(),
    workspace,
    openFiles: openWorktreeFiles,
    callModel: caller.call,
    fits: ledger.fits,
    settings: settings.current,
    outputs,
  };
  const waits = createWaitWatcher({ ...base, journal, bus, ledger, credentials });
  const worker = createWorker({
    store,
    bus,
    clock,
    log,
    owner: leaseOwner(facts, ids.uuid()),
    leaseMs,
    slots: () => settings.current().max_parallel_jobs,
    runJob: createRunJob(engine),
  });
  const handlers = {
    ...createJobHandlers({ ...engine, settings: settings.current, autoMode: () => readiness.autoMode() }),
    ...accounts.value.handlers,
    ...models.handlers,
    ...createUsageHandlers({
      ...base,
      journal,
      look: waits.look,
      accountLimit: models.accountLimit,
      accountRows,
    }),
    ...createSystemHandlers({
      store,
      clock,
      workspace,
      settings,
      onSettingsChanged: bus.wake,
      catalog,
      readiness,
      verifyAuditFile: async () => {
        await mirror.flush();
        return verifyAuditFile(environment.auditPath, store.tables.audit);
      },
      usageWindowMinutes: environment.usageWindowMinutes,
      version: options.version,
    }),
  };
  return ok({
    handlers,
    feed: createFeed(store, bus),
    dataFolder,
    apiToken,
    settings: settings.current,
    counts: () => countJobs(store, clock),
    onCounts: (listener) => watchCounts(store, clock, bus, listener),
    onAttention: (listener) => watchAttention(store, bus, listener),
    ...createLifecycle({
      store,
      bus,
      clock,
      worker,
      catalog,
      mirror,
      accounts: accounts.value,
      waits,
      facts,
      settleDead: ledger.settleDead,
      leftovers: [sandbox.reap, outputs.sweep, () => expireOutputs({ store, clock, outputs })],
    }),
  });
}
