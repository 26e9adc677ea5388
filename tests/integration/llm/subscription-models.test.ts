import { describe, expect, it } from 'vitest';
import type { ModelPort } from '../../../src/main/app/ports/model.ts';
import { createAntigravityModel } from '../../../src/main/infra/llm/antigravity-model.ts';
import { createChatgptModel } from '../../../src/main/infra/llm/chatgpt-model.ts';
import { createCodexModel } from '../../../src/main/infra/llm/codex-model.ts';
import { createHttpFetch } from '../../../src/main/infra/llm/http-fetch.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import { aRequest, eventsOf, gist, never } from './fixtures.ts';
import { codeAssistStream, textStream } from './subscription-streams.ts';
import { account, conversation, serve, stream, tools, type Answer } from './subscription-support.ts';

describe('what ChatGPT is sent', () => {
  it('is exactly what it takes', async () => {
    const server = await serve(stream(textStream));
    const events = await eventsOf(
      createChatgptModel({ endpoint: `${server.url}/v1` }),
      aRequest({
        model: 'gpt-5.2',
        credential: account('chatgpt'),
        messages: conversation,
        tools,
        maxOutputTokens: 500,
        effort: 'medium',
        cacheKey: 'job-1',
      }),
    );
    expect(gist(events).end).toMatchObject({ type: 'done' });
    const sent = await server.request(0);
    expect(sent.path).toBe('/v1/responses');
    expect(sent.headers.authorization).toBe('Bearer token-secret-1');
    expect(
      Object.keys(sent.headers).filter((name) => /openai|chatgpt|originator|session/.test(name)),
    ).toEqual([]);
    expect(sent.body).toMatchObject({ instructions: 'You are the backend of a Dev Crew.', store: false });
    expect(Object.keys(sent.body as object).toSorted()).toEqual([
      'include',
      'input',
      'instructions',
      'model',
      'parallel_tool_calls',
      'reasoning',
      'store',
      'stream',
      'tool_choice',
      'tools',
    ]);
    expect(Array.isArray((sent.body as { input: unknown }).input)).toBe(true);
  });

  it('speaks of no tools where there are none', async () => {
    const server = await serve(stream(textStream));
    const request = aRequest({ model: 'gpt-5.2', credential: account('chatgpt') });
    await eventsOf(createChatgptModel({ endpoint: server.url }), request);
    const { body } = await server.request(0);
    for (const key of ['tools', 'tool_choice', 'parallel_tool_calls']) expect(body).not.toHaveProperty(key);
  });
});

describe.each<[ProviderId, (url: string) => ModelPort, readonly string[]]>([
  ['openai-codex', (url) => createCodexModel({ endpoint: url }), textStream],
  ['chatgpt', (url) => createChatgptModel({ endpoint: url }), textStream],
  [
    'google-antigravity',
    (url) =>
      createAntigravityModel({
        endpoint: url,
        fetch: createHttpFetch(),
        consented: () => true,
      }),
    codeAssistStream,
  ],
])('a call of %s', (provider, open, events) => {
  const request = aRequest({ model: 'gemini-3-pro', credential: account(provider, { project_id: 'p' }) });
  const half: Answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(events.slice(0, 3).join(''));
  };

  it.each([
    ['before the answer', () => undefined],
    ['in the middle of the answer', half],
  ] as [string, Answer][])('closes its connection when it is canceled %s', async (_when, answer) => {
    const server = await serve(answer);
    const controller = new AbortController();
    const running = eventsOf(open(server.url), request, controller.signal);
    const sent = await server.request(0);
    controller.abort();
    expect(gist(await running).end).toMatchObject({ error: { kind: 'canceled' } });
    expect(await sent.ended).toBe('aborted');
  });

  it('closes its connection when nobody reads on', async () => {
    const server = await serve(half);
    for await (const event of open(server.url).stream(request, never())) if (event.type === 'text') break;
    expect(await (await server.request(0)).ended).toBe('aborted');
  });

  it('is not made with the account of another provider, nor without one', async () => {
    const server = await serve(stream(events));
    const other = account(provider === 'chatgpt' ? 'openai-codex' : 'chatgpt');
    const { credential: _none, ...without } = request;
    for (const wrong of [{ ...request, credential: other }, without])
      expect(await eventsOf(open(server.url), wrong)).toMatchObject([{ error: { kind: 'auth_invalid' } }]);
    expect(server.requests).toEqual([]);
  });
});
