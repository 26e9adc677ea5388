import { describe, expect, test } from 'vitest';
import { toFrame } from '../../../src/renderer/src/client/http-feed.ts';
import { createHttpClient } from '../../../src/renderer/src/client/http.ts';
import { toWireRequest } from '../../../src/renderer/src/client/request.ts';
import { takeToken } from '../../../src/renderer/src/client/token.ts';
import { operations } from '../../../src/shared/operations.ts';
import type { FeedFrame } from '../../../src/shared/events.ts';
import type { FeedStatus } from '../../../src/shared/client.ts';

const origin = 'http://127.0.0.1:8000';
const client = (answer: (url: string, init: RequestInit) => Response | Promise<Response>) =>
  createHttpClient({
    origin,
    token: 'secret',
    fetch: async (url, init) => answer(url as string, init ?? {}),
    pause: async () => undefined,
  });

describe('requests', () => {
  test('fields go where the route says: path, header, query or body', () => {
    expect(
      toWireRequest(operations['jobs.timeline'].http, { job_id: 'a/b', tail: true, before: undefined }),
    ).toMatchObject({
      method: 'GET',
      path: '/jobs/a%2Fb/timeline?tail=true',
      body: null,
    });
    const create = toWireRequest(operations['jobs.create'].http, {
      goal: 'g',
      repo: 'r',
      idempotency_key: 'k',
    });
    expect(create).toMatchObject({ method: 'POST', path: '/jobs', body: '{"goal":"g","repo":"r"}' });
    expect(create.headers['idempotency-key']).toBe('k');
    expect(toWireRequest(operations['settings.update'].http, { values: { theme: 'dark' } }).body).toBe(
      '{"values":{"theme":"dark"}}',
    );
  });

  test('the token goes into the header, never into the address', async () => {
    const seen: [string, Headers][] = [];
    await client((url, init) => {
      seen.push([url, new Headers(init.headers)]);
      return Response.json({ checks: [], ready: true });
    }).call('system.doctor', {});
    expect(seen.map(([url]) => url)).toEqual([`${origin}/doctor`]);
    expect(seen[0]?.[1].get('authorization')).toBe('Bearer secret');
  });
});

describe('answers', () => {
  const failing = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    client(() => Response.json(body, { status, headers })).call('jobs.get', { job_id: 'x' });

  test('failures come as data, with the code that the server names', async () => {
    expect(
      await failing(409, { detail: 'the job is completed' }, { 'dev-crew-error': 'invalid_state' }),
    ).toMatchObject({
      ok: false,
      error: { code: 'invalid_state', message: 'the job is completed' },
    });
    const fields = [{ loc: ['body', 'goal'], msg: 'The goal is empty', type: 'value_error' }];
    expect(await failing(422, { detail: fields })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', message: 'The goal is empty', fields },
    });
    expect(await failing(500, { detail: 'oops' }, { 'dev-crew-correlation-id': 'c-1' })).toMatchObject({
      error: { code: 'internal', correlation_id: 'c-1' },
    });
  });

  test('what is not ours is a failure, not a crash', async () => {
    expect(
      await client(() => new Response('<html>', { status: 502 })).call('jobs.get', { job_id: 'x' }),
    ).toMatchObject({
      error: { code: 'internal', message: '' },
    });
    expect(await client(() => Response.json({ job_id: 1 })).call('jobs.get', { job_id: 'x' })).toMatchObject({
      error: { code: 'internal' },
    });
    expect(
      await client(() => Promise.reject(new TypeError('no route'))).call('jobs.get', { job_id: 'x' }),
    ).toMatchObject({
      error: { code: 'unavailable', message: '' },
    });
  });
});

describe('the feed', () => {
  const event = (id: number): string =>
    `id: ${id}\nevent: job_event\ndata: ${JSON.stringify({ id, job_id: 'j', at: 't', state: 'executing', message: '', metadata: {} })}\n\n`;
  const stream = (...chunks: string[]): Response =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
          controller.close();
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );

  test('reconnects above the last event seen, until the job is done', async () => {
    const asked: string[] = [];
    const frames: FeedFrame[] = [];
    const statuses: FeedStatus[] = [];
    const whole = event(2);
    await new Promise<void>((resolve) => {
      client((url) => {
        asked.push(url.slice(origin.length));
        if (asked.length === 1) return stream(event(1), whole.slice(0, 20), whole.slice(20));
        if (asked.length === 2) return new Response(null, { status: 503 });
        return stream(event(3), 'event: done\ndata: {"job_id":"j"}\n\n');
      }).subscribe(
        { job_id: 'j' },
        (frame) => frames.push(frame),
        (status) => {
          statuses.push(status);
          if (status === 'closed') resolve();
        },
      );
    });
    expect(asked).toEqual(['/events?job_id=j', '/events?job_id=j&after=2', '/events?job_id=j&after=2']);
    expect(frames.map((frame) => (frame.kind === 'event' ? frame.event.id : frame.kind))).toEqual([
      1,
      2,
      3,
      'done',
    ]);
    expect(statuses.filter((status) => status === 'open')).toHaveLength(2);
  });

  test('a refused token ends it', async () => {
    const status = await new Promise<FeedStatus>((resolve) => {
      client(() => new Response(null, { status: 401 })).subscribe(
        {},
        () => undefined,
        (now) => {
          if (now === 'closed') resolve(now);
        },
      );
    });
    expect(status).toBe('closed');
  });

  test('frames of a later version and nonsense are skipped', () => {
    expect(toFrame('delta', '{"job_id":"j","agent":"a","agent_role":"leader","text":"x"}')).toMatchObject({
      kind: 'delta',
      text: 'x',
    });
    expect(toFrame('hologram', '{}')).toBeNull();
    expect(toFrame('delta', '{')).toBeNull();
    expect(toFrame('job_event', '{"id":"one"}')).toBeNull();
  });
});

describe('the token', () => {
  test('moves from the address to the tab, and stays out of the history', () => {
    const kept = new Map<string, string>();
    const replaced: string[] = [];
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as Storage;
    const history = {
      replaceState: (_: unknown, __: string, url: string) => void replaced.push(url),
    } as unknown as History;
    const at = (hash: string) => ({ hash, pathname: '/', search: '' }) as Location;
    expect(takeToken(at('#/jobs'), history, storage)).toBeNull();
    expect(takeToken(at('#token=abc%2B1'), history, storage)).toBe('abc+1');
    expect(replaced).toEqual(['/#/']);
    expect(takeToken(at('#/jobs'), history, storage)).toBe('abc+1');
  });
});
