import { fail, ok, type Result } from '../../shared/errors.ts';
import { isTerminal, type JobState } from '../../shared/job.ts';
import type { CreateJobDeps } from './create-job.ts';
import type { Tables } from './ports/store.ts';
import { waitFact } from './waits/wait-fact.ts';

/** A person's answer becomes the result of the waiting `ask_human` call, and the job goes back on the queue. */
export async function answerQuestion(
  deps: Pick<CreateJobDeps, 'store' | 'journal' | 'redactor'>,
  input: { job_id: string; escalation_id: string; answer: string },
): Promise<Result<{ job_id: string; state: JobState }>> {
  const escalation = deps.store.tables.escalations.get(input.escalation_id);
  if (!escalation || escalation.job_id !== input.job_id) {
    return fail('not_found', `escalation not found: ${input.escalation_id}`);
  }
  const take = takerOf(escalation.metadata);
  if (take === null) return fail('invalid_state', `escalation ${input.escalation_id} is not a question`);
  const job = deps.store.tables.jobs.get(input.job_id);
  if (job && isTerminal(job.state)) {
    return fail('invalid_state', `job ${job.jobId} is ${job.state}: it has ended and takes no answer`);
  }
  if (escalation.resolved_at !== null)
    return fail('conflict', `the question was answered already: ${escalation.answer ?? ''}`);
  const answer = await deps.redactor.text(input.answer);
  try {
    return await commitAnswer(deps, { ...input, answer }, take);
  } catch (error) {
    if (error instanceof AnsweredMeanwhile) return fail('conflict', error.message);
    throw error;
  }
}

/** Takes back the transaction of an answer that came second: the job may already wait on another question. */
class AnsweredMeanwhile extends Error {
  override name = 'AnsweredMeanwhile';
}

/** What becomes of an answer, in the transaction that resolves the question. */
type Take = (tables: Tables, jobId: string, answer: string, atMs: number) => void;

/** An agent gets it as the result of its call; of an account it only says that a person has seen to it. */
function takerOf({ kind, agent, call_id: callId }: Record<string, unknown>): Take | null {
  if (kind === 'sign_in') return (tables, jobId) => waitFact.remove(tables, jobId);
  if (typeof agent !== 'string' || typeof callId !== 'string') return null;
  return ({ transcript }, jobId, answer, atMs) => {
    const seq = transcript.of(jobId, agent).length;
    const entry = {
      kind: 'result',
      callId,
      name: 'ask_human',
      ok: true,
      output: answer,
      tree: null,
    } as const;
    transcript.append(jobId, agent, seq, entry, atMs);
  };
}

async function commitAnswer(
  deps: Pick<CreateJobDeps, 'journal'>,
  input: { job_id: string; escalation_id: string; answer: string },
  take: Take,
): Promise<Result<{ job_id: string; state: JobState }>> {
  const { job_id: jobId, escalation_id: id, answer } = input;
  const answered = { event_type: 'answered', escalation_id: id, answer } as const;
  const moved = await deps.journal.execute(
    jobId,
    [
      { type: 'record', message: 'A person answered', detail: answered },
      { type: 'resume', message: 'Going on with the answer' },
    ],
    {
      also: (tables, _, atMs) => {
        if (!tables.escalations.resolve(id, atMs, answer))
          throw new AnsweredMeanwhile('the question was answered already by somebody else');
        take(tables, jobId, answer, atMs);
      },
    },
  );
  return moved.ok ? ok({ job_id: jobId, state: moved.value.state }) : moved;
}
