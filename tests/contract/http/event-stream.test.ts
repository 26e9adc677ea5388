import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { jobEvent } from '../edges/samples.ts';
import { bearer, raw } from './raw.ts';
import { startStubServer, type StubServer } from './stub-server.ts';

const blockOf = (id: number): string => {
  const { job_id, at, state, message, metadata } = jobEvent(id);
  const data = JSON.stringify({ id, job_id, at, state, message, metadata });
  return `id: ${id}\nevent: job_event\ndata: ${data}\n\n`;
};
const done = 'event: done\ndata: {"job_id":"j1"}\n\n';

/** A stream that stays open; `read` resolves with the next bytes, null at the end. */
async function open(
  server: StubServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; sent: ClientRequest; read: () => Promise<string | null> }> {
  const sent = request({ host: '127.0.0.1', port: server.port, path, headers: { ...bearer, ...headers } });
  sent.on('error', () => undefined);
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  response.on('error', () => undefined);
  const chunks = response[Symbol.asyncIterator]();
  const read = async (): Promise<string | null> => {
    const next: IteratorResult<unknown> = await chunks.next();
    return next.done ? null : String(next.value);
  };
  return { response, sent, read };
}

describe('the stream of a job', () => {
  it('is these bytes for a job that ended', async () => {
    await using server = await startStubServer({ events: [jobEvent(4), jobEvent(7)] });
    server.feed.end();
    const answer = await raw(server.port, '/jobs/j1/events');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers['cache-control']).toContain('no-cache');
    expect(answer.text).toBe(blockOf(4) + blockOf(7) + done);
    expect(server.feed.subscribers).toBe(0);
  });

  it('follows a job that runs, without deltas, and ends with it', async () => {
    await using server = await startStubServer({ events: [jobEvent(1)] });
    const { read } = await open(server, '/jobs/j1/events');
    expect(await read()).toBe(blockOf(1));
    server.feed.send({ kind: 'delta', job_id: 'j1', agent: 'a', agent_role: 'backend', text: 'typing' });
    server.feed.add(jobEvent(2));
    expect(await read()).toBe(blockOf(2));
    server.feed.send({ kind: 'done', job_id: 'j1' });
    expect(await read()).toBe(done);
    expect(await read()).toBeNull();
    expect(server.feed.subscribers).toBe(0);
  });

  it.each([
    [{ 'last-event-id': '4' }, '/jobs/j1/events', [7, 9]],
    [{}, '/jobs/j1/events?after=7', [9]],
    [{ 'last-event-id': '7' }, '/jobs/j1/events?after=0', [9]],
    [{ 'last-event-id': '' }, '/jobs/j1/events?after=', [4, 7, 9]],
    [{ 'last-event-id': '99' }, '/jobs/j1/events', []],
  ])('goes on after %j %s', async (headers, path, ids) => {
    await using server = await startStubServer({ events: [jobEvent(4), jobEvent(7), jobEvent(9)] });
    server.feed.end();
    const answer = await raw(server.port, path, { headers: { ...bearer, ...headers } });
    expect(answer.text).toBe(ids.map(blockOf).join('') + done);
  });

  it.each(['abc', '-1', '1.5', '1e3', '99999999999999999999'])(
    'refuses a position %j with 422',
    async (position) => {
      await using server = await startStubServer();
      const headers = { ...bearer, 'last-event-id': position };
      expect((await raw(server.port, '/jobs/j1/events', { headers })).status).toBe(422);
      expect((await raw(server.port, `/events?after=${position}`)).status).toBe(422);
    },
  );

  it('is a 404 before it starts for a job that is not there', async () => {
    await using server = await startStubServer();
    server.behave(() => ({ ok: false, error: { code: 'not_found', message: 'job not found: j9' } }));
    for (const path of ['/jobs/j9/events', '/events?job_id=j9']) {
      const answer = await raw(server.port, path);
      expect([answer.status, answer.json]).toEqual([404, { detail: 'job not found: j9' }]);
    }
    expect(server.feed.requests).toEqual([]);
  });

  it('says nothing but comments while nothing happens', async () => {
    await using server = await startStubServer({ heartbeatMs: 20 });
    const { read, sent } = await open(server, '/jobs/j1/events');
    expect(await read()).toBe(': keep-alive\n\n');
    expect(await read()).toBe(': keep-alive\n\n');
    sent.destroy();
  });

  it('lets go of the feed when the client goes away', async () => {
    await using server = await startStubServer({ events: [jobEvent(1)] });
    const { read, sent } = await open(server, '/jobs/j1/events');
    await read();
    expect(server.feed.subscribers).toBe(1);
    sent.destroy();
    await expect.poll(() => server.feed.subscribers).toBe(0);
  });

  it('ends when the server stops, so that a client can come back', async () => {
    const server = await startStubServer({ events: [jobEvent(1)] });
    const { read } = await open(server, '/jobs/j1/events');
    expect(await read()).toBe(blockOf(1));
    await server[Symbol.asyncDispose]();
    expect(await read()).toBeNull();
    expect(server.feed.subscribers).toBe(0);
  });

  it('keeps no more than a buffer for a client that does not read, and loses nothing of it', async () => {
    const big = 'x'.repeat(10_000);
    const count = 3_000;
    const events = Array.from({ length: count }, (_, index) => jobEvent(index + 1, big));
    await using server = await startStubServer({ events });
    server.feed.end();
    const { response } = await open(server, '/jobs/j1/events');
    // 30 MB do not fit into the sockets' buffers: the server must have let go of the feed.
    await expect.poll(() => server.feed.subscribers).toBe(0);
    const early = server.feed.requests.length;
    const ids: number[] = [];
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) ids.push(Number(/^id: (\d+)/.exec(block)?.[1] ?? 0));
    }
    expect(ids).toEqual([...Array.from({ length: count }, (_, index) => index + 1), 0]);
    expect(server.feed.requests.length).toBeGreaterThan(early);
  });
});

describe('the stream of the pages', () => {
  it('brings events of all jobs and deltas, from now on', async () => {
    await using server = await startStubServer({ events: [jobEvent(1)] });
    const { read, sent } = await open(server, '/events');
    expect(server.feed.requests).toEqual([{ after: undefined }]);
    server.feed.send({ kind: 'delta', job_id: 'j2', agent: 'a1', agent_role: 'leader', text: ' x\n' });
    expect(await read()).toBe(
      'event: delta\ndata: {"job_id":"j2","agent":"a1","agent_role":"leader","text":" x\\n"}\n\n',
    );
    server.feed.add(jobEvent(2));
    expect(await read()).toBe(blockOf(2));
    // The end of one job is not the end of this stream.
    server.feed.send({ kind: 'done', job_id: 'j1' });
    expect(await read()).toBe(done);
    server.feed.add(jobEvent(3));
    expect(await read()).toBe(blockOf(3));
    sent.destroy();
  });

  it('of one job ends with it', async () => {
    await using server = await startStubServer({ events: [jobEvent(1), jobEvent(2)] });
    server.feed.end();
    expect((await raw(server.port, '/events?job_id=j1&after=1')).text).toBe(blockOf(2) + done);
    expect((await raw(server.port, '/events?job_id=a&job_id=b')).status).toBe(422);
  });
});
