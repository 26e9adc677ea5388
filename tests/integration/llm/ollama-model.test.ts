import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createModelRouter } from '../../../src/main/infra/llm/model-router.ts';
import { createOllamaModel } from '../../../src/main/infra/llm/ollama-model.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { aRequest, eventsOf, fetchOf, gist, never } from './fixtures.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function serve(script: ScriptInput): Promise<ModelServer> {
  server = await startModelServer(script, { onUnexpected: () => undefined });
  return server;
}
const modelAt = (url: string) => createOllamaModel({ baseUrl: () => url });
const answer = (text: string) => [{ name: 'answer', reply: { text } }];

describe('what Ollama is sent', () => {
  it('is the conversation with its tools, the context size, the output limit and the schema', async () => {
    const { url, state } = await serve({ exchanges: answer('{}') });
    const tools = [
      {
        name: 'read_file',
        description: 'Read a file.',
        parameters: {
          type: 'object',
          properties: { path: { type: 'string' } },
          required: ['path'],
          additionalProperties: false,
        },
      },
    ];
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    await eventsOf(
      modelAt(url),
      aRequest({
        tools,
        responseSchema: schema,
        contextTokens: 32_768,
        maxOutputTokens: 500,
        messages: [
          { role: 'user', text: 'do it' },
          {
            role: 'assistant',
            text: 'I look.',
            toolCalls: [
              { callId: 's1c1', name: 'read_file', input: { path: 'a' } },
              { callId: 's1c2', name: 'rm', input: 'not json' },
            ],
          },
          { role: 'tool', callId: 's1c1', name: 'read_file', output: 'text of a' },
          { role: 'tool', callId: 's1c2', name: 'rm', output: 'There is no tool "rm".' },
        ],
      }),
    );
    expect(state().requests[0]?.body).toMatchObject({
      model: 'llama3.1:8b',
      stream: true,
      truncate: false,
      keep_alive: '15m',
      options: { num_ctx: 32_768, num_predict: 500 },
      format: schema,
      tools: [{ type: 'function', function: tools[0] }],
      messages: [
        { role: 'system', content: 'You are the backend of a Dev Crew.' },
        { role: 'user', content: 'do it' },
        {
          role: 'assistant',
          content: 'I look.',
          tool_calls: [
            { function: { name: 'read_file', arguments: { path: 'a' } } },
            { function: { name: 'rm', arguments: { malformed_arguments: 'not json' } } },
          ],
        },
        { role: 'tool', tool_name: 'read_file', content: 'text of a' },
        { role: 'tool', tool_name: 'rm', content: 'There is no tool "rm".' },
      ],
    });
  });

  it('leaves out what is not asked for', async () => {
    const { url, state } = await serve({ exchanges: answer('hi') });
    await eventsOf(modelAt(url));
    expect(state().requests[0]?.body).not.toHaveProperty('tools');
    expect(state().requests[0]?.body).not.toHaveProperty('format');
  });

  it.each(['/', '/ollama/', ''])('goes to an address that ends in "%s"', async (end) => {
    const seen: string[] = [];
    const port = createOllamaModel({
      baseUrl: () => `http://user:p%40ss@ollama.test${end}`,
      fetch: (url, init) => {
        seen.push(url, init.headers.authorization ?? '');
        return fetchOf([])(url, init);
      },
    });
    await eventsOf(port);
    expect(seen[0]).toBe(`http://ollama.test${end.replace(/\/$/, '')}/api/chat`);
    expect(Buffer.from(seen[1]?.replace('Basic ', '') ?? '', 'base64').toString()).toBe('user:p@ss');
  });
});

describe('failures of Ollama', () => {
  it('says what to do when nothing listens, without the credentials of the address', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const events = await eventsOf(modelAt(`http://me:secret@127.0.0.1:${port}/`));
    expect(events).toEqual([
      {
        type: 'error',
        error: {
          kind: 'network',
          reached: false,
          message: `Cannot reach Ollama at http://127.0.0.1:${port}: nothing listens there. Start Ollama or change the address in Settings.`,
        },
      },
    ]);
  });

  it('knows a model that cannot call tools', async () => {
    const { url } = await serve({
      models: [{ name: 'gemma:2b', capabilities: ['completion'] }],
      exchanges: [],
    });
    const tools = [{ name: 'finish', description: '', parameters: { type: 'object', properties: {} } }];
    const events = await eventsOf(modelAt(url), aRequest({ model: 'gemma:2b', tools }));
    expect(gist(events).end).toMatchObject({ error: { kind: 'unsupported' } });
    expect(gist(events).end).toHaveProperty(
      'error.message',
      expect.stringContaining('does not support tools'),
    );
  });

  it('keeps the time that a busy server asks for', async () => {
    const reply = {
      fault: 'status' as const,
      status: 503,
      body: { error: 'server busy, please try again' },
      headers: { 'retry-after': '3' },
    };
    const { url } = await serve({ exchanges: [{ name: 'busy', reply }] });
    expect(gist(await eventsOf(modelAt(url))).end).toMatchObject({
      error: { kind: 'overloaded', retryAfterMs: 3000 },
    });
  });

  it('prints nothing, whatever comes', async () => {
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    const { url } = await serve({
      exchanges: [
        { name: 'a', reply: { fault: 'malformed' } },
        { name: 'b', reply: { fault: 'status', status: 500, body: 'plain' } },
        { name: 'c', reply: { toolCalls: [{ name: 'x', arguments: '{' }] } },
      ],
    });
    for (let call = 0; call < 3; call += 1) await eventsOf(modelAt(url));
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });

  it('answers a wrong address and a conversation that no model takes with an error', async () => {
    expect(gist(await eventsOf(modelAt('not a url'))).end).toMatchObject({ error: { kind: 'network' } });
    const { url } = await serve({ exchanges: answer('hi') });
    const toolCalls = [{ callId: 'a', name: 'x', input: {} }];
    const messages = [
      { role: 'assistant', text: '', toolCalls },
      { role: 'user', text: 'and?' },
    ] as const;
    const { end } = gist(await eventsOf(modelAt(url), aRequest({ messages: [...messages] })));
    expect(end).toMatchObject({ type: 'error', error: { kind: 'unsupported' } });
  });
});

describe('stopping a call', () => {
  it.each([true, false])('closes the connection when aborted (answer begun: %s)', async (headers) => {
    const { url, until } = await serve({
      exchanges: [{ name: 'hang', reply: { fault: 'hang', headers, text: headers ? 'so' : undefined } }],
    });
    const controller = new AbortController();
    const events = eventsOf(modelAt(url), aRequest(), controller.signal);
    await until((state) => state.requests.length === 1);
    controller.abort();
    expect(gist(await events).end).toMatchObject({ error: { kind: 'canceled' } });
    await until((state) => state.requests[0]?.end === 'aborted');
  });

  it('closes the connection when the consumer stops reading', async () => {
    const { url, until } = await serve({
      exchanges: [{ name: 'hang', reply: { fault: 'hang', text: 'so' } }],
    });
    for await (const event of modelAt(url).stream(aRequest(), never())) {
      expect(event).toEqual({ type: 'text', delta: 'so' });
      break;
    }
    await until((state) => state.requests[0]?.end === 'aborted');
  });

  it('gives text as it comes, not when all is there', async () => {
    const { url, release } = await serve({
      exchanges: [{ name: 'slow', reply: { text: ['one', { gate: 'next' }, 'two'] } }],
    });
    const seen: string[] = [];
    for await (const event of modelAt(url).stream(aRequest(), never())) {
      if (event.type !== 'text') continue;
      seen.push(event.delta);
      if (event.delta === 'one') release('next');
    }
    expect(seen).toEqual(['one', 'two']);
  });
});

describe('the router', () => {
  it('goes by the name before the first slash', async () => {
    const { url, state } = await serve({ models: [{ name: 'hf.co/a/b:q4' }], exchanges: answer('hi') });
    const router = createModelRouter({ ollama: modelAt(url) });
    const events = await eventsOf(router, aRequest({ model: 'ollama/hf.co/a/b:q4' }));
    expect(gist(events).end).toMatchObject({ type: 'done' });
    expect(state().requests[0]?.model).toBe('hf.co/a/b:q4');
  });

  it.each(['openai/gpt-5', 'llama3.1:8b', '', 'constructor/x'])(
    'refuses "%s" and names what it knows',
    async (model) => {
      const events = await eventsOf(createModelRouter({ ollama: modelAt('http://x') }), aRequest({ model }));
      expect(events).toMatchObject([{ type: 'error', error: { kind: 'unsupported' } }]);
      expect(JSON.stringify(events)).toContain('known: ollama');
    },
  );
});
