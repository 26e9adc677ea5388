import { maxCallsPerStep } from '../../domain/agent-loop.ts';
import type { ModelToolCall } from '../../domain/model-messages.ts';
import type { TranscriptEntry } from '../../domain/transcript.ts';
import type { AgentSpec, Transcript } from './run-agent.ts';

/** Calls of one answer that are kept at all. The rest would only fill the conversation, and the count tells of them. */
const maxCallsKept = 512;

/**
 * What is kept of the calls of one answer: those beyond the ones that are run keep their place and their name, so that
 * each can be answered, but not their arguments.
 */
export function keptCalls(calls: readonly ModelToolCall[]): ModelToolCall[] {
  return calls
    .slice(0, maxCallsKept)
    .map((call, index) => (index < maxCallsPerStep ? call : { ...call, input: {} }));
}

/** Answers each call that is not run with why, all in one commit and with one line in the timeline. */
export async function skipCalls(
  agent: AgentSpec,
  transcript: Transcript,
  calls: readonly ModelToolCall[],
): Promise<void> {
  const output = `Not run: of one answer at most ${maxCallsPerStep} calls are run. Make this call again if you still need it.`;
  const results = calls.map(({ callId, name }): TranscriptEntry => ({
    kind: 'result',
    callId,
    name,
    ok: false,
    output,
    tree: null,
    skipped: true,
  }));
  const text = `${agent.role}: ${calls.length} calls of one answer were not run, beyond the first ${maxCallsPerStep}`;
  await transcript.append(results, [
    { type: 'record', message: text, detail: { event_type: 'notice', text } },
  ]);
}
