import type { ModelToolCall } from '../../domain/model-messages.ts';
import { StoreUnavailable } from '../ports/store.ts';
import { DiskFull } from '../ports/workspace.ts';
import type { JobRun } from './engine.ts';
import type { Transcript } from './run-agent.ts';
import type { ToolAnswer, ToolContext } from './run-call.ts';

/**
 * What a command has done to a disk that had room before it and has none now is taken back, first as far as git records
 * it, then what git ignores too, and the model is told. Throws `DiskFull` when that makes no room: then it was not the
 * command, the job waits, and the call is made once more.
 */
export async function withoutFilling(
  transcript: Transcript,
  call: ModelToolCall,
  context: ToolContext,
  answer: ToolAnswer,
): Promise<ToolAnswer> {
  const intent = transcript.entries.find((entry) => entry.kind === 'intent' && entry.callId === call.callId);
  if (intent?.kind !== 'intent' || (await hasRoom(context))) return answer;
  await context.restore(intent.tree, { ignoredToo: false });
  if (!(await hasRoom(context))) await context.restore(intent.tree, { ignoredToo: true });
  await context.ensureRoom();
  const note =
    'This command filled the disk, so all that it changed was taken back, and files that git ignores may be gone. Do it with less space.';
  return { ...answer, ok: false, output: `${note}\n${answer.output}` };
}

async function hasRoom(context: ToolContext): Promise<boolean> {
  try {
    await context.ensureRoom();
    return true;
  } catch (error) {
    if (error instanceof DiskFull) return false;
    throw error;
  }
}

/** Tells a person, once, what a job waits for that is to go on by itself. The store may be on that disk as well. */
export async function tellOfFullDisk(run: JobRun, { message: reason }: DiskFull): Promise<void> {
  try {
    if (openOnes(run).some((escalation) => escalation.reason === reason)) return;
    const id = run.ids.uuid();
    const detail = { event_type: 'escalation', escalation_id: id, severity: 'critical', reason } as const;
    await run.journal.execute(run.jobId, [{ type: 'record', message: reason, detail }], {
      owner: run.owner,
      escalation: { id, severity: 'critical', reason, metadata: { full_disk: true } },
    });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

/** There is room again: what was told of it is settled. */
export async function settleFullDisk(run: JobRun): Promise<void> {
  const ids = openOnes(run).map((escalation) => escalation.escalation_id);
  if (ids.length === 0) return;
  await run.store.commit((tables) =>
    ids.forEach((id) => tables.escalations.resolve(id, run.clock.now(), null)),
  );
}

const openOnes = (run: JobRun) =>
  run.store.tables.escalations
    .ofJob(run.jobId)
    .filter(({ resolved_at: at, metadata }) => at === null && metadata['full_disk'] === true);
