import { afterEach, describe, expect, it } from 'vitest';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const bearer = { authorization: 'Bearer test-key' };
const anthropic = { 'x-api-key': 'test-key', 'anthropic-version': '2023-06-01' };
const google = { 'x-goog-api-key': 'test-key' };

const chat = (...messages: object[]) => ({
  model: 'llama3.1:8b',
  messages,
  stream: true,
  stream_options: { include_usage: true },
});
const responses = (...input: object[]) => ({ model: 'llama3.1:8b', input, store: false, stream: true });
const messages = (...list: object[]) => ({
  model: 'llama3.1:8b',
  max_tokens: 10,
  messages: list,
  stream: true,
});
const user = { role: 'user', content: 'hi' };
const block = { role: 'user', content: [{ type: 'text', text: 'hi' }] };
const call = { id: 'c1', type: 'function', function: { name: 'x', arguments: '{}' } };
const toolUse = { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'x', input: {} }] };
const gemini = '/v1beta/models/llama3.1:8b:streamGenerateContent?alt=sse';
const part = { role: 'user', parts: [{ text: 'hi' }] };

async function post(path: string, headers: Record<string, string>, body: unknown) {
  server = await startModelServer(
    { exchanges: [{ name: 'any', times: 'any', reply: { text: 'hello' } }] },
    { onUnexpected: () => undefined },
  );
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), state: server.state() };
}

describe('the scripted model server', () => {
  it.each([
    ['/v1/responses', bearer, responses(user), 'response.completed'],
    ['/backend-api/codex/responses', bearer, responses(user), 'response.completed'],
    ['/v1/chat/completions', bearer, chat(user), '[DONE]'],
    ['/v1/chat/completions', {}, chat(user), '[DONE]'],
    ['/api/v1/chat/completions', bearer, chat(user), '[DONE]'],
    ['/v1/messages', anthropic, messages(block), 'message_stop'],
    [gemini, google, { contents: [part] }, '"finishReason":"STOP"'],
  ])('answers %s', async (path, headers, body, end) => {
    const { status, text, state } = await post(path, headers, body);
    expect(status).toBe(200);
    expect(text).toContain(end);
    expect(state.unexpected).toEqual([]);
  });

  it.each([
    ['/v1/responses', {}, responses(user)],
    ['/v1/responses', { authorization: 'Bearer other' }, responses(user)],
    ['/v1/chat/completions', { authorization: 'Bearer other' }, chat(user)],
    ['/api/v1/chat/completions', {}, chat(user)],
    ['/v1/messages', { 'x-api-key': 'test-key' }, messages(block)],
    ['/v1/messages', { ...anthropic, ...bearer }, messages(block)],
    ['/v1/messages', { ...anthropic, 'x-api-key': 'other' }, messages(block)],
    [gemini, bearer, { contents: [part] }],
    [gemini, {}, { contents: [part] }],
  ])('refuses who calls %s with %j', async (path, headers, body) => {
    const { status, state } = await post(path, headers, body);
    expect(status).toBe(401);
    expect(state.unexpected).toHaveLength(1);
    expect(() => server?.assertDone()).toThrow('unexpected');
  });

  it.each([
    ['what is stored', '/v1/responses', bearer, { ...responses(user), store: true }],
    ['an item by reference', '/v1/responses', bearer, responses({ type: 'item_reference', id: 'x' })],
    [
      'a result of no call',
      '/v1/responses',
      bearer,
      responses({ type: 'function_call_output', call_id: 'x', output: '' }),
    ],
    ['no counts', '/v1/chat/completions', bearer, { ...chat(user), stream_options: undefined }],
    [
      'a call without its result',
      '/v1/chat/completions',
      bearer,
      chat(user, { role: 'assistant', tool_calls: [call] }, user),
    ],
    [
      'a result of no call',
      '/v1/chat/completions',
      bearer,
      chat(user, { role: 'tool', tool_call_id: 'x', content: '' }),
    ],
    ['no limit', '/v1/messages', anthropic, { ...messages(block), max_tokens: undefined }],
    ['the same role twice', '/v1/messages', anthropic, messages(block, block)],
    ['a call without its result', '/v1/messages', anthropic, messages(block, toolUse, block)],
    [
      'unsigned thinking',
      '/v1/messages',
      anthropic,
      messages(block, { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: '' }] }),
    ],
    [
      'a call without its result',
      gemini,
      google,
      { contents: [part, { role: 'model', parts: [{ functionCall: { name: 'x', args: {} } }] }, part] },
    ],
  ])('refuses %s at %s', async (_what, path, headers, body) => {
    const { status, state } = await post(path, headers, body);
    expect(status).toBe(400);
    expect(state.unexpected).toHaveLength(1);
  });

  it('says in each protocol which model it does not have', async () => {
    const { status, text } = await post('/v1/messages', anthropic, { ...messages(block), model: 'other' });
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });
});
