import type { ModelEvent } from '../../../src/main/domain/model-messages.ts';
import type { ModelPort, ModelRequest } from '../../../src/main/app/ports/model.ts';
import type { UsageCall } from '../../../src/main/app/ports/money-store.ts';
import type { Store, Tables } from '../../../src/main/app/ports/store.ts';
import type { Log } from '../../../src/main/app/ports/system.ts';
import type { HttpFetch } from '../../../src/main/infra/llm/http-fetch.ts';
import type { KeyProvider } from '../../../src/main/infra/llm/provider-endpoints.ts';

export const aRequest = (change: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'ollama/llama3.1:8b',
  system: 'You are the backend of a Dev Crew.',
  messages: [{ role: 'user', text: 'hello' }],
  tools: [],
  contextTokens: 8192,
  ...change,
});

export const never = (): AbortSignal => new AbortController().signal;

export async function eventsOf(
  port: ModelPort,
  request: ModelRequest = aRequest(),
  signal: AbortSignal = never(),
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of port.stream(request, signal)) events.push(event);
  return events;
}

/** What a consumer has in the end: the text and reasoning joined, calls without their random ids, the last event. */
export function gist(events: readonly ModelEvent[]) {
  const ends = events.filter((event) => event.type === 'done' || event.type === 'error');
  if (ends.length !== 1) throw new Error(`${ends.length} ends instead of one: ${JSON.stringify(ends)}`);
  return {
    text: events.map((event) => (event.type === 'text' ? event.delta : '')).join(''),
    reasoning: events.map((event) => (event.type === 'reasoning' ? event.delta : '')).join(''),
    calls: events.flatMap((event) =>
      event.type === 'tool_call' ? [{ name: event.call.name, input: event.call.input }] : [],
    ),
    end: events.at(-1),
  };
}

/** An HTTP answer of exactly these chunks; `cut` ends it with a broken connection instead of a proper end. */
export const fetchOf =
  (chunks: readonly Uint8Array[], cut = false): HttpFetch =>
  () =>
    Promise.resolve({
      ok: true,
      status: 200,
      headers: new Headers({ 'content-type': 'text/event-stream' }),
      body: bodyOf(chunks, cut),
      text: () => Promise.resolve(''),
    });

async function* bodyOf(chunks: readonly Uint8Array[], cut: boolean): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (cut) throw Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The two tables that model calls and the catalog use. */
export function memoryStore(): Pick<Store, 'tables' | 'transaction'> & { usage: UsageCall[] } {
  const usage: UsageCall[] = [];
  const values = new Map<string, string>();
  const tables = {
    usage: { insert: (call: UsageCall) => usage.push(call) },
    values: {
      get: (key: string): unknown => {
        const stored = values.get(key);
        return stored === undefined ? undefined : JSON.parse(stored);
      },
      set: (key: string, value: unknown) => values.set(key, JSON.stringify(value)),
      remove: (key: string) => values.delete(key),
    },
  } as unknown as Tables;
  return { usage, tables, transaction: (work) => work(tables) };
}

/** The same answer to every call; `seen` are the calls. */
export function answering(
  status: number,
  body: string,
  headers: Record<string, string>,
): HttpFetch & { seen: { url: string; headers: Record<string, string>; body: unknown }[] } {
  const seen: { url: string; headers: Record<string, string>; body: unknown }[] = [];
  const fetch: HttpFetch = (url, init) => {
    seen.push({ url, headers: init.headers, body: init.body === undefined ? null : JSON.parse(init.body) });
    return Promise.resolve({
      ok: status >= 200 && status < 300,
      status,
      headers: new Headers(headers),
      body: bodyOf(body === '' ? [] : [new TextEncoder().encode(body)], false),
      text: () => Promise.resolve(body),
    });
  };
  return Object.assign(fetch, { seen });
}

/** The base addresses of all providers at one model server. */
export const endpointsAt = (url: string): Record<KeyProvider, string> => ({
  openai: `${url}/v1`,
  anthropic: `${url}/v1`,
  google: `${url}/v1beta`,
  openrouter: `${url}/api/v1`,
  'openai-compatible': url,
});
