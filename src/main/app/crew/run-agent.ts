import type { Role } from '../../../shared/roles.ts';
import { maxCallsPerStep, nextStep, toMessages, type LoopLimits } from '../../domain/agent-loop.ts';
import type { JobCommand } from '../../domain/job-machine.ts';
import { cutMiddle, firstLine } from '../../domain/cut-text.ts';
import { toolSpecs, type ToolName } from '../../domain/tools.ts';
import type { TranscriptEntry } from '../../domain/transcript.ts';
import type { ModelToolCall } from '../../domain/model-messages.ts';
import type { CommitOptions } from '../journal.ts';
import { askOrWait, cacheKey, noticesOf, storableReplay } from './ask-model.ts';
import type { JobRun } from './engine.ts';
import { callSummary } from './call-summary.ts';
import { runCall, type ToolContext } from './run-call.ts';
import { keptCalls, skipCalls } from './skip-calls.ts';

export interface AgentSpec {
  /** Unique within the job and stable across restarts: `study:architect`, `task:t1`, `fix:2`. */
  key: string;
  role: Role;
  taskId: string | null;
  model: string;
  system: string;
  prompt: string;
  tools: readonly ToolName[];
  limits: LoopLimits;
  toolContext: ToolContext;
}

export interface AgentEnd {
  outcome: 'finished' | 'failed' | 'escalated';
  summary: string;
}

/**
 * Runs one agent to its end from whatever is persisted. Every step is committed before the next begins. Throws
 * `JobFailed` when the model cannot be reached, `JobWaits` when the agent asked a person, `JobMustWait` when the model
 * cannot be called now.
 */
export async function runAgent(run: JobRun, agent: AgentSpec): Promise<AgentEnd> {
  const entries = run.store.tables.transcript.of(run.jobId, agent.key);
  const made = new Map<string, ModelToolCall>();
  const transcript: Transcript = { entries, made, append: appender(run, agent.key, entries) };
  if (entries.length === 0)
    await transcript.append({ kind: 'user', text: await run.redactor.text(agent.prompt) });
  for (;;) {
    const next = nextStep(entries, agent.limits);
    switch (next.do) {
      case 'ask_model':
        await askModel(run, agent, transcript, next.step);
        break;
      case 'run_call':
        if (next.restoreTree !== null) await agent.toolContext.restore(next.restoreTree);
        await runCall(run, agent, transcript, next.call, next.step);
        break;
      case 'skip_calls':
        await skipCalls(agent, transcript, next.calls);
        break;
      case 'nudge':
        await transcript.append({ kind: 'user', text: next.text });
        break;
      case 'end':
        return endAgent(run, transcript, { outcome: next.outcome, summary: next.summary });
    }
  }
}

async function endAgent(run: JobRun, transcript: Transcript, end: AgentEnd): Promise<AgentEnd> {
  if (transcript.entries.at(-1)?.kind === 'end') return end;
  const summary = await run.redactor.text(end.summary);
  await transcript.append({ kind: 'end', outcome: end.outcome, summary });
  return { outcome: end.outcome, summary };
}

export interface Transcript {
  entries: readonly TranscriptEntry[];
  /** Calls of this run as the model made them, by their id. What is stored of them is redacted. */
  made: Map<string, ModelToolCall>;
  /** Persists the entry, or several, and the events that tell of it in one transaction. */
  append(
    entry: TranscriptEntry | readonly TranscriptEntry[],
    commands?: readonly JobCommand[],
    options?: Omit<CommitOptions, 'owner'>,
  ): Promise<void>;
}

function appender(run: JobRun, key: string, entries: TranscriptEntry[]): Transcript['append'] {
  return async (entry, commands = [], options = {}) => {
    const seq = entries.length;
    const added = [entry].flat();
    await run.commit(commands, {
      ...options,
      also: (tables, job, atMs) => {
        added.forEach((one, index) => tables.transcript.append(run.jobId, key, seq + index, one, atMs));
        options.also?.(tables, job, atMs);
      },
    });
    entries.push(...added);
  };
}

async function askModel(run: JobRun, agent: AgentSpec, transcript: Transcript, step: number): Promise<void> {
  const answer = await askOrWait(run, {
    model: agent.model,
    system: agent.system,
    messages: toMessages(transcript.entries),
    tools: toolSpecs(agent.tools),
    contextTokens: run.settings().context_tokens,
    cacheKey: cacheKey(run.jobId, agent.key),
    jobId: run.jobId,
    role: agent.role,
    agent: agent.key,
  });
  const made = uniqueIds(keptCalls(answer.toolCalls), step);
  const toolCalls = await run.redactor.value(made);
  const { promptTokens, completionTokens } = answer.usage;
  const text = await run.redactor.text(answer.text);
  const shown = toolCalls.slice(0, maxCallsPerStep);
  made.forEach((call) => transcript.made.set(call.callId, call));
  const isKeptWhole = made.length <= maxCallsPerStep && made.length === answer.toolCalls.length;
  const replay = await storableReplay(run, answer, isKeptWhole && text === answer.text);
  const entry = { kind: 'model', text, toolCalls, promptTokens, completionTokens, ...replay } as const;
  await transcript.append(entry, [
    ...noticesOf(answer),
    {
      type: 'record',
      message: `${agent.role}: ${firstLine(text, 200) || shown.map(callText).join(', ') || 'no answer'}`,
      detail: {
        event_type: 'agent_step',
        agent: agent.key,
        agent_role: agent.role,
        task_id: agent.taskId,
        step,
        text: cutMiddle(text, 4096),
        tool_calls: shown.map((call) => ({
          call_id: call.callId,
          name: call.name,
          summary: callSummary(call),
        })),
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
      },
    },
  ]);
}

/** Ids are ours: models repeat theirs from step to step, or within one. */
function uniqueIds(calls: readonly ModelToolCall[], step: number): ModelToolCall[] {
  return calls.map((call, index) => ({ ...call, callId: `s${step}c${index + 1}` }));
}

const callText = (call: ModelToolCall): string => firstLine(`${call.name} ${callSummary(call)}`, 120);
