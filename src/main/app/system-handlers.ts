import { fail, ok } from '../../shared/errors.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { auditPages, verifyAuditInTurns, type AuditVerdict } from '../domain/audit-chain.ts';
import { countJobs } from './attention.ts';
import type { Handlers } from './handlers.ts';
import type { ModelCatalog } from './model-catalog.ts';
import type { Store } from './ports/store.ts';
import type { Clock } from './ports/system.ts';
import type { Workspace } from './ports/workspace.ts';
import type { Readiness } from './readiness.ts';
import type { SettingsService } from './settings-service.ts';

export interface SystemHandlerDeps {
  store: Store;
  clock: Clock;
  workspace: Workspace;
  settings: SettingsService;
  /** Told after each change of a setting. */
  onSettingsChanged: () => void;
  catalog: ModelCatalog;
  readiness: Readiness;
  /** Compares the JSON Lines file with the database. */
  verifyAuditFile: () => Promise<AuditVerdict>;
  usageWindowMinutes: number;
  version: string;
}

type SystemOperation =
  | Extract<keyof Handlers, `escalations.${string}` | `repos.${string}` | `settings.${string}`>
  | Extract<keyof Handlers, `audit.${string}` | `system.${string}`>
  | 'llm.models'
  | 'llm.refresh'
  | 'llm.usage'
  | 'llm.resetUsage';

const recentRepos = 20;

/** Handlers of everything that is not one job. */
export function createSystemHandlers(deps: SystemHandlerDeps): Pick<Handlers, SystemOperation> {
  const { store, catalog, clock, settings } = deps;
  const { tables } = store;
  const usage = (filter: { provider?: string | undefined; model?: string | undefined } = {}) =>
    tables.usage.snapshot({ nowMs: clock.now(), windowMinutes: deps.usageWindowMinutes, ...filter });
  return {
    'escalations.list': async ({ limit, open }) =>
      ok({
        escalations: tables.escalations.list({ limit, open }),
        open_count: tables.escalations.countOpen(),
      }),
    'escalations.resolve': async ({ escalation_id: id }) => resolveEscalation(deps, id),
    'repos.recent': async () =>
      ok({
        repos: tables.jobs.recentRepos(recentRepos).map((row) => ({
          repo: row.repo,
          base_branch: row.baseBranch,
          last_used_at: new Date(row.lastUsedAtMs).toISOString(),
        })),
      }),
    'repos.inspect': async ({ repo }, signal) => {
      const inspected = await deps.workspace.inspect(repo, signal);
      if (!inspected.ok) return inspected;
      return ok({
        repo: inspected.value.repo,
        branches: inspected.value.branches,
        head_branch: inspected.value.headBranch,
      });
    },
    'settings.get': async () => ok(settings.view()),
    'settings.update': async ({ values }) => {
      const updated = settings.update(values);
      if (updated.ok) deps.onSettingsChanged();
      return updated;
    },
    'llm.models': async ({ provider, force_refresh }) =>
      ok(await catalog.get({ provider, forceRefresh: force_refresh })),
    'llm.refresh': async ({ provider }) => ok(await catalog.refresh(provider)),
    'llm.usage': async (filter) => ok(usage(filter)),
    'llm.resetUsage': async () => {
      store.transaction((inner) => inner.usage.reset(clock.now()));
      return ok(usage());
    },
    'audit.verify': async () => {
      const records = auditPages((after, limit) => tables.audit.since(after, limit));
      const stored = await verifyAuditInTurns(records, () => nextTurn());
      return ok(stored.ok ? await deps.verifyAuditFile() : stored);
    },
    'system.health': async () => {
      const counts = countJobs(store, clock);
      return ok({
        status: 'ok' as const,
        version: deps.version,
        running_jobs: counts.running,
        queued_jobs: counts.queued,
        waiting_jobs: counts.waiting,
      });
    },
    'system.doctor': async () => {
      const checks = await deps.readiness.checks();
      return ok({ checks, ready: checks.every((check) => check.ok || !check.required) });
    },
  };
}

async function resolveEscalation({ store, clock }: SystemHandlerDeps, id: string) {
  const found = store.tables.escalations.get(id);
  if (!found) return fail('not_found', `escalation not found: ${id}`);
  if ('question' in found.metadata) return fail('invalid_state', 'this is a question: answer it instead');
  store.transaction((tables) => tables.escalations.resolve(id, clock.now(), null));
  return ok(store.tables.escalations.get(id) ?? found);
}
