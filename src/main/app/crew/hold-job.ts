import { usdOf } from '../../domain/price.ts';
import type { Shortfall } from '../../domain/ledger.ts';
import type { Wait } from '../../domain/wait.ts';
import type { NewEscalation } from '../journal.ts';
import { waitFact } from '../waits/wait-fact.ts';
import type { JobRun } from './engine.ts';

/**
 * Lets the job wait: off the queue until what it needs is there, or back on it at the time when its quota is. What the
 * run held is free by now.
 */
export async function holdJob(run: JobRun, wait: Wait): Promise<void> {
  if (wait.kind === 'quota') return holdForQuota(run, wait);
  const escalationId = run.ids.uuid();
  const waitingFor = wait.kind === 'budget' ? 'budget' : 'answer';
  await run.commit([{ type: 'wait', for: waitingFor, escalationId, reason: wait.reason }], {
    escalation: escalationOf(escalationId, wait),
    also: (tables) => {
      tables.queue.remove(run.jobId);
      waitFact.set(tables, run.jobId, { wait, escalationId });
    },
  });
}

async function holdForQuota(run: JobRun, wait: Extract<Wait, { kind: 'quota' }>): Promise<void> {
  const { untilMs } = wait;
  await run.commit([{ type: 'wait', for: 'quota', untilMs, reason: wait.reason }], {
    also: (tables) => {
      // With the lease given back here, the worker's own giving back no longer makes the job available at once.
      tables.queue.release(run.jobId, run.owner, untilMs);
      waitFact.set(tables, run.jobId, { wait, escalationId: null });
    },
  });
}

/** The worker has claimed a job whose quota is back. */
export async function resumeAfterQuota(run: JobRun): Promise<void> {
  await run.commit([{ type: 'resume', message: 'Going on: the quota should be back' }], {
    also: (tables) => waitFact.remove(tables, run.jobId),
  });
}

type NeedsHuman = Exclude<Wait, { kind: 'quota' }>;

/** The metadata are for the inbox: see docs/glossary.md, escalation. */
function escalationOf(id: string, wait: NeedsHuman): NewEscalation {
  const { reason } = wait;
  const metadata = wait.kind === 'budget' ? budgetMetadata(wait) : signInMetadata(wait);
  return { id, severity: 'warning', reason, metadata };
}

function budgetMetadata({ call, shortfall }: Extract<Wait, { kind: 'budget' }>): Record<string, unknown> {
  const { scope, unit, limit, booked, needed } = shortfall;
  const value = unit === 'micros' ? usdOf : (tokens: number): number => tokens;
  return {
    kind: 'budget',
    limit: scope,
    unit: unit === 'micros' ? 'usd' : 'tokens',
    max: value(limit),
    used: value(booked),
    needed: value(needed),
    raise_to: value(leastLimit(shortfall)),
    provider: call.provider,
    account_id: call.accountId,
    model: `${call.provider}/${call.model}`,
  };
}

/** The lowest limit with which the call would have fitted. */
export const leastLimit = ({ booked, needed }: Shortfall): number => booked + needed;

/** A question, so that it can be answered wherever questions are. */
const signInMetadata = (wait: Extract<Wait, { kind: 'sign_in' }>): Record<string, unknown> => ({
  kind: 'sign_in',
  provider: wait.provider,
  account_id: wait.accountId,
  question: wait.reason,
  options: ['Continue'],
});
