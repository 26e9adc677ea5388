import type { JobEvent } from '../../shared/job.ts';

/** How far a subscription has come: of one job, or of all where `jobId` is undefined. */
export interface FeedPosition {
  /** Id of the last event passed, or where the subscription began. */
  readonly afterId: number;
  pass(event: JobEvent): void;
  /**
   * What of the announced events, in the order of their ids, comes next; null when there may be others before them,
   * since ids (of all jobs) and `call_order` (of one) count without a gap.
   */
  follow(announced: readonly JobEvent[]): JobEvent[] | null;
}

export function createFeedPosition(jobId: string | undefined, startId: number): FeedPosition {
  let afterId = startId;
  // Unknown until an event was passed, but at the very beginning.
  let order: number | null = startId === 0 ? 0 : null;
  const ordinal = (event: JobEvent): unknown =>
    jobId === undefined ? event.id : event.metadata['call_order'];
  return {
    get afterId() {
      return afterId;
    },
    pass: (event) => {
      const passed = event.metadata['call_order'];
      afterId = event.id;
      order = typeof passed === 'number' ? passed : null;
    },
    follow: (announced) => {
      const next = announced.filter(
        (event) => event.id > afterId && (jobId === undefined || event.job_id === jobId),
      );
      let last = jobId === undefined ? afterId : order;
      for (const event of next) {
        if (last === null || ordinal(event) !== last + 1) return null;
        last += 1;
      }
      return next;
    },
  };
}
