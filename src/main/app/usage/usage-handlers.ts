import { fail } from '../../../shared/errors.ts';
import type { Handlers } from '../handlers.ts';

type UsageOperation = Extract<keyof Handlers, `usage.${string}` | 'jobs.spending' | 'jobs.raiseBudget'>;

const notYet = async () => fail('unavailable', 'Costs are not in this version yet');

/** Handlers of `usage.*` and of a job's budget. */
export function createUsageHandlers(): Pick<Handlers, UsageOperation> {
  return {
    'usage.report': notYet,
    'usage.csv': notYet,
    'usage.today': notYet,
    'jobs.spending': notYet,
    'jobs.raiseBudget': notYet,
  };
}
