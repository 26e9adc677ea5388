import type { JobCommand } from '../../domain/job-machine.ts';
import type { ModelReplay } from '../../domain/model-messages.ts';
import type { Wait } from '../../domain/wait.ts';
import { JobFailed, type CallModel, type JobRun, type ModelAnswer } from './engine.ts';

type Answered = Extract<ModelAnswer, { ok: true }>;

/** The job cannot call its model now. The run unwinds, letting go of its container, and then the job waits. */
export class JobMustWait extends Error {
  override name = 'JobMustWait';
  readonly wait: Wait;
  constructor(wait: Wait) {
    super(wait.reason);
    this.wait = wait;
  }
}

/** Calls the model. Throws `JobMustWait` where the call has to wait, `JobFailed` where it cannot be made. */
export async function askOrWait(run: JobRun, request: Parameters<CallModel>[0]): Promise<Answered> {
  const answer = await run.callModel(request, run.signal);
  if (answer.ok) return answer;
  if (answer.wait) throw new JobMustWait(answer.wait);
  throw new JobFailed(`model ${request.model}: ${answer.error.message}`);
}

/** Events that an answer brings with it beside its own. */
export function noticesOf({ notice }: Answered): JobCommand[] {
  if (notice === undefined) return [];
  return [{ type: 'record', message: notice, detail: { event_type: 'notice', text: notice } }];
}

/**
 * What the provider wants to see again, if it may be stored: not where the redactor would change it, nor where the
 * answer is not kept as it was made, for then the two would not fit together.
 */
export async function storableReplay(
  run: JobRun,
  { replay }: Answered,
  isKeptWhole: boolean,
): Promise<{ replay?: ModelReplay }> {
  if (replay === undefined || !isKeptWhole) return {};
  const redacted = await run.redactor.value(replay);
  return JSON.stringify(redacted) === JSON.stringify(replay) ? { replay } : {};
}

/** Names a conversation to a provider's prompt cache, in at most 64 characters. */
export const cacheKey = (jobId: string, agent: string): string =>
  `${jobId.slice(0, 8)}:${agent}`.slice(0, 64);
