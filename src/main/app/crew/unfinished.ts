import type { JobCommand } from '../../domain/job-machine.ts';
import type { NewEscalation } from '../journal.ts';
import type { JobRun } from './engine.ts';
import type { AgentEnd } from './run-agent.ts';

/**
 * What tells a person that an agent did not finish `what`: broken out of a loop, out of steps, or silent. The job goes
 * on, and may well complete when the tests pass without it, so nobody would look otherwise.
 */
export function unfinishedEscalation(
  run: JobRun,
  what: string,
  end: AgentEnd,
  metadata: Record<string, unknown>,
): { event: JobCommand; escalation: NewEscalation } {
  const id = run.ids.uuid();
  const reason = `${what} was ${end.outcome === 'escalated' ? 'stopped' : 'not finished'}: ${end.summary}`;
  const detail = { event_type: 'escalation', escalation_id: id, severity: 'warning', reason } as const;
  return {
    event: { type: 'record', message: reason, detail },
    escalation: { id, severity: 'warning', reason, metadata },
  };
}
