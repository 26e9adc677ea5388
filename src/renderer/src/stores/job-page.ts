import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { Result } from '../../../shared/errors.ts';
import type { Escalation } from '../../../shared/escalation.ts';
import type { FeedFrame } from '../../../shared/events.ts';
import { type Job, isTerminal } from '../../../shared/job.ts';
import type { OutputOf } from '../../../shared/operations.ts';
import type { Report } from '../../../shared/report.ts';
import type { Spending } from '../../../shared/usage-report.ts';
import { applyEvent } from '../lib/apply-event.ts';
import { coalesce } from './coalesce.ts';
import type { Feed } from './feed.ts';
import { createTimeline } from './job-timeline.ts';
import { type Loadable, notLoaded, settle, startLoading } from './loadable.ts';

export interface JobParts {
  plan: OutputOf<'jobs.plan'>;
  diff: OutputOf<'jobs.diff'>;
  report: Report;
  escalations: Escalation[];
  spending: Spending;
}
export type JobPart = keyof JobParts;

export type JobPageState = { job: Loadable<Job> } & { [P in JobPart]: Loadable<JobParts[P]> };

/** Which events make which loaded part out of date. */
const outdatedBy: Record<string, readonly JobPart[]> = {
  plan_submitted: ['plan'],
  snapshot: ['diff'],
  committed: ['diff'],
  escalation: ['escalations'],
  waiting: ['plan', 'escalations', 'spending'],
  resumed: ['spending'],
  budget_changed: ['spending'],
  task_status: ['spending'],
  answered: ['escalations'],
};
/** Steps of agents come by the hundred and change nothing that only `jobs.get` knows and the page shows. */
const leavesJobAlone = new Set(['agent_step', 'tool_result', 'progress', 'notice', 'agent_decision']);

/** Everything that the page of one job shows. Lives as long as the page does. */
export function createJobPage(client: CrewClient, feed: Feed, jobId: string) {
  const store = createStore<JobPageState>(() => ({
    job: { ...notLoaded, loading: true },
    plan: notLoaded,
    diff: notLoaded,
    report: notLoaded,
    escalations: notLoaded,
    spending: notLoaded,
  }));
  const { getState: get, setState: set } = store;
  const timeline = createTimeline(client, jobId);

  const refreshJob = coalesce(async () => {
    set({ job: startLoading(get().job) });
    set({ job: settle(get().job, await client.call('jobs.get', { job_id: jobId })) });
  });
  const load = {
    plan: coalesce(() => fill('plan', () => client.call('jobs.plan', { job_id: jobId }))),
    diff: coalesce(() => fill('diff', () => client.call('jobs.diff', { job_id: jobId }))),
    report: coalesce(() => fill('report', () => client.call('jobs.report', { job_id: jobId }))),
    escalations: coalesce(() =>
      fill('escalations', () => client.call('jobs.escalations', { job_id: jobId })),
    ),
    spending: coalesce(() => fill('spending', () => client.call('jobs.spending', { job_id: jobId }))),
  };
  async function fill<P extends JobPart>(part: P, ask: () => Promise<Result<JobParts[P]>>): Promise<void> {
    const put = (value: Loadable<JobParts[P]>): void => set({ [part]: value } as Partial<JobPageState>);
    put(startLoading(get()[part] as Loadable<JobParts[P]>));
    const result = await ask();
    put(settle(get()[part] as Loadable<JobParts[P]>, result));
  }
  const isWanted = (part: JobPart): boolean => get()[part] !== notLoaded;

  const takeFrames = (frames: readonly FeedFrame[]): void => {
    const mine = frames.filter((frame) => jobIdOf(frame) === jobId);
    if (mine.length === 0) return;
    timeline.take(mine);
    const outdated = new Set<JobPart>();
    let job = get().job.value;
    let isOld = false;
    for (const frame of mine) {
      if (frame.kind !== 'event') continue;
      const type = String(frame.event.metadata['event_type']);
      if (job) job = applyEvent(job, frame.event);
      isOld ||= !leavesJobAlone.has(type);
      for (const part of outdatedBy[type] ?? []) outdated.add(part);
      if (isTerminal(frame.event.state)) outdated.add('report').add('diff').add('spending');
    }
    if (job !== get().job.value) set({ job: { ...get().job, value: job } });
    if (isOld) void refreshJob();
    for (const part of outdated) if (isWanted(part)) void load[part]();
  };

  const reload = (): void => {
    void refreshJob();
    void timeline.catchUp();
    for (const part of ['plan', 'diff', 'report', 'escalations'] as const)
      if (isWanted(part)) void load[part]();
  };

  /** After an action the job is asked for anew, also when it failed: someone else may have been faster. */
  async function act<T>(result: Promise<Result<T>>): Promise<Result<T>> {
    const settled = await result;
    void refreshJob();
    return settled;
  }

  return {
    jobId,
    store,
    timeline,
    reload,
    /** Begins to load and follow; returns the stop. */
    open(): () => void {
      const stop = feed.listen({ frames: takeFrames, opened: reload });
      reload();
      return stop;
    },
    /** Asks for a part unless it is there or on its way. */
    want(part: JobPart): void {
      if (!isWanted(part)) void load[part]();
    },
    reloadPart: (part: JobPart): void => void load[part](),
    approve: (version?: number) => act(client.call('jobs.approve', { job_id: jobId, version })),
    reject: (reason: string) => act(client.call('jobs.reject', { job_id: jobId, reason })),
    cancel: (reason: string) => act(client.call('jobs.cancel', { job_id: jobId, reason })),
    raise: (limits: { max_cost_usd?: number | null; max_tokens?: number | null }) =>
      act(client.call('jobs.raiseBudget', { job_id: jobId, ...limits })),
    retry: () => act(client.call('jobs.retry', { job_id: jobId })),
    answer: (escalationId: string, answer: string) =>
      act(client.call('jobs.answer', { job_id: jobId, escalation_id: escalationId, answer })),
  };
}
export type JobPage = ReturnType<typeof createJobPage>;

const jobIdOf = (frame: FeedFrame): string => (frame.kind === 'event' ? frame.event.job_id : frame.job_id);
