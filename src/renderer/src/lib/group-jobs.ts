import { type JobSummary, isTerminal } from '../../../shared/job.ts';
import type { JobsState, Scope } from '../stores/jobs.ts';

type Group = 'needs_you' | 'active' | 'earlier';
export type ListItem = { kind: 'group'; group: Group; count: number } | { kind: 'job'; jobId: string };

const groups: readonly Group[] = ['needs_you', 'active', 'earlier'];
const groupOf = (job: JobSummary): Group =>
  job.waiting_for ? 'needs_you' : isTerminal(job.state) ? 'earlier' : 'active';

/** The list of all jobs puts first what needs a human, then what is going on; a list of one kind stays as it is. */
export function groupJobs(
  scope: Scope,
  ids: readonly string[],
  byId: Readonly<Record<string, JobSummary>>,
): ListItem[] {
  if (scope !== 'all') return ids.map((jobId) => ({ kind: 'job', jobId }));
  const members: Record<Group, string[]> = { needs_you: [], active: [], earlier: [] };
  for (const id of ids) {
    const job = byId[id];
    if (job) members[groupOf(job)].push(id);
  }
  return groups.flatMap((group): ListItem[] => {
    const jobs = members[group];
    if (jobs.length === 0) return [];
    return [
      { kind: 'group', group, count: jobs.length },
      ...jobs.map((jobId) => ({ kind: 'job' as const, jobId })),
    ];
  });
}

const isSame = (a: ListItem, b: ListItem | undefined): boolean =>
  a.kind === 'job'
    ? b?.kind === 'job' && a.jobId === b.jobId
    : b?.kind === 'group' && a.group === b.group && a.count === b.count;

/** `groupJobs` for a list on the screen: the same array for as long as it says the same. */
export function createGrouping(): (state: Pick<JobsState, 'scope' | 'ids' | 'byId'>) => readonly ListItem[] {
  let items: readonly ListItem[] = [];
  return ({ scope, ids, byId }) => {
    const fresh = groupJobs(scope, ids, byId);
    const isAsBefore =
      fresh.length === items.length && fresh.every((item, index) => isSame(item, items[index]));
    if (!isAsBefore) items = fresh;
    return items;
  };
}
