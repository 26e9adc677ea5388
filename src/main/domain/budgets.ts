import { fail, ok, type Result } from '../../shared/errors.ts';
import type { JobRecord } from './job-record.ts';

/** Budgets of compatibility.md §2: the use after the last one allowed is refused with these exact words. */
export function transitionBudget(job: JobRecord): Result<null> {
  return within('max_state_transitions', job.transitionsUsed + 1, job.maxStateTransitions);
}

/** One run in the sandbox; the host's own verification does not count, it is not the crew's choice. */
export function toolCallBudget(job: JobRecord): Result<null> {
  return within('max_tool_calls', job.toolCallsUsed + 1, job.maxToolCalls);
}

function within(name: string, wanted: number, limit: number): Result<null> {
  return wanted <= limit ? ok(null) : fail('limit_exceeded', `${name} exceeded: ${wanted}/${limit}`);
}
