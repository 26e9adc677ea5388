import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import { type AppError, type Result } from '../../../shared/errors.ts';
import type { EscalationView } from '../../../shared/escalation.ts';
import { type JobEvent, type JobSummary, isTerminal } from '../../../shared/job.ts';
import { coalesce } from './coalesce.ts';
import type { Feed } from './feed.ts';

export interface InboxState {
  /** Jobs that wait for a human, newest first. */
  waiting: readonly JobSummary[];
  /** Open escalations that are not questions of a waiting job. */
  notices: readonly EscalationView[];
  /** Question of each job that waits for an answer. */
  questions: Readonly<Record<string, EscalationView>>;
  count: number;
  loaded: boolean;
  error: AppError | null;
}

const relevant = new Set(['waiting', 'resumed', 'plan_decision', 'escalation', 'answered']);

/** An end may come with an escalation, and an ended job waits for nothing; other steps of a job need nobody. */
const matters = ({ state, metadata }: JobEvent): boolean =>
  relevant.has(String(metadata['event_type'])) ||
  (metadata['event_type'] === 'state_transition' && isTerminal(state));

/** Everything that needs a human, reloaded when an event says that it may have changed. */
export function createInbox(client: CrewClient, feed: Feed) {
  const store = createStore<InboxState>(() => ({
    waiting: [],
    notices: [],
    questions: {},
    count: 0,
    loaded: false,
    error: null,
  }));

  const refresh = coalesce(async () => {
    const [jobs, escalations] = await Promise.all([
      client.call('jobs.list', { waiting: true, limit: 1000 }),
      client.call('escalations.list', { open: true, limit: 1000 }),
    ]);
    if (!jobs.ok) return store.setState({ error: jobs.error });
    if (!escalations.ok) return store.setState({ error: escalations.error });
    store.setState({ ...sortOut(jobs.value.jobs, escalations.value.escalations), loaded: true, error: null });
  });

  feed.listen({
    opened: () => void refresh(),
    frames(frames) {
      if (frames.some((frame) => frame.kind === 'event' && matters(frame.event))) void refresh();
    },
  });

  return {
    store,
    refresh,
    async markSeen(escalationId: string): Promise<Result<unknown>> {
      const result = await client.call('escalations.resolve', { escalation_id: escalationId });
      await refresh();
      return result;
    },
  };
}
export type Inbox = ReturnType<typeof createInbox>;

export const questionOf = (escalation: { metadata: Record<string, unknown> }): string | null => {
  const question = escalation.metadata['question'];
  return typeof question === 'string' ? question : null;
};

/** Answers that the crew proposes with a question. */
export const optionsOf = (escalation: { metadata: Record<string, unknown> }): string[] => {
  const options = escalation.metadata['options'];
  return Array.isArray(options) ? options.filter((option) => typeof option === 'string') : [];
};

/** Why a job waits for its budget (docs/glossary.md, escalation). */
const budgetSchema = z.object({
  kind: z.literal('budget'),
  limit: z.enum(['job', 'day', 'account']),
  unit: z.enum(['usd', 'tokens']),
  max: z.number(),
  /** The lowest limit with which the next call fits. */
  raise_to: z.number(),
});
export type BudgetShortfall = z.infer<typeof budgetSchema>;

export function budgetOf(escalation: { metadata: Record<string, unknown> }): BudgetShortfall | null {
  const parsed = budgetSchema.safeParse(escalation.metadata);
  return parsed.success ? parsed.data : null;
}

/** A question or a budget counts once, with the job that waits for its answer. */
export function sortOut(
  waiting: readonly JobSummary[],
  escalations: readonly EscalationView[],
): Pick<InboxState, 'waiting' | 'notices' | 'questions' | 'count'> {
  const idsOf = (kind: JobSummary['waiting_for']): Set<string> =>
    new Set(waiting.filter((job) => job.waiting_for === kind).map((job) => job.job_id));
  const asking = idsOf('answer');
  const held = idsOf('budget');
  const questions: Record<string, EscalationView> = {};
  const notices: EscalationView[] = [];
  for (const escalation of escalations) {
    if (budgetOf(escalation) !== null && held.has(escalation.job_id)) continue;
    if (questionOf(escalation) === null) notices.push(escalation);
    else if (asking.has(escalation.job_id)) questions[escalation.job_id] ??= escalation;
  }
  return { waiting, notices, questions, count: waiting.length + notices.length };
}
