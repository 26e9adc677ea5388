import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { protocolOf } from './protocols.ts';
import type { Recorder, ServerState } from './record.ts';
import { sendJson } from './respond.ts';

const waitSchema = z.object({
  /** Gate that a stream stands at. */
  gate: z.string().optional(),
  /** Number of chat requests seen. */
  chats: z.coerce.number().int().optional(),
  /** Number of requests that the client gave up. */
  aborted: z.coerce.number().int().optional(),
});

/**
 * The control calls: `GET /__control/state`; `POST /__control/release {"gate": …}`;
 * `GET /__control/wait?gate=…&chats=N&aborted=N`, which answers with the state once all that is asked for is so.
 */
export async function answerControl(
  recorder: Recorder,
  state: () => ServerState,
  url: URL,
  text: string,
  response: ServerResponse,
): Promise<void> {
  switch (url.pathname) {
    case '/__control/state': {
      sendJson(response, 200, state());
      return;
    }
    case '/__control/release': {
      const body = z.object({ gate: z.string() }).safeParse(JSON.parse(text));
      if (!body.success) {
        sendJson(response, 400, { error: 'expected {"gate": "<name>"}' });
        return;
      }
      recorder.release(body.data.gate);
      sendJson(response, 200, { released: body.data.gate });
      return;
    }
    case '/__control/wait': {
      const query = waitSchema.safeParse(Object.fromEntries(url.searchParams));
      if (!query.success) {
        sendJson(response, 400, { error: z.prettifyError(query.error) });
        return;
      }
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      await recorder.until(() => holds(query.data, state()), gone.signal).catch(() => undefined);
      sendJson(response, 200, state());
      return;
    }
    default: {
      sendJson(response, 404, { error: `no such control call: ${url.pathname}` });
      return;
    }
  }
}

function holds(wanted: z.infer<typeof waitSchema>, state: ServerState): boolean {
  const chats = state.requests.filter((request) => protocolOf(request.path) !== null).length;
  const aborted = state.requests.filter((request) => request.end === 'aborted').length;
  return (
    (wanted.gate === undefined || state.waiting.includes(wanted.gate)) &&
    chats >= (wanted.chats ?? 0) &&
    aborted >= (wanted.aborted ?? 0)
  );
}
