import { type AppError, type Result } from '../../../shared/errors.ts';
import { parseEventMetadata } from '../../../shared/events.ts';
import type { Job, JobEvent } from '../../../shared/job.ts';
import { exitCode, type CliContext } from './context.ts';
import { openSession, type Session } from './session.ts';
import { clean, oneLine } from './text.ts';

/** Follows a job until it ends. Exit 0 only when it completed. */
export async function watchJob(context: CliContext, jobId: string, json: boolean): Promise<number> {
  const opened = await openSession(context, 'follow');
  if (!opened.ok) return printError(context, opened.error, json);
  const session = opened.value;
  try {
    const followed = await session.follow(jobId, 0, (event) => printEvent(context, event, json));
    if (context.signal.aborted) {
      context.err('Stopped watching; the job goes on');
      return exitCode.failed;
    }
    if (!followed.ok) return printError(context, followed.error, json);
    return await printEnd(context, session, jobId, json);
  } finally {
    await session.close();
  }
}

async function printEnd(
  context: CliContext,
  session: Session,
  jobId: string,
  json: boolean,
): Promise<number> {
  const job: Result<Job> = await session.call('jobs.get', { job_id: jobId });
  if (!job.ok) return printError(context, job.error, json);
  const { state, error } = job.value;
  if (!json) context.out(endLine(job.value));
  if (state === 'completed') return exitCode.ok;
  context.err(`Job ${jobId} ${state}${error ? `: ${oneLine(error, 300)}` : ''}`);
  return exitCode.failed;
}

const endLine = ({ job_id, state, work_branch }: Job): string =>
  state === 'completed'
    ? `Completed on ${work_branch}; see it with: dev-crew jobs report ${job_id}`
    : `Ended as ${state}`;

function printEvent({ out }: CliContext, event: JobEvent, json: boolean): void {
  if (json) out(JSON.stringify(event));
  else for (const line of eventLines(event)) out(line);
}

/** An event as a person reads it; what waits for a human says how to answer. */
export function eventLines(event: JobEvent): string[] {
  const time = event.at.slice(11, 19);
  const lines = [`${time}  ${event.state.padEnd(22)}  ${oneLine(event.message, 200)}`];
  const metadata = parseEventMetadata(event.metadata);
  const detail = (text: string): void => {
    lines.push(
      ...clean(text)
        .trimEnd()
        .split('\n')
        .slice(0, 12)
        .map((line) => `          │ ${line}`),
    );
  };
  switch (metadata?.event_type) {
    case 'agent_step':
      if (metadata.text.trim()) detail(metadata.text);
      for (const call of metadata.tool_calls) detail(`→ ${call.name} ${call.summary}`);
      break;
    case 'tool_result':
      if (!metadata.ok) detail(metadata.output);
      break;
    case 'verification':
      for (const run of metadata.result.runs) detail(`${run.passed ? 'passed' : 'FAILED'}  ${run.command}`);
      break;
    case 'waiting':
      detail(waitingAdvice(event.job_id, metadata.waiting_for, metadata.escalation_id));
      break;
    default:
      break;
  }
  return lines;
}

function waitingAdvice(jobId: string, waitingFor: string, escalationId: string | undefined): string {
  switch (waitingFor) {
    case 'plan_approval':
      return `read the plan: dev-crew jobs plan ${jobId}\nthen: dev-crew jobs approve ${jobId}, or reject ${jobId} --reason …`;
    case 'answer':
      return `answer with: dev-crew jobs answer ${jobId} ${escalationId ?? '<escalation>'} "…"`;
    default:
      return `waits for ${waitingFor}`;
  }
}

/** One line that says what to do next, or JSON; and the exit code that goes with it. */
export function printError({ err }: CliContext, error: AppError, json: boolean): number {
  err(json ? JSON.stringify({ error }) : `dev-crew: ${oneLine(error.message, 2000)}`);
  return error.code === 'invalid_input' && error.fields ? exitCode.usage : exitCode.failed;
}
