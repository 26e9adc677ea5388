import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { z } from 'zod';
import {
  err,
  errorCodeSchema,
  fail,
  fieldErrorSchema,
  httpStatusOf,
  type AppError,
  type ErrorCode,
  type Result,
} from '../../../../shared/errors.ts';
import { jobEventSchema, type JobEvent } from '../../../../shared/job.ts';
import {
  operations,
  type InputOf,
  type OperationName,
  type OutputOf,
} from '../../../../shared/operations.ts';
import { fieldsMessage } from '../../field-errors.ts';
import { errorHeaders } from '../error-headers.ts';
import { operationRequest } from './request.ts';

export interface HttpClient {
  /** Expected failures come back; a server that is gone is `unavailable`. */
  call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    signal?: AbortSignal,
  ): Promise<Result<OutputOf<N>>>;
  /**
   * Events of a job above `after` until it ends. Reconnects without a gap or a repeat while the server is there;
   * returns `ok` after `done`, or the error that ended it.
   */
  follow(
    jobId: string,
    after: number,
    onEvent: (event: JobEvent) => void,
    signal: AbortSignal,
  ): Promise<Result<null>>;
}

export interface HttpClientOptions {
  /** Without a slash at the end. */
  url: string;
  token: string | null;
}

export function createHttpClient({ url, token }: HttpClientOptions): HttpClient {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const send = async (path: string, init: RequestInit): Promise<Result<Response>> => {
    try {
      return { ok: true, value: await fetch(`${url}${path}`, { redirect: 'error', ...init }) };
    } catch (error) {
      if (init.signal?.aborted) return fail('unavailable', 'Stopped');
      return fail(
        'unavailable',
        `No Dev Crew answers at ${url} (${reason(error)}); start it with: dev-crew serve`,
      );
    }
  };

  return {
    async call(name, input, signal) {
      const { method, path, headers, body } = operationRequest(operations[name].http, input);
      const init = { method, body, signal: signal ?? null, headers: { ...headers, ...authorization } };
      const sent = await send(path, init);
      if (!sent.ok) return sent;
      if (!sent.value.ok) return readError(sent.value);
      const output = await readJson(sent.value);
      const parsed = operations[name].output.safeParse(output);
      if (!parsed.success)
        return fail(
          'unavailable',
          `${url} did not answer as Dev Crew does; is it another program or version?`,
        );
      return { ok: true, value: parsed.data as OutputOf<typeof name> };
    },

    async follow(jobId, after, onEvent, signal) {
      let position = after;
      // Cut again and again before a single event: something between us and the server does not let streams through.
      for (let idle = 0; idle < 3; idle += 1) {
        const sent = await send(`/jobs/${encodeURIComponent(jobId)}/events`, {
          signal,
          headers: { ...authorization, 'last-event-id': String(position) },
        });
        if (!sent.ok) return sent;
        if (!sent.value.ok || sent.value.body === null) return readError(sent.value);
        const end = await readEvents(sent.value.body, (event) => {
          position = event.id;
          idle = 0;
          onEvent(event);
        });
        if (end === 'done') return { ok: true, value: null };
        if (signal.aborted) return fail('unavailable', 'Stopped');
      }
      return fail('unavailable', `The connection to ${url} is cut before any event arrives`);
    },
  };
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: JobEvent) => void,
): Promise<'done' | 'cut'> {
  const messages: ReadableStream<EventSourceMessage> = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream());
  const reader = messages.getReader();
  for (;;) {
    // A cut connection ends here; what the listener throws is a defect and passes.
    const next = await reader.read().catch(() => null);
    if (next === null || next.done) return 'cut';
    if (next.value.event === 'done') {
      await reader.cancel().catch(() => undefined);
      return 'done';
    }
    if (next.value.event === 'job_event') onEvent(jobEventSchema.parse(JSON.parse(next.value.data)));
  }
}

const detailSchema = z.object({ detail: z.union([z.string(), z.array(fieldErrorSchema)]) });

/** The error as the server's `invoke` returned it; the code is in a header, since 409 has two. */
async function readError(response: Response): Promise<Result<never>> {
  const parsed = detailSchema.safeParse(await readJson(response));
  const named = errorCodeSchema.safeParse(response.headers.get(errorHeaders.code));
  const code = named.success ? named.data : codeOf(response.status);
  if (!parsed.success) return fail(code, `The server answered ${response.status} ${response.statusText}`);
  const { detail } = parsed.data;
  const correlationId = response.headers.get(errorHeaders.correlation);
  return err<AppError>({
    code,
    message: typeof detail === 'string' ? detail : fieldsMessage(detail),
    ...(typeof detail !== 'string' && { fields: detail }),
    ...(correlationId !== null && { correlation_id: correlationId }),
  });
}

function codeOf(status: number): ErrorCode {
  const found = Object.entries(httpStatusOf).find(([, value]) => value === status)?.[0];
  return found === undefined
    ? status < 500
      ? 'invalid_input'
      : 'unavailable'
    : errorCodeSchema.parse(found);
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}
