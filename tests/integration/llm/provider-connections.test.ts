import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelRequest } from '../../../src/main/app/ports/model.ts';
import type { ModelEvent } from '../../../src/main/domain/model-messages.ts';
import { createKeyModels } from '../../../src/main/infra/llm/key-providers.ts';
import { providerEndpoints, type KeyProvider } from '../../../src/main/infra/llm/provider-endpoints.ts';
import { credentialOf } from '../../support/credential.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { answerSchema } from '../../support/model-server/script.ts';
import { wireOf } from '../../support/model-server/wires.ts';
import { answering, aRequest, endpointsAt, eventsOf, gist, never } from './fixtures.ts';

const providers = Object.keys(providerEndpoints) as KeyProvider[];
const requestTo = (provider: KeyProvider, change: Partial<ModelRequest> = {}): ModelRequest =>
  aRequest({ model: 'llama3.1:8b', credential: credentialOf(provider), ...change });

let server: ModelServer | null = null;
let plain: Server | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
  plain?.closeAllConnections();
  plain?.close();
  plain = null;
});

async function portAt(provider: KeyProvider, exchanges: ScriptInput['exchanges']) {
  server = await startModelServer({ exchanges }, { onUnexpected: () => undefined });
  return { ...server, port: createKeyModels({ endpoints: endpointsAt(server.url) })[provider] };
}

describe.each(providers)('a connection to %s', (provider) => {
  it.each([true, false])('is closed when the call is aborted (answer begun: %s)', async (headers) => {
    const { port, until } = await portAt(provider, [
      { name: 'hang', reply: { fault: 'hang', headers, text: headers ? 'so' : undefined } },
    ]);
    const controller = new AbortController();
    const events = eventsOf(port, requestTo(provider), controller.signal);
    await until((state) => state.requests.length === 1);
    controller.abort();
    expect(gist(await events).end).toMatchObject({ error: { kind: 'canceled' } });
    await until((state) => state.requests[0]?.end === 'aborted');
  });

  it('is closed when the consumer stops reading', async () => {
    const { port, until } = await portAt(provider, [{ name: 'hang', reply: { fault: 'hang', text: 'so' } }]);
    for await (const event of port.stream(requestTo(provider), never())) if (event.type === 'text') break;
    await until((state) => state.requests[0]?.end === 'aborted');
  });

  it('gives text as it comes, not when all is there', async () => {
    const { port, release } = await portAt(provider, [
      { name: 'slow', reply: { text: ['one', { gate: 'next' }, 'two'] } },
    ]);
    const seen: string[] = [];
    for await (const event of port.stream(requestTo(provider), never())) {
      if (event.type !== 'text') continue;
      seen.push(event.delta);
      if (event.delta === 'one') release('next');
    }
    expect(seen).toEqual(['one', 'two']);
  });

  it('is left at the last event, though the server keeps it open', async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    plain = createServer((request, response) => {
      const wire = wireOf(new URL(request.url ?? '', 'http://x').pathname);
      response.on('close', () => closed());
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': wire.contentType });
        const answer = answerSchema.parse({ text: 'all' });
        for (const part of wire.answer('llama3.1:8b', answer, 0))
          if ('line' in part) response.write(part.line);
      });
    });
    await new Promise<void>((resolve) => plain?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const port = createKeyModels({ endpoints: endpointsAt(url) })[provider];
    expect(gist(await eventsOf(port, requestTo(provider)))).toMatchObject({
      text: 'all',
      end: { type: 'done' },
    });
    await gone;
  });

  it('says what to do when nothing listens', async () => {
    const gone = await portAt(provider, []);
    await gone.close();
    const { port } = gone;
    const { end } = gist(await eventsOf(port, requestTo(provider)));
    expect(end).toMatchObject({ error: { kind: 'network', reached: false } });
    expect(JSON.stringify(end)).toContain('nothing listens there');
  });

  it.each(['https:// nonsense', 'ftp://files.test', ''])(
    'is not made to the address "%s"',
    async (baseUrl) => {
      const port = createKeyModels({})[provider];
      const credential = credentialOf(provider, 'test-key', baseUrl);
      expect(gist(await eventsOf(port, requestTo(provider, { credential }))).end).toMatchObject({
        error: { kind: 'network' },
      });
    },
  );

  it('never takes the key of another provider, nor goes to its address', async () => {
    const other = provider === 'openai' ? 'anthropic' : 'openai';
    const fetch = answering(500, '', {});
    const port = createKeyModels({ fetch, endpoints: endpointsAt('http://own.test') })[provider];
    const credential = credentialOf(other, 'sk-of-another', 'http://other.test');
    await eventsOf(port, requestTo(provider, { credential }));
    expect(JSON.stringify(fetch.seen)).not.toMatch(/sk-of-another|other\.test/);
  });

  it('goes to the address of the account, whatever way it ends', async () => {
    const fetch = answering(500, '', {});
    const port = createKeyModels({ fetch })[provider];
    for (const baseUrl of ['http://own.test/path', 'http://own.test/path/'])
      await eventsOf(port, requestTo(provider, { credential: credentialOf(provider, 'test-key', baseUrl) }));
    expect(fetch.seen).toHaveLength(2);
    expect(fetch.seen[0]?.url).toBe(fetch.seen[1]?.url);
    expect(fetch.seen[0]?.url).toMatch(/^http:\/\/own\.test\/path\/[a-z]/);
  });

  it('tells no key that a server echoes, in a body, in an event or in an error of its own', async () => {
    const key = 'sk-planted-0123456789';
    const credential = credentialOf(provider, key);
    const echo = `Incorrect API key provided: ${key}.`;
    const wire = wireOf(pathOf(provider));
    for (const fetch of [
      answering(401, JSON.stringify({ error: { message: echo } }), { 'content-type': 'application/json' }),
      answering(200, JSON.stringify({ error: { message: echo } }), { 'content-type': 'application/json' }),
      answering(400, echo, { 'content-type': 'text/plain' }),
      answering(200, wire.error(echo), { 'content-type': 'text/event-stream' }),
      answering(200, `data: ${echo}\n\n`, { 'content-type': 'text/event-stream' }),
      () => Promise.reject(new Error(`cannot send ${key}`)),
    ]) {
      const port = createKeyModels({ fetch })[provider];
      const events = await eventsOf(port, requestTo(provider, { credential }));
      expect(gist(events).end).toMatchObject({ type: 'error' });
      expect(JSON.stringify(events)).not.toContain('planted');
    }
  });

  it('prints nothing, whatever comes', async () => {
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    const { port } = await portAt(provider, [
      { name: 'a', reply: { fault: 'malformed' } },
      { name: 'b', reply: { fault: 'status', status: 500, body: 'plain' } },
      { name: 'c', reply: { toolCalls: [{ name: 'x', arguments: '{' }] } },
    ]);
    for (let call = 0; call < 3; call += 1) await eventsOf(port, requestTo(provider, { effort: 'high' }));
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });

  it('shows that a long silence is none', async () => {
    const { port } = await portAt(provider, [
      { name: 'long', reply: { toolCalls: [{ name: 'write_file', arguments: { text: 'x'.repeat(200) } }] } },
    ]);
    const events: ModelEvent[] = await eventsOf(port, requestTo(provider));
    // Gemini's calls come whole.
    if (provider !== 'google') expect(events[0]).toEqual({ type: 'reasoning', delta: '' });
    expect(gist(events).calls).toHaveLength(1);
  });
});

const pathOf = (provider: KeyProvider): string =>
  ({
    openai: '/v1/responses',
    anthropic: '/v1/messages',
    google: '/v1beta/models/m:streamGenerateContent',
    openrouter: '/api/v1/chat/completions',
    'openai-compatible': '/v1/chat/completions',
  })[provider];

describe('an account', () => {
  it.each(providers.filter((provider) => provider !== 'openai-compatible'))(
    'is needed for %s',
    async (provider) => {
      const fetch = answering(500, '', {});
      for (const credential of [undefined, credentialOf(provider, '')]) {
        const { end } = gist(
          await eventsOf(createKeyModels({ fetch })[provider], requestTo(provider, { credential })),
        );
        expect(end).toMatchObject({ error: { kind: 'auth_invalid' } });
        expect(JSON.stringify(end)).toContain('Accounts page');
      }
      expect(fetch.seen).toEqual([]);
    },
  );

  it('may stand in the address of a server of the user’s own', async () => {
    const fetch = answering(500, 'no: p@ss and bWU6cEBzcw==', {});
    const credential = credentialOf('openai-compatible', '', 'http://me:p%40ss@own.test');
    const port = createKeyModels({ fetch })['openai-compatible'];
    const events = await eventsOf(port, requestTo('openai-compatible', { credential }));
    expect(fetch.seen[0]).toMatchObject({
      url: 'http://own.test/v1/chat/completions',
      headers: { authorization: 'Basic bWU6cEBzcw==' },
    });
    expect(JSON.stringify(events)).not.toContain('bWU6');
  });
});
