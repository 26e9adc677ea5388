import type { CrewClient } from '../../../shared/client.ts';
import { type Result, err, ok } from '../../../shared/errors.ts';
import { type InputOf, type OperationName, type OutputOf, operations } from '../../../shared/operations.ts';
import { bearer, type HttpEdge } from './http-edge.ts';
import { followFeed } from './http-feed.ts';
import { toWireRequest } from './request.ts';
import { toAppError, unreachable, unreadable } from './wire-error.ts';

/** The client of a browser: REST for calls, one streamed response for the feed. */
export function createHttpClient(edge: HttpEdge): CrewClient {
  async function call<N extends OperationName>(name: N, input: InputOf<N>): Promise<Result<OutputOf<N>>> {
    const { method, path, headers, body } = toWireRequest(operations[name].http, input);
    let response: Response;
    let answer: unknown;
    try {
      response = await edge.fetch(edge.origin + path, {
        method,
        headers: { ...headers, ...bearer(edge.token) },
        body,
        cache: 'no-store',
        credentials: 'omit',
      });
      answer = await response.json().catch(() => null);
    } catch {
      return err(unreachable);
    }
    if (!response.ok) return err(toAppError(response.status, response.headers, answer));
    const output = operations[name].output.safeParse(answer);
    return output.success ? ok(output.data as OutputOf<N>) : err(unreadable);
  }

  return {
    call,
    subscribe: (request, onFrame, onStatus) => followFeed(edge, request, onFrame, onStatus),
    desktop: null,
  };
}
