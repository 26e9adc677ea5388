import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { err, type AppError, type Result } from '../../../shared/errors.ts';
import type { FeedRequest } from '../../../shared/events.ts';
import type { Feed } from '../../app/ports/system.ts';
import type { Invoke } from '../invoke.ts';
import { encodeJobFrame, encodePageFrame, startAfter, streamEvents } from './event-stream.ts';
import { sendAppError } from './errors.ts';

export interface EventRouteDeps {
  invoke: Invoke;
  feed: Feed;
  heartbeatMs: number;
  /** Aborted when the server stops. */
  stopping: AbortSignal;
}

const eventStream = (description: string): Record<string, unknown> => ({
  200: { description, content: { 'text/event-stream': { schema: z.string() } } },
});
const lastEventId = z.object({ 'last-event-id': z.string().optional() });
const position = { after: z.coerce.number().int().min(0).optional() };

/**
 * `GET /jobs/{job_id}/events` exactly as compatibility.md has it, and `GET /events` for the pages: all jobs or one,
 * with deltas, from now on unless `after` says where to start.
 */
export function addEventRoutes(server: FastifyInstance, deps: EventRouteDeps): void {
  server.get('/jobs/:job_id/events', {
    exposeHeadRoute: false,
    schema: {
      operationId: 'jobs.events',
      summary: 'Follow the events of a job until it ends',
      tags: ['jobs'],
      params: z.object({ job_id: z.string() }),
      querystring: z.object(position),
      headers: lastEventId,
      response: eventStream('`job_event` for each event, then `done`'),
    },
    handler: async (request, reply) => {
      const jobId = (request.params as { job_id: string }).job_id;
      await follow(deps, request, reply, { jobId, isPage: false });
    },
  });
  server.get('/events', {
    exposeHeadRoute: false,
    schema: {
      operationId: 'events',
      summary: 'Follow all jobs, or one, with the text of agents as it streams',
      tags: ['events'],
      querystring: z.object({ ...position, job_id: z.string().optional() }),
      headers: lastEventId,
      response: eventStream('`job_event`, `delta` and, for one job, `done`'),
    },
    handler: async (request, reply) => {
      const jobId = (request.query as { job_id?: unknown }).job_id;
      await follow(deps, request, reply, { jobId: jobId === '' ? undefined : jobId, isPage: true });
    },
  });
}

async function follow(
  deps: EventRouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { jobId, isPage }: { jobId: unknown; isPage: boolean },
): Promise<void> {
  const wanted = await feedRequest(deps, request, jobId, isPage);
  if (!wanted.ok) {
    await sendAppError(reply, wanted.error);
    return;
  }
  reply.hijack();
  streamEvents(reply.raw, {
    feed: deps.feed,
    request: wanted.value,
    encode: isPage ? encodePageFrame : encodeJobFrame,
    isLast: (frame) => jobId !== undefined && frame.kind === 'done',
    heartbeatMs: deps.heartbeatMs,
    signal: deps.stopping,
  });
}

async function feedRequest(
  { invoke, stopping }: EventRouteDeps,
  request: FastifyRequest,
  jobId: unknown,
  isPage: boolean,
): Promise<Result<FeedRequest>> {
  const after = startAfter(request.headers['last-event-id'], (request.query as { after?: unknown }).after);
  if (after === null) {
    const msg = 'Input should be the id of an event, a whole number';
    const fields = [{ loc: ['query', 'after'], msg, type: 'int_parsing' }];
    return err<AppError>({ code: 'invalid_input', message: msg, fields });
  }
  if (jobId === undefined) return { ok: true, value: { after } };
  const job = await invoke('jobs.get', { job_id: jobId }, stopping);
  if (!job.ok) return job;
  // A job's own stream begins at its first event; the pages have the history already and say where to go on.
  return { ok: true, value: { job_id: jobId as string, after: after ?? (isPage ? undefined : 0) } };
}
