import { compose } from '../../src/main/compose.ts';
import type { App, Log } from '../../src/main/api/app.ts';
import type { Result } from '../../src/shared/errors.ts';
import type { FeedFrame } from '../../src/shared/events.ts';
import { isTerminal, type JobEvent } from '../../src/shared/job.ts';
import type { InputOf, OperationName, OutputOf } from '../../src/shared/operations.ts';
import { operations } from '../../src/shared/operations.ts';

/** A whole engine in this process on a data folder of its own: the real composition, driven like a client would. */
export interface TestEngine {
  app: App;
  /** Throws the error's message when the operation fails. */
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  attempt<N extends OperationName>(name: N, input: InputOf<N>): Promise<Result<OutputOf<N>>>;
  /** Resolves with the first event of the job, past or to come, that `wanted` accepts; rejects when the job ends before. */
  until(jobId: string, wanted: (event: JobEvent) => boolean): Promise<JobEvent>;
  /** Resolves with all events of the job once it has ended. */
  ended(jobId: string): Promise<JobEvent[]>;
  stop(): Promise<void>;
}

export const quietLog = { info: () => undefined, warn: () => undefined, error: console.error };

export async function startEngine(options: {
  dataFolder: string;
  cwd?: string;
  env?: Record<string, string | undefined>;
  start?: boolean;
  /** Default: errors on the console. */
  log?: Log;
}): Promise<TestEngine> {
  const composed = await compose({
    env: {
      DOCKER_HOST: process.env['DOCKER_HOST'],
      DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0',
      ...options.env,
    },
    cwd: options.cwd ?? options.dataFolder,
    dataFolder: options.dataFolder,
    version: '0.0.0-test',
    log: options.log ?? quietLog,
  });
  if (!composed.ok) throw new Error(composed.error.message);
  const app = composed.value;
  if (options.start !== false) await app.start();
  return engineOf(app);
}

function engineOf(app: App): TestEngine {
  const attempt: TestEngine['attempt'] = async (name, input) => {
    const handler = app.handlers[name] as (input: unknown, signal: AbortSignal) => Promise<Result<never>>;
    return handler(operations[name].input.parse(input), new AbortController().signal);
  };
  const follow = (jobId: string, onFrame: (frame: FeedFrame, stop: () => void) => void): void => {
    const stop = app.feed.subscribe({ job_id: jobId, after: 0 }, (frame) => onFrame(frame, stop));
  };
  return {
    app,
    attempt,
    call: async (name, input) => {
      const result = await attempt(name, input);
      if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
      return result.value;
    },
    until: (jobId, wanted) =>
      new Promise((resolve, reject) =>
        follow(jobId, (frame, stop) => {
          if (frame.kind === 'done') reject(new Error(`job ${jobId} ended first`));
          if (frame.kind !== 'event') return;
          if (wanted(frame.event)) {
            stop();
            resolve(frame.event);
          } else if (isTerminal(frame.event.state))
            reject(new Error(`job ended first: ${frame.event.message}`));
        }),
      ),
    ended: (jobId) =>
      new Promise((resolve) => {
        const events: JobEvent[] = [];
        follow(jobId, (frame) => {
          if (frame.kind === 'event') events.push(frame.event);
          if (frame.kind === 'done') resolve(events);
        });
      }),
    stop: () => app.stop(),
  };
}
