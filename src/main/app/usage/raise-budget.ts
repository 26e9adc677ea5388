import { fail, ok, type Result } from '../../../shared/errors.ts';
import { isTerminal, type JobState } from '../../../shared/job.ts';
import type { ParsedInputOf } from '../../../shared/operations.ts';
import { decideReserve, type Booked, type SpendingLimit } from '../../domain/ledger.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import { microsOf, usdOf } from '../../domain/price.ts';
import type { Journal } from '../journal.ts';
import type { Store } from '../ports/store.ts';
import { waitFact } from '../waits/wait-fact.ts';
import { jobLimitOf } from './limits.ts';

export interface RaiseBudgetDeps {
  store: Store;
  journal: Journal;
  /** Lets jobs go on that may; resolves when they were told to. */
  look: () => Promise<void>;
}

/** New limits of a job. One that waits for its budget goes on; where that would not be enough for it, this says so. */
export async function raiseBudget(
  deps: RaiseBudgetDeps,
  input: ParsedInputOf<'jobs.raiseBudget'>,
): Promise<Result<{ job_id: string; state: JobState }>> {
  const { store, journal } = deps;
  const job = store.tables.jobs.get(input.job_id);
  if (!job) return fail('not_found', `job not found: ${input.job_id}`);
  if (isTerminal(job.state))
    return fail('invalid_state', `job ${job.jobId} is ${job.state}: it has ended and needs no budget`);
  const limit = limitOf(job, input);
  const refused = tooLow(store.tables.ledger.ofJob(job.jobId), limit) ?? notEnough(store, job, limit);
  if (refused !== null) return fail('invalid_input', refused);
  try {
    const moved = await journal.execute(job.jobId, [{ type: 'set_budget', ...asCommand(limit) }], {
      also: ({ ledger }) => {
        const reason = tooLow(ledger.ofJob(job.jobId), limit);
        if (reason !== null) throw new SpentMeanwhile(reason);
      },
    });
    if (!moved.ok) return moved;
  } catch (error) {
    if (error instanceof SpentMeanwhile) return fail('invalid_input', error.message);
    throw error;
  }
  await deps.look();
  return ok({ job_id: job.jobId, state: store.tables.jobs.get(job.jobId)?.state ?? job.state });
}

/** Takes back a limit below what was reserved while it was being set. */
class SpentMeanwhile extends Error {
  override name = 'SpentMeanwhile';
}

function limitOf(job: JobRecord, input: ParsedInputOf<'jobs.raiseBudget'>): SpendingLimit {
  const { max_cost_usd: cost, max_tokens: tokens } = input;
  const now = jobLimitOf(job);
  return {
    maxMicros: cost === undefined ? now.maxMicros : cost === null ? null : microsOf(cost),
    maxTokens: tokens === undefined ? now.maxTokens : tokens,
  };
}

const asCommand = ({ maxMicros, maxTokens }: SpendingLimit) => ({ maxCostMicros: maxMicros, maxTokens });

/** Nothing may be limited to less than it has come to. */
function tooLow({ spent, reserved }: Booked, { maxMicros, maxTokens }: SpendingLimit): string | null {
  const micros = spent.micros + reserved.micros;
  const tokens = spent.tokens + reserved.tokens;
  if (maxMicros !== null && maxMicros < micros) return `The job has come to $${usdOf(micros)} already`;
  if (maxTokens !== null && maxTokens < tokens) return `The job has come to ${tokens} tokens already`;
  return null;
}

/** What a job that waits for its own budget would still lack. */
function notEnough({ tables }: Store, job: JobRecord, limit: SpendingLimit): string | null {
  const wait = waitFact.get(tables, job.jobId)?.wait;
  if (job.waitingFor !== 'budget' || wait?.kind !== 'budget' || wait.shortfall.scope !== 'job') return null;
  const decision = decideReserve(wait.amount, [
    { scope: 'job', limit, booked: tables.ledger.ofJob(job.jobId) },
  ]);
  if (decision.fits) return null;
  const { booked, needed, unit } = decision.shortfall;
  const least = unit === 'micros' ? `$${usdOf(booked + needed)}` : `${booked + needed} tokens`;
  return `The next call of the job may need more than that: raise the limit to ${least} at least`;
}
