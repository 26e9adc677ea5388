import type { SandboxSession, SandboxSpec } from '../ports/sandbox.ts';
import { JobFailed, JobStopped, type JobRun } from './engine.ts';
import { createProgress } from './progress.ts';

/** The one container in which a job's agents run commands; opened at the first command. */
export interface WorkSandbox {
  spec: SandboxSpec;
  /** Throws `JobFailed` with what to do when no container can be had. */
  session(): Promise<SandboxSession>;
  close(): Promise<void>;
}

export function createWorkSandbox(run: JobRun, spec: SandboxSpec): WorkSandbox {
  let opened: Promise<SandboxSession> | null = null;
  return {
    spec,
    session: () => (opened ??= openSandbox(run, spec)),
    close: async () => {
      const session = await opened?.catch(() => null);
      opened = null;
      await session?.close();
    },
  };
}

/** Opens a container with its progress in the timeline. */
export async function openSandbox(run: JobRun, spec: SandboxSpec): Promise<SandboxSession> {
  const progress = createProgress(run);
  const opened = await run.sandbox.open(spec, progress.tell, run.signal);
  try {
    await progress.settled();
  } catch (error) {
    if (opened.ok) await opened.value.close();
    throw error;
  }
  if (opened.ok) return opened.value;
  if (opened.error.kind === 'canceled' || run.signal.aborted) throw new JobStopped('the run was stopped');
  throw new JobFailed(`sandbox: ${opened.error.message}`);
}
