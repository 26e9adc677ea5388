import { describe, expect, it } from 'vitest';
import type { ModelPort, ModelRequest } from '../../../src/main/app/ports/model.ts';
import { createCodexModel } from '../../../src/main/infra/llm/codex-model.ts';
import { sendJson } from '../../support/recording-server.ts';
import { aRequest, eventsOf, gist } from './fixtures.ts';
import {
  rateLimitsEvent,
  rateLimitsQuota,
  responsesEvent,
  responsesGist,
  responsesStream,
  textStream,
} from './subscription-streams.ts';
import { account, after, conversation, serve, stream, tools, type Answer } from './subscription-support.ts';

describe('what the Codex backend is sent', () => {
  const credential = account('openai-codex', { chatgpt_account_id: 'acc-1' });
  const open = (url: string): ModelPort =>
    createCodexModel({ endpoint: url, clientVersion: '1.2.3', uuid: () => 'session-1' });
  const request = (change: Partial<ModelRequest> = {}) =>
    aRequest({ model: 'gpt-5.2-codex', credential, ...change });

  it('is exactly what it takes', async () => {
    const server = await serve(stream(textStream));
    await eventsOf(
      open(server.url),
      request({
        messages: conversation,
        tools,
        maxOutputTokens: 500,
        effort: 'high',
        cacheKey: 'job-1',
      }),
    );
    const sent = await server.request(0);
    expect([sent.method, sent.path]).toEqual(['POST', '/codex/responses']);
    expect(sent.body).toEqual({
      model: 'gpt-5.2-codex',
      instructions: 'You are the backend of a Dev Crew.',
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_image', image_url: 'data:image/png;base64,aGk=' },
            { type: 'input_text', text: 'do it' },
          ],
        },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        { type: 'function_call', call_id: 'call_1', name: 'list_files', arguments: '{"path":"src"}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'a.ts' },
      ],
      tools: [{ type: 'function', ...tools[0], strict: false }],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { effort: 'high', summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'job-1',
    });
    expect(sent.headers).toMatchObject({
      authorization: 'Bearer token-secret-1',
      'chatgpt-account-id': 'acc-1',
      originator: 'dev_crew',
      'user-agent': 'dev_crew/1.2.3',
      accept: 'text/event-stream',
      'content-type': 'application/json',
      version: '1.2.3',
      'session-id': 'job-1',
    });
  });

  it('has instructions, a session and a short name for the cache, whatever the request lacks', async () => {
    const server = await serve(stream(textStream));
    await eventsOf(open(server.url), request({ system: ' ', effort: 'minimal' }));
    await eventsOf(open(server.url), request({ cacheKey: 'x'.repeat(100) }));
    expect((await server.request(0)).headers['session-id']).toBe('session-1');
    expect((await server.request(0)).body).toMatchObject({
      instructions: expect.stringMatching(/\S/) as unknown,
      tools: [],
      reasoning: { effort: 'low', summary: 'auto' },
    });
    expect((await server.request(0)).body).not.toHaveProperty('prompt_cache_key');
    expect((await server.request(1)).body).toMatchObject({ prompt_cache_key: 'x'.repeat(64) });
  });

  it('has a schema for the answer, never strict where it is not', async () => {
    const server = await serve(stream(textStream));
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    await eventsOf(open(server.url), request({ responseSchema: schema }));
    expect((await server.request(0)).body).toMatchObject({
      text: { format: { type: 'json_schema', strict: false, schema } },
    });
  });

  it('has the reasoning of the answer before, verbatim, and no reference to it', async () => {
    const server = await serve(stream(responsesStream()), stream(textStream));
    const first = await eventsOf(open(server.url), request({ tools }));
    await eventsOf(open(server.url), request({ tools, messages: after(first) }));
    const { input } = (await server.request(1)).body as { input: { type: string }[] };
    expect(input[1]).toEqual({
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'größer' }],
      encrypted_content: 'gAAA+/=',
    });
    expect(input.map(({ type }) => type)).toEqual([
      'message',
      'reasoning',
      'message',
      'function_call',
      'function_call',
      'function_call_output',
      'function_call_output',
    ]);
    expect(JSON.stringify(input)).not.toContain('item_reference');
  });

  it('keeps the reasoning of another model or provider to itself', async () => {
    const server = await serve(stream(responsesStream()), stream(textStream));
    const first = await eventsOf(open(server.url), request({ tools }));
    const messages = after(first);
    await eventsOf(open(server.url), request({ tools, messages, model: 'gpt-5.3-codex' }));
    expect(JSON.stringify((await server.request(1)).body)).not.toContain('gAAA+/=');
  });
});

describe('what the Codex backend tells', () => {
  const credential = account('openai-codex', { chatgpt_account_id: 'acc-1' });
  const run = async (...answers: Answer[]) => {
    const server = await serve(...answers);
    const events = await eventsOf(
      createCodexModel({ endpoint: server.url }),
      aRequest({ model: 'gpt-5.2-codex', credential, tools }),
    );
    return gist(events);
  };

  it('is the answer, and the plan by an event', async () => {
    expect(await run(stream(responsesStream([rateLimitsEvent])))).toEqual(
      responsesGist('openai-codex', rateLimitsQuota),
    );
  });

  it('is the plan by headers', async () => {
    const headers = {
      'x-codex-primary-used-percent': '40',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': '1763810000',
      'x-codex-secondary-used-percent': '7',
      'x-codex-secondary-window-minutes': '10080',
    };
    const { end } = await run(stream(textStream, headers));
    expect(end).toMatchObject({
      quota: {
        plan: null,
        windows: [
          { label: '5h', usedPercent: 40, resetAtMs: 1_763_810_000_000 },
          { label: '7d', usedPercent: 7, resetAtMs: null },
        ],
      },
    });
  });

  it.each(['response.done', 'response.completed'])(
    'ends with %s, though the body stays open',
    async (type) => {
      const { end } = await run((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write([...textStream.slice(0, -1), responsesEvent(type, { response: {} })].join(''));
      });
      expect(end).toMatchObject({ type: 'done', finishReason: 'stop' });
    },
  );

  it('is the answer alone, whatever else is said and in whatever form', async () => {
    const others = [
      responsesEvent('response.created'),
      responsesEvent('response.in_progress', { response: 5 }),
      responsesEvent('response.content_part.added', { part: null }),
      responsesEvent('codex.something.new', { a: 1 }),
      responsesEvent('response.output_item.added', { output_index: 9, item: { type: 'new_kind' } }),
      responsesEvent('response.output_text.annotation.added', { annotation: { type: 'new_kind' } }),
      'event: ping\ndata: {}\n\n',
    ];
    const events = textStream.flatMap((event) => [...others, event]);
    expect(await run(stream(events))).toMatchObject({ text: 'a ü 세 🙂.', end: { type: 'done' } });
  });

  it('is the limit where an answer is incomplete', async () => {
    const incomplete = responsesEvent('response.incomplete', {
      response: {
        incomplete_details: { reason: 'max_output_tokens' },
        usage: { input_tokens: 1, output_tokens: 2 },
      },
    });
    expect((await run(stream([...textStream.slice(0, -1), incomplete]))).end).toMatchObject({
      type: 'done',
      finishReason: 'length',
    });
  });

  it('is a refusal', async () => {
    const refusal = responsesEvent('response.refusal.delta', {
      item_id: 'msg_1',
      output_index: 0,
      delta: 'I cannot.',
    });
    const events = [...textStream.slice(0, 2), refusal, textStream.at(-1) ?? ''];
    expect((await run(stream(events))).end).toMatchObject({ type: 'error', error: { kind: 'refused' } });
  });

  it.each<[string, number, unknown, object]>([
    [
      'a spent plan',
      429,
      { error: { type: 'usage_limit_reached', message: 'x', plan_type: 'plus', resets_at: 1_763_810_000 } },
      { kind: 'quota_exhausted', resetsAtMs: 1_763_810_000_000 },
    ],
    ['an expired token', 401, { detail: 'Unauthorized token-secret-1' }, { kind: 'auth_expired' }],
    ['a failure', 502, '<html>', { kind: 'overloaded' }],
  ])('is %s', async (_what, status, body, error) => {
    const { end } = await run((_request, response) => sendJson(response, status, body));
    expect(end).toMatchObject({ type: 'error', error });
    expect(JSON.stringify(end)).not.toContain('token-secret-1');
  });
});
