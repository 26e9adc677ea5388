import type { JobRun } from './engine.ts';

/** Tells the timeline how something long goes on. */
export interface Progress {
  /** Must not throw. Lines after one that could not be stored are dropped. */
  tell(text: string): void;
  /** Resolves once all lines are stored; throws what kept one from it (`JobStopped`, `JobFailed`). */
  settled(): Promise<void>;
}

/** Errors are kept until `settled`: a promise that nobody awaits yet would end the process when it rejects. */
export function createProgress(run: JobRun): Progress {
  let failed: { error: unknown } | null = null;
  let last: Promise<void> = Promise.resolve();
  const store = async (text: string): Promise<void> => {
    if (failed !== null) return;
    try {
      await run.commit([{ type: 'record', message: text, detail: { event_type: 'notice', text } }]);
    } catch (error) {
      failed = { error };
    }
  };
  return {
    tell: (text) => void (last = last.then(() => store(text))),
    settled: async () => {
      await last;
      if (failed !== null) throw failed.error;
    },
  };
}
