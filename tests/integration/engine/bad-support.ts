import { randomUUID } from 'node:crypto';
import { createInvoke } from '../../../src/main/api/invoke.ts';
import type { AppError, Result } from '../../../src/shared/errors.ts';
import type { JobEvent } from '../../../src/shared/job.ts';
import { quietLog, type TestEngine } from '../../support/engine.ts';
import type { Exchange, ReplyInput, ScriptInput } from '../../support/model-server/script.ts';

type ExchangeInput = ScriptInput['exchanges'][number];

/** Files that only three specialists care for, and a test that a shell runs in milliseconds. It fails at first. */
export const smallFiles: Record<string, string> = {
  'answer.txt': '41\n',
  'check.sh': 'grep -qx 42 answer.txt\n',
};

export const smallPlan = {
  tasks: [{ id: 't1', title: 'Mend the answer', owner_agent: 'backend' }],
  test_matrix: ['sh check.sh'],
  pr: { title: 'Mend the answer', body: '' },
};

export const studies: ExchangeInput = {
  name: 'study',
  when: { system: 'Study the repository' },
  times: 'any',
  reply: { text: 'answer.txt is wrong.' },
};

export const planning = (
  reply: ReplyInput = { text: JSON.stringify(smallPlan) },
  times: Exchange['times'] = 'any',
): ExchangeInput => ({ name: 'plan', when: { role: 'leader', format: true }, times, reply });

/** A crew that studies, plans as `smallPlan` says, and works by these exchanges. */
export const smallScript = (...work: ExchangeInput[]): ScriptInput => ({
  exchanges: [studies, planning(), ...work],
});

/** A call of an operation as every edge makes it: input checked, defects caught. */
export async function refusal(engine: TestEngine, name: string, input: unknown): Promise<AppError> {
  const log = { ...quietLog, error: () => undefined };
  const invoke = createInvoke({ handlers: engine.app.handlers, log, ids: { uuid: randomUUID } });
  const result: Result<unknown> = await invoke(name, input, new AbortController().signal);
  if (result.ok) throw new Error(`${name} was not refused: ${JSON.stringify(result.value)}`);
  return result.error;
}

/** The one line that a failed job ends with; throws when it did not end so, or told it to nobody. */
export async function failureOf(engine: TestEngine, jobId: string): Promise<string> {
  const events = await engine.ended(jobId);
  const last = events.at(-1);
  const job = await engine.call('jobs.get', { job_id: jobId });
  const escalations = await engine.call('jobs.escalations', { job_id: jobId });
  const told = escalations.some(({ reason, severity }) => reason === job.error && severity === 'critical');
  if (last?.state !== 'failed' || last.message !== job.error || !told)
    throw new Error(`not a clean failure: ${JSON.stringify({ last, error: job.error, escalations })}`);
  return last.message;
}

export const isWaiting = (event: JobEvent): boolean => event.metadata['event_type'] === 'waiting';
