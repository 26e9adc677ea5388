import { afterEach, describe, expect, it } from 'vitest';
import type { ModelRequest } from '../../../src/main/app/ports/model.ts';
import type { ModelMessage } from '../../../src/main/domain/model-messages.ts';
import { createKeyModels } from '../../../src/main/infra/llm/key-providers.ts';
import type { KeyProvider } from '../../../src/main/infra/llm/provider-endpoints.ts';
import { credentialOf } from '../../support/credential.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ReplyInput } from '../../support/model-server/script.ts';
import { aRequest, endpointsAt, eventsOf, gist } from './fixtures.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** Calls one provider with each request in turn; the server refuses what a service would. */
async function calls(
  provider: KeyProvider,
  model: string,
  replies: readonly ReplyInput[],
  ...changes: readonly Partial<ModelRequest>[]
) {
  server = await startModelServer({
    models: [{ name: model }, { name: 'other' }],
    exchanges: replies.map((reply, index) => ({ name: `reply ${index}`, reply })),
  });
  const models = createKeyModels({ endpoints: endpointsAt(server.url) });
  const ends = [];
  for (const change of changes) {
    const request = aRequest({ model, credential: credentialOf(provider), ...change });
    ends.push(gist(await eventsOf(models[provider], request)));
  }
  server.assertDone();
  return { ends, bodies: server.state().requests.map((request) => request.body as Record<string, unknown>) };
}

/** One call; its body. */
async function sent(provider: KeyProvider, model: string, change: Partial<ModelRequest> = {}) {
  const { bodies } = await calls(provider, model, [{ text: '{}' }], change);
  return bodies[0];
}

const tool = {
  name: 'read_file',
  description: 'Read a file.',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};
const image = { mediaType: 'image/png' as const, base64: 'iVBORw0KGgo=' };
const loose = { type: 'object', properties: { ok: { type: 'boolean' } } };
const strict = { ...loose, required: ['ok'], additionalProperties: false };
const messages: ModelMessage[] = [
  { role: 'user', text: 'do it', images: [image] },
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
];
const whole = { messages, tools: [tool], maxOutputTokens: 5000, effort: 'low', cacheKey: 'job 1' } as const;

describe('what OpenAI is sent', () => {
  it('is the conversation, stored nowhere, with its tools, limit, effort and cache key', async () => {
    expect(await sent('openai', 'gpt-5.1', whole)).toMatchObject({
      model: 'gpt-5.1',
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'job 1',
      max_output_tokens: 5000,
      reasoning: { effort: 'low', summary: 'auto' },
      tools: [{ type: 'function', name: 'read_file', parameters: tool.parameters, strict: false }],
      input: [
        { role: 'developer', content: 'You are the backend of a Dev Crew.' },
        {
          role: 'user',
          content: [
            { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
            { type: 'input_text', text: 'do it' },
          ],
        },
        { role: 'assistant', content: 'I look.' },
        { type: 'function_call', call_id: 's1c1', name: 'read_file', arguments: '{"path":"a"}' },
        {
          type: 'function_call',
          call_id: 's1c2',
          name: 'rm',
          arguments: '{"malformed_arguments":"not json"}',
        },
        { type: 'function_call_output', call_id: 's1c1', output: 'text of a' },
        { type: 'function_call_output', call_id: 's1c2', output: 'There is no tool "rm".' },
      ],
    });
  });

  it('leaves out an effort where the model takes none, and what is not asked for', async () => {
    const body = await sent('openai', 'gpt-4o', { effort: 'high' });
    for (const key of ['reasoning', 'include', 'tools', 'text', 'prompt_cache_key', 'max_output_tokens'])
      expect(body).not.toHaveProperty(key);
  });

  it.each([
    ['strictly where the schema keeps the rules', strict, true],
    ['else as well as it can', loose, false],
  ])('asks for a shape %s', async (_how, responseSchema, isStrict) => {
    expect(await sent('openai', 'gpt-4o', { responseSchema })).toMatchObject({
      text: { format: { type: 'json_schema', strict: isStrict, schema: { type: 'object' } } },
    });
  });

  it('goes again without summaries where the organization may have none, and at once from then on', async () => {
    const message = 'Your organization must be verified to generate reasoning summaries.';
    const refused = {
      error: {
        message,
        type: 'invalid_request_error',
        param: 'reasoning.summary',
        code: 'unsupported_value',
      },
    };
    const { ends, bodies } = await calls(
      'openai',
      'gpt-5.1',
      [{ fault: 'status', status: 400, body: refused }, { text: 'one' }, { text: 'two' }],
      { effort: 'low' },
      { effort: 'low' },
    );
    expect(ends.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(bodies.map((body) => body.reasoning)).toEqual([
      { effort: 'low', summary: 'auto' },
      { effort: 'low' },
      { effort: 'low' },
    ]);
  });
});

describe('what Anthropic is sent', () => {
  it('is the conversation, with marks for its cache, and thinking within the limit', async () => {
    const mark = { cache_control: { type: 'ephemeral' } };
    expect(await sent('anthropic', 'claude-sonnet-4-5', whole)).toMatchObject({
      model: 'claude-sonnet-4-5',
      max_tokens: 5000,
      thinking: { type: 'enabled', budget_tokens: 2500 },
      system: [{ type: 'text', text: 'You are the backend of a Dev Crew.', ...mark }],
      tools: [{ name: 'read_file', input_schema: tool.parameters }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'text', text: 'do it', ...mark },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 's1c1', name: 'read_file', input: { path: 'a' } },
            { type: 'tool_use', id: 's1c2', name: 'rm', input: { malformed_arguments: 'not json' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 's1c1', content: 'text of a' },
            { type: 'tool_result', tool_use_id: 's1c2', ...mark },
          ],
        },
      ],
    });
  });

  it('has no thinking where the model does not, and where the limit leaves no room for it', async () => {
    expect(await sent('anthropic', 'claude-3-5-haiku-20241022', whole)).not.toHaveProperty('thinking');
    await server?.close();
    const body = await sent('anthropic', 'claude-sonnet-4-5', { ...whole, maxOutputTokens: 1500 });
    expect(body).not.toHaveProperty('thinking');
    expect(body).toMatchObject({ max_tokens: 1500 });
  });

  it('asks for a shape', async () => {
    expect(await sent('anthropic', 'claude-sonnet-4-5', { responseSchema: strict })).toMatchObject({
      output_config: { format: { type: 'json_schema', schema: strict } },
    });
  });

  it('marks the last two turns of a long conversation', async () => {
    const turn = (text: string): ModelMessage[] => [
      { role: 'user', text },
      { role: 'assistant', text: `re: ${text}`, toolCalls: [] },
    ];
    const long = [...turn('one'), ...turn('two'), ...turn('three'), { role: 'user', text: 'four' } as const];
    const body = await sent('anthropic', 'claude-sonnet-4-5', { messages: long });
    const marked = (body?.messages as { content: { text: string; cache_control?: unknown }[] }[])
      .flatMap(({ content }) => content)
      .filter((block) => block.cache_control !== undefined);
    expect(marked.map(({ text }) => text)).toEqual(['three', 'four']);
  });
});

describe('what Gemini is sent', () => {
  it('is the conversation, its thoughts asked for and kept within the limit', async () => {
    expect(await sent('google', 'gemini-2.5-pro', whole)).toMatchObject({
      generationConfig: {
        maxOutputTokens: 5000,
        thinkingConfig: { includeThoughts: true, thinkingBudget: 2500 },
      },
      systemInstruction: { parts: [{ text: 'You are the backend of a Dev Crew.' }] },
      contents: [
        {
          role: 'user',
          parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }, { text: 'do it' }],
        },
        {
          role: 'model',
          parts: [
            { text: 'I look.' },
            { functionCall: { name: 'read_file', args: { path: 'a' } } },
            { functionCall: { name: 'rm', args: { malformed_arguments: 'not json' } } },
          ],
        },
        {
          role: 'user',
          parts: [{ functionResponse: { name: 'read_file' } }, { functionResponse: { name: 'rm' } }],
        },
      ],
    });
  });

  it('tells newer models how hard to think by a word, and older ones nothing', async () => {
    expect(await sent('google', 'gemini-3-pro-preview', { effort: 'high' })).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingLevel: 'high', includeThoughts: true } },
    });
    await server?.close();
    const body = await sent('google', 'gemini-2.0-flash', { effort: 'high' });
    expect(body?.generationConfig).not.toHaveProperty('thinkingConfig');
  });

  it('asks for a shape', async () => {
    expect(await sent('google', 'gemini-2.5-pro', { responseSchema: strict })).toMatchObject({
      generationConfig: { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
    });
  });
});

describe('what OpenRouter is sent', () => {
  it('is the conversation; the effort in its own words, and a question for the cost', async () => {
    expect(await sent('openrouter', 'anthropic/claude-x', whole)).toMatchObject({
      usage: { include: true },
      reasoning: { effort: 'low' },
      max_tokens: 5000,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system' },
        { role: 'user', content: [{ type: 'image_url' }, { type: 'text', text: 'do it' }] },
        { role: 'assistant', content: 'I look.', tool_calls: [{ id: 's1c1' }, { id: 's1c2' }] },
        { role: 'tool', tool_call_id: 's1c1', content: 'text of a' },
        { role: 'tool', tool_call_id: 's1c2' },
      ],
    });
  });

  it('may be its own choice of model', async () => {
    expect(await sent('openrouter', 'openrouter/auto')).toMatchObject({ model: 'openrouter/auto' });
  });
});

describe('what a server of the user’s own is sent', () => {
  it('is the conversation and no field that it may not know', async () => {
    const body = await sent('openai-compatible', 'qwen3-coder-30b', whole);
    expect(body).toMatchObject({ max_tokens: 5000, tools: [{ function: { name: 'read_file' } }] });
    for (const key of ['reasoning_effort', 'prompt_cache_key', 'max_completion_tokens', 'store', 'usage'])
      expect(body).not.toHaveProperty(key);
  });

  it.each(['gpt-5-mini', 'o4-mini', 'openai/gpt-5'])(
    'is the limit by its newer name for %s',
    async (model) => {
      const body = await sent('openai-compatible', model, whole);
      expect(body).toMatchObject({ max_completion_tokens: 5000, reasoning_effort: 'low' });
      expect(body).not.toHaveProperty('max_tokens');
    },
  );

  it('has a key only where there is one', async () => {
    await sent('openai-compatible', 'm', { credential: credentialOf('openai-compatible', '') });
    expect(server?.state().requests[0]?.headers.authorization).toBeUndefined();
  });

  it('asks for a shape', async () => {
    expect(await sent('openai-compatible', 'm', { responseSchema: strict })).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { strict: true, schema: strict } },
    });
  });
});
