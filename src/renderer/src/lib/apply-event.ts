import { type JobEvent, type JobSummary, isTerminal } from '../../../shared/job.ts';
import { parseEventMetadata } from '../../../shared/events.ts';

/** A job as an event leaves it; the same object when nothing that a summary shows has changed. */
export function applyEvent<J extends JobSummary>(job: J, event: JobEvent): J {
  // A replay may bring what the job has long left behind.
  if (event.at < job.updated_at) return job;
  const waiting_for = waitingAfter(job, event);
  return { ...job, state: event.state, updated_at: event.at, waiting_for };
}

function waitingAfter(job: JobSummary, event: JobEvent): JobSummary['waiting_for'] {
  if (isTerminal(event.state)) return null;
  const type = event.metadata['event_type'];
  if (type === 'resumed' || type === 'plan_decision' || type === 'answered') return null;
  if (type !== 'waiting') return job.waiting_for;
  const metadata = parseEventMetadata(event.metadata);
  return metadata?.event_type === 'waiting' ? metadata.waiting_for : job.waiting_for;
}
