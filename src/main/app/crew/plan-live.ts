import type { Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/roles.ts';
import { selectSpecialists } from '../../domain/crew-selection.ts';
import type { JobCommand } from '../../domain/job-machine.ts';
import { checkPlan } from '../../domain/plan-graph.ts';
import {
  extractJson,
  planJsonSchema,
  planPrompt,
  repairPrompt,
  studyPrompt,
  systemPrompt,
} from '../../domain/prompts.ts';
import { toMessages } from '../../domain/agent-loop.ts';
import { readOnlyTools } from '../../domain/tools.ts';
import type { TranscriptEntry } from '../../domain/transcript.ts';
import type { RepoContext, WorkspaceHandle } from '../ports/workspace.ts';
import { askOrWait, cacheKey, JobMustWait, noticesOf, storableReplay } from './ask-model.ts';
import { decision, orchestration, step } from './dry-run.ts';
import { JobFailed, type JobRun } from './engine.ts';
import { contextFact, crewFact, findingsFact, workspaceFact } from './facts.ts';
import { runAgent } from './run-agent.ts';

/** Steps a specialist may take to study, and how often the leader may mend its plan (design.md §2). */
const studySteps = 12;
const repairRounds = 2;

interface Finding {
  role: Role;
  text: string;
}

/** Specialists study in parallel, the leader makes the plan, the plan goes to the gate. */
export async function planLive(run: JobRun): Promise<void> {
  const handle = workspaceFact.get(run.store.tables, run.jobId);
  const context = contextFact.get(run.store.tables, run.jobId);
  if (!handle || !context) throw new Error('planning without a workspace');
  const job = run.job();
  const findings = findingsFact.get(run.store.tables, run.jobId) ?? (await panOut(run, handle, context));
  const plan = await leaderPlan(run, context, findings);
  const version = job.planVersion + 1;
  await run.commit(
    [
      decision('leader', 'pan_in', `Plan with ${plan.tasks.length} tasks: ${plan.pr.title}`),
      step('pan_in', 'completed'),
      step('aggregation', 'completed', { task_count: plan.tasks.length }),
      { type: 'submit_plan', taskCount: plan.tasks.length },
    ],
    { also: (tables, _, atMs) => tables.plans.insert(run.jobId, version, plan, atMs) },
  );
}

/** Each commit leaves a fact, so that a restart repeats neither the study nor its events. */
async function panOut(run: JobRun, handle: WorkspaceHandle, context: RepoContext): Promise<Finding[]> {
  const job = run.job();
  const known = crewFact.get(run.store.tables, run.jobId);
  const chosen = known ?? selectSpecialists(job.specialists, job.goal, context.files);
  if (!known) {
    await run.commit([step('pan_out', 'started', { roles: chosen })], {
      audit: [orchestration(run, job.mode, chosen)],
      also: (tables) => crewFact.set(tables, run.jobId, chosen),
    });
  }
  const findings = await allOrAbort(run, chosen, (inner, role) => study(inner, handle, context, role));
  await run.commit(
    [
      ...findings.map(({ role, text }) => decision(role, 'pan_out', text)),
      step('pan_out', 'completed', { roles: chosen }),
    ],
    { also: (tables) => findingsFact.set(tables, run.jobId, findings) },
  );
  return findings;
}

/**
 * All at once; the first that fails stops the others, and only then is its error thrown. One that has to wait stops
 * nobody: what the others are at is not to be lost, and the job waits when they have come to an end.
 */
async function allOrAbort<T>(
  run: JobRun,
  chosen: readonly Role[],
  act: (inner: JobRun, role: Role) => Promise<T>,
): Promise<T[]> {
  const siblings = new AbortController();
  const inner = { ...run, signal: AbortSignal.any([run.signal, siblings.signal]) };
  let first: unknown = null;
  let wait: unknown = null;
  const settled = await Promise.all(
    chosen.map((role) =>
      act(inner, role).catch((error: unknown) => {
        if (error instanceof JobMustWait) wait ??= error;
        else {
          first ??= error;
          siblings.abort();
        }
        return null;
      }),
    ),
  );
  const reason = first ?? wait;
  if (reason !== null) throw reason as Error;
  return settled.filter((value) => value !== null);
}

async function study(
  run: JobRun,
  handle: WorkspaceHandle,
  context: RepoContext,
  role: Role,
): Promise<Finding> {
  const job = run.job();
  const end = await runAgent(run, {
    key: `study:${role}`,
    role,
    taskId: null,
    model: job.model,
    system: systemPrompt(role, 'study'),
    prompt: studyPrompt(job.goal, context),
    tools: readOnlyTools,
    limits: { maxSteps: studySteps, textEnds: true },
    toolContext: {
      files: run.openFiles(handle.worktree),
      sandbox: null,
      tree: () => Promise.resolve(null),
      changed: () => undefined,
      restore: () => Promise.resolve(),
      ensureRoom: () => Promise.resolve(),
    },
  });
  return { role, text: end.outcome === 'finished' ? end.summary : `(no findings: ${end.summary})` };
}

/** One answer and up to two repairs; each persisted, so a restart goes on with the repair it was at. */
async function leaderPlan(run: JobRun, context: RepoContext, findings: readonly Finding[]): Promise<Plan> {
  const key = `plan:${run.job().planVersion + 1}`;
  const entries = run.store.tables.transcript.of(run.jobId, key);
  const append = async (entry: TranscriptEntry, commands: readonly JobCommand[] = []): Promise<void> => {
    await run.commit(commands, {
      also: (tables, _, atMs) => tables.transcript.append(run.jobId, key, entries.length, entry, atMs),
    });
    entries.push(entry);
  };
  if (entries.length === 0) {
    await append({
      kind: 'user',
      text: await run.redactor.text(planPrompt(run.job().goal, context, findings)),
    });
  }
  for (;;) {
    const last = entries.at(-1);
    if (last?.kind !== 'model') {
      const { entry, commands } = await askLeader(run, key, entries);
      await append(entry, commands);
      continue;
    }
    const checked = checkPlan(extractJson(last.text), (command) => run.policy.refuse(command));
    if (checked.ok) return run.redactor.value(checked.value);
    if (entries.filter((entry) => entry.kind === 'model').length > repairRounds) {
      const first = checked.error[0];
      throw new JobFailed(
        `the leader made no valid plan in ${repairRounds + 1} tries: ${first?.path || 'plan'}: ${first?.message ?? ''}`,
      );
    }
    await append({ kind: 'user', text: repairPrompt(checked.error) });
  }
}

async function askLeader(
  run: JobRun,
  key: string,
  entries: readonly TranscriptEntry[],
): Promise<{ entry: TranscriptEntry; commands: JobCommand[] }> {
  const answer = await askOrWait(run, {
    model: run.job().managerModel,
    system: systemPrompt('leader', 'plan'),
    messages: toMessages(entries),
    tools: [],
    responseSchema: planJsonSchema(),
    contextTokens: run.settings().context_tokens,
    cacheKey: cacheKey(run.jobId, key),
    jobId: run.jobId,
    role: 'leader',
    agent: key,
  });
  const { promptTokens, completionTokens } = answer.usage;
  const text = await run.redactor.text(answer.text);
  const replay = await storableReplay(run, answer, answer.toolCalls.length === 0 && text === answer.text);
  return {
    entry: { kind: 'model', text, toolCalls: [], promptTokens, completionTokens, ...replay },
    commands: noticesOf(answer),
  };
}
