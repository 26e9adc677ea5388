import { fail, ok, type Result } from '../../shared/errors.ts';
import { isTerminal, type JobState } from '../../shared/job.ts';
import type { CreateJobDeps } from './create-job.ts';

/** A person's answer becomes the result of the waiting `ask_human` call, and the job goes back on the queue. */
export async function answerQuestion(
  deps: Pick<CreateJobDeps, 'store' | 'journal' | 'redactor'>,
  input: { job_id: string; escalation_id: string; answer: string },
): Promise<Result<{ job_id: string; state: JobState }>> {
  const escalation = deps.store.tables.escalations.get(input.escalation_id);
  if (!escalation || escalation.job_id !== input.job_id) {
    return fail('not_found', `escalation not found: ${input.escalation_id}`);
  }
  const { agent, call_id: callId } = escalation.metadata;
  if (typeof agent !== 'string' || typeof callId !== 'string') {
    return fail('invalid_state', `escalation ${input.escalation_id} is not a question`);
  }
  const job = deps.store.tables.jobs.get(input.job_id);
  if (job && isTerminal(job.state)) {
    return fail('invalid_state', `job ${job.jobId} is ${job.state}: it has ended and takes no answer`);
  }
  if (escalation.resolved_at !== null)
    return fail('conflict', `the question was answered already: ${escalation.answer ?? ''}`);
  const answer = await deps.redactor.text(input.answer);
  const answered = { event_type: 'answered', escalation_id: input.escalation_id, answer } as const;
  const moved = await deps.journal.execute(
    input.job_id,
    [
      { type: 'record', message: 'A person answered', detail: answered },
      { type: 'resume', message: 'Going on with the answer' },
    ],
    {
      also: (tables, _, atMs) => {
        if (!tables.escalations.resolve(input.escalation_id, atMs, answer))
          throw new Error('answered twice at once');
        const seq = tables.transcript.of(input.job_id, agent).length;
        const entry = {
          kind: 'result',
          callId,
          name: 'ask_human',
          ok: true,
          output: answer,
          tree: null,
        } as const;
        tables.transcript.append(input.job_id, agent, seq, entry, atMs);
      },
    },
  );
  return moved.ok ? ok({ job_id: input.job_id, state: moved.value.state }) : moved;
}
