import type { TranscriptEntry } from './transcript.ts';
import type { ModelMessage, ModelToolCall } from './model-messages.ts';

export interface LoopLimits {
  /** Model steps an agent may take. */
  maxSteps: number;
  /** An answer without a tool call ends the loop with its text (a study), or is nudged (a task). */
  textEnds: boolean;
}

export type NextStep =
  | { do: 'ask_model'; step: number }
  /** `restoreTree` is set when the call was cut off by a crash: put the worktree back first. */
  | { do: 'run_call'; step: number; call: ModelToolCall; restoreTree: string | null }
  /** Calls of one answer beyond `maxCallsPerStep`: each is answered with why it is not run. */
  | { do: 'skip_calls'; calls: readonly ModelToolCall[] }
  | { do: 'nudge'; text: string }
  | { do: 'end'; outcome: 'finished' | 'failed' | 'escalated'; summary: string };

/** How often the same call with the same result on the same tree is allowed (design.md §2). */
export const maxRepeats = 3;
const maxSilent = 2;
/** Calls of one answer that are run. The model is told of each further one that it was not. */
export const maxCallsPerStep = 32;

/**
 * The agent loop as a pure function of what is persisted: what to do next. Model step → tool calls in order → results
 * → next model step, until the agent finishes, runs out of steps, goes silent or repeats itself.
 */
export function nextStep(entries: readonly TranscriptEntry[], limits: LoopLimits): NextStep {
  const last = entries.at(-1);
  if (last?.kind === 'end') return { do: 'end', outcome: last.outcome, summary: last.summary };
  const step = entries.filter((entry) => entry.kind === 'model').length;
  const summary = finishSummary(entries);
  if (summary !== null) return { do: 'end', outcome: 'finished', summary };
  // Before what is pending: a model may repeat itself within one answer.
  const repeated = repeatedCall(entries);
  if (repeated) {
    return {
      do: 'end',
      outcome: 'escalated',
      summary: `${repeated} was called ${maxRepeats} times with the same result`,
    };
  }
  const pending = pendingCall(entries);
  if (pending && 'call' in pending) return { do: 'run_call', step, ...pending };
  if (pending) return { do: 'skip_calls', ...pending };
  if (last?.kind === 'model') return afterSilence(entries, last.text, limits);
  if (step >= limits.maxSteps)
    return { do: 'end', outcome: 'failed', summary: `no end after ${limits.maxSteps} steps` };
  return { do: 'ask_model', step: step + 1 };
}

/** The conversation so far in the shape models take. */
export function toMessages(entries: readonly TranscriptEntry[]): ModelMessage[] {
  return entries.flatMap((entry): ModelMessage[] => {
    switch (entry.kind) {
      case 'user':
        return [{ role: 'user', text: entry.text }];
      case 'model':
        return [
          {
            role: 'assistant',
            text: entry.text,
            toolCalls: entry.toolCalls,
            ...(entry.replay && { replay: entry.replay }),
          },
        ];
      case 'result':
        return [{ role: 'tool', callId: entry.callId, name: entry.name, output: entry.output }];
      case 'intent':
      case 'end':
        return [];
    }
  });
}

/** Summary of a finish call that was accepted, else null. Calls after it are not run. */
function finishSummary(entries: readonly TranscriptEntry[]): string | null {
  const result = entries.findLast((entry) => entry.kind === 'result' && entry.name === 'finish' && entry.ok);
  if (result?.kind !== 'result') return null;
  const model = entries.findLast((entry) => entry.kind === 'model');
  const call =
    model?.kind === 'model' ? model.toolCalls.find((made) => made.callId === result.callId) : undefined;
  const input = call?.input;
  const summary = typeof input === 'object' && input !== null && 'summary' in input ? input.summary : '';
  return typeof summary === 'string' ? summary : '';
}

/** First call of the last model step that has no result yet; beyond those that are run, all that have none. */
function pendingCall(
  entries: readonly TranscriptEntry[],
): { call: ModelToolCall; restoreTree: string | null } | { calls: readonly ModelToolCall[] } | null {
  const at = entries.findLastIndex((entry) => entry.kind === 'model');
  const model = entries[at];
  if (model?.kind !== 'model') return null;
  const after = entries.slice(at + 1);
  const answered = new Set(after.flatMap((entry) => (entry.kind === 'result' ? [entry.callId] : [])));
  const index = model.toolCalls.findIndex((candidate) => !answered.has(candidate.callId));
  const call = model.toolCalls[index];
  if (!call) return null;
  if (index >= maxCallsPerStep) return { calls: model.toolCalls.slice(index) };
  const intent = after.find((entry) => entry.kind === 'intent' && entry.callId === call.callId);
  return { call, restoreTree: intent?.kind === 'intent' ? intent.tree : null };
}

/** A model step without tool calls. */
function afterSilence(entries: readonly TranscriptEntry[], text: string, limits: LoopLimits): NextStep {
  if (limits.textEnds && text.trim() !== '') return { do: 'end', outcome: 'finished', summary: text.trim() };
  const models = entries.filter((entry) => entry.kind === 'model');
  const silent = models.length - 1 - models.findLastIndex((entry) => entry.toolCalls.length > 0);
  if (silent >= maxSilent)
    return { do: 'end', outcome: 'failed', summary: 'the model stopped calling tools' };
  return { do: 'nudge', text: 'Go on by calling a tool. When the work is done, call finish with a summary.' };
}

/** Name of a call that came back with the same result on the same tree `maxRepeats` times, else null. */
function repeatedCall(entries: readonly TranscriptEntry[]): string | null {
  const calls = new Map<string, ModelToolCall>();
  const seen = new Map<string, number>();
  for (const entry of entries) {
    if (entry.kind === 'model') entry.toolCalls.forEach((call) => calls.set(call.callId, call));
    // What was not run has no result that could repeat.
    if (entry.kind !== 'result' || entry.skipped) continue;
    const call = calls.get(entry.callId);
    const key = JSON.stringify([entry.name, call?.input, entry.output, entry.tree]);
    const count = (seen.get(key) ?? 0) + 1;
    if (count >= maxRepeats) return entry.name;
    seen.set(key, count);
  }
  return null;
}
