import { cutMiddle, firstLine } from '../../domain/cut-text.ts';
import { changesWorktree, parseCall, type ParsedCall } from '../../domain/tools.ts';
import type { ModelToolCall } from '../../domain/model-messages.ts';
import type { JobCommand } from '../../domain/job-machine.ts';
import type { CommitOptions } from '../journal.ts';
import type { WorktreeFiles } from '../ports/workspace.ts';
import { JobWaits, type JobRun } from './engine.ts';
import { runFileTool } from './file-tools.ts';
import { withoutFilling } from './full-disk.ts';
import { callSummary } from './call-summary.ts';
import type { AgentSpec, Transcript } from './run-agent.ts';
import type { WorkSandbox } from './work-sandbox.ts';
import { runCommandTool } from './command-tool.ts';

/** Where an agent's tools act. A reader has no sandbox and its tree never changes. */
export interface ToolContext {
  files: WorktreeFiles;
  /** Null for agents that only read. */
  sandbox: WorkSandbox | null;
  /** Git tree of the worktree; null for readers. Read anew only after `changed` or `restore`. */
  tree(): Promise<string | null>;
  /** A call may have changed the worktree. Nothing else does: no process outlives its command. */
  changed(): void;
  restore(tree: string, options?: { ignoredToo: boolean }): Promise<void>;
  /** Throws `DiskFull` when there is no room to change anything. */
  ensureRoom(): Promise<void>;
}

/** What a tool answered. `output` goes to the model, redacted and cut before it is stored. */
export interface ToolAnswer {
  ok: boolean;
  output: string;
  sandboxRun?: boolean;
  durationMs?: number;
  commands?: readonly JobCommand[];
  options?: Omit<CommitOptions, 'owner'>;
}

const maxModelOutput = 24_000;

/**
 * Runs one call of a model and persists its result; a call that changes the worktree is announced by an intent. `call`
 * is the call as stored, redacted; what is run is the call as made.
 */
export async function runCall(
  run: JobRun,
  agent: AgentSpec,
  transcript: Transcript,
  call: ModelToolCall,
  step: number,
): Promise<void> {
  const parsed = parseMade(transcript, agent, call);
  const started = run.clock.now();
  let answer: ToolAnswer;
  if (!parsed.ok) answer = { ok: false, output: parsed.message };
  else if (parsed.call.name === 'ask_human') return askHuman(run, agent, call, parsed.call.input);
  else {
    const changes = changesWorktree(parsed.call.name);
    if (changes) {
      await agent.toolContext.ensureRoom();
      await announce(transcript, call, agent.toolContext);
    }
    answer = await dispatch(run, agent, parsed.call);
    if (changes) {
      agent.toolContext.changed();
      answer = await withoutFilling(transcript, call, agent.toolContext, answer);
    }
  }
  const tree = await agent.toolContext.tree();
  const output = cutMiddle(await run.redactor.text(answer.output), maxModelOutput);
  const name = parsed.ok ? parsed.call.name : call.name;
  const result = {
    type: 'record',
    message: `${agent.role}: ${name} ${callSummary(call)} → ${answer.ok ? 'ok' : firstLine(output, 160)}`,
    detail: {
      event_type: 'tool_result',
      agent: agent.key,
      agent_role: agent.role,
      task_id: agent.taskId,
      step,
      call_id: call.callId,
      name,
      ok: answer.ok,
      output: cutMiddle(output, 4096),
      duration_ms: answer.durationMs ?? run.clock.now() - started,
      sandbox_run: answer.sandboxRun ?? false,
    },
  } as const satisfies JobCommand;
  await transcript.append(
    { kind: 'result', callId: call.callId, name, ok: answer.ok, output, tree },
    [...(answer.commands ?? []), result],
    answer.options,
  );
}

const interrupted =
  'The work was interrupted, and arguments that hold secrets or personal data are not kept. Make the call again.';

/** After a restart only the stored call is left, which is as good as the made one unless something was redacted. */
function parseMade(
  transcript: Transcript,
  agent: AgentSpec,
  call: ModelToolCall,
): ReturnType<typeof parseCall> {
  const made = transcript.made.get(call.callId);
  if (made === undefined && JSON.stringify(call.input ?? null).includes('[redacted:'))
    return { ok: false, message: interrupted };
  const { name, input } = made ?? call;
  return parseCall(name, input, agent.tools);
}

/** Persisted before the act, so that a crash in the middle is undone and the call done once more. */
async function announce(transcript: Transcript, call: ModelToolCall, context: ToolContext): Promise<void> {
  const tree = await context.tree();
  const announced = transcript.entries.some(
    (entry) => entry.kind === 'intent' && entry.callId === call.callId,
  );
  if (tree !== null && !announced) await transcript.append({ kind: 'intent', callId: call.callId, tree });
}

async function dispatch(run: JobRun, agent: AgentSpec, call: ParsedCall): Promise<ToolAnswer> {
  switch (call.name) {
    case 'run_command':
      return runCommandTool(run, agent, call.input);
    case 'update_progress':
      return { ok: true, output: 'noted', commands: [progress(agent, call.input.text)] };
    case 'finish':
      return { ok: true, output: 'finished' };
    case 'ask_human':
      throw new Error('ask_human is answered by a person');
    default:
      return runFileTool(agent.toolContext.files, call, run.signal);
  }
}

function progress(agent: AgentSpec, text: string): JobCommand {
  return {
    type: 'record',
    message: text,
    detail: { event_type: 'progress', agent: agent.key, agent_role: agent.role, task_id: agent.taskId, text },
  };
}

/** The job waits off the queue and without a container; the answer becomes the call's result (see answer-question.ts). */
async function askHuman(
  run: JobRun,
  agent: AgentSpec,
  call: ModelToolCall,
  input: { question: string; options: string[] },
): Promise<never> {
  await agent.toolContext.sandbox?.close();
  const id = run.ids.uuid();
  const question = firstLine(await run.redactor.text(input.question), 300);
  await run.commit(
    [{ type: 'wait', for: 'answer', escalationId: id, reason: `${agent.role} asks: ${question}` }],
    {
      escalation: {
        id,
        severity: 'info',
        reason: question,
        metadata: {
          question: input.question,
          options: input.options,
          agent: agent.key,
          agent_role: agent.role,
          call_id: call.callId,
        },
      },
      also: (tables) => tables.queue.remove(run.jobId),
    },
  );
  throw new JobWaits('a question waits for its answer');
}
