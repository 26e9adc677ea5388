import { describe, expect, it } from 'vitest';
import type { ModelPort, ModelRequest } from '../../../src/main/app/ports/model.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import { createAntigravityModel } from '../../../src/main/infra/llm/antigravity-model.ts';
import { createChatgptModel } from '../../../src/main/infra/llm/chatgpt-model.ts';
import { createCodexModel } from '../../../src/main/infra/llm/codex-model.ts';
import type { HttpFetch } from '../../../src/main/infra/llm/http-fetch.ts';
import { aRequest, eventsOf, fetchOf, gist } from './fixtures.ts';
import {
  codeAssistGist,
  codeAssistStream,
  rateLimitsEvent,
  rateLimitsQuota,
  responsesEvent,
  responsesGist,
  responsesStream,
  textGist,
  textStream,
} from './subscription-streams.ts';

interface Protocol {
  provider: ProviderId;
  model: string;
  events: string[];
  expected: unknown;
  open: (fetch: HttpFetch) => ModelPort;
  /** An error of the provider in the middle of a stream, and what it means. */
  error: string;
  errorKind: string;
  /** What may follow the last event. */
  late: string;
}

const protocols: Protocol[] = [
  {
    provider: 'openai-codex',
    model: 'gpt-5.2-codex',
    events: responsesStream([rateLimitsEvent]),
    expected: responsesGist('openai-codex', rateLimitsQuota),
    open: (fetch) => createCodexModel({ fetch }),
    error: responsesEvent('response.failed', {
      response: { id: 'r', error: { code: 'rate_limit_exceeded', message: 'Please try again in 1.2s.' } },
    }),
    errorKind: 'rate_limited',
    late: responsesEvent('error', { code: 'late', message: 'late' }),
  },
  {
    provider: 'chatgpt',
    model: 'gpt-5.2-codex',
    // The reader is Codex's: what differs is in the errors.
    events: textStream,
    expected: textGist('chatgpt'),
    open: (fetch) => createChatgptModel({ fetch }),
    error: responsesEvent('error', {
      code: 'subscription_sharing_usage_limit_exceeded',
      message: 'limit',
      sequence_number: 1,
    }),
    errorKind: 'quota_exhausted',
    late: responsesEvent('response.failed', { response: { error: { message: 'late' } } }),
  },
  {
    provider: 'google-antigravity',
    model: 'gemini-3-pro',
    events: codeAssistStream,
    expected: codeAssistGist,
    open: (fetch) => createAntigravityModel({ fetch, consented: () => true }),
    error: `data: ${JSON.stringify({ error: { code: 503, status: 'UNAVAILABLE', message: 'busy' } })}\r\n\r\n`,
    errorKind: 'overloaded',
    late: 'data: {"error":{"code":500,"message":"late"}}\r\n\r\n',
  },
];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(protocols)('a stream of $provider', (protocol) => {
  const { provider, model, events, expected, open } = protocol;
  const whole = bytes(events.join(''));
  const boundaries = Array.from({ length: whole.length + 1 }, (_, at) => at);
  const request: ModelRequest = aRequest({
    model,
    credential: {
      provider,
      accountId: 'default',
      kind: 'oauth',
      secret: 'token-1',
      baseUrl: null,
      facts: { project_id: 'p-1' },
    },
    tools: [{ name: 'list_files', description: '', parameters: { type: 'object', properties: {} } }],
  });
  const run = async (chunks: readonly Uint8Array[], cut = false) =>
    gist(await eventsOf(open(fetchOf(chunks, cut)), request));

  it('is the same split at every byte', async () => {
    for (const at of boundaries)
      expect(await run([whole.subarray(0, at), whole.subarray(at)]), `split at ${at}`).toEqual(expected);
  });

  it('is the same with one byte at a time', async () => {
    expect(await run(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('ends in one error wherever it is cut before its last event is whole', async () => {
    // The last event counts as whole without the blank line after it.
    const lineEnd = events.at(-1)?.endsWith('\r\n\r\n') ? 4 : 2;
    for (const at of boundaries.slice(0, -1 - lineEnd)) {
      const proper = await run([whole.subarray(0, at)]);
      expect(proper.end, `ended at ${at}`).toMatchObject({ type: 'error', error: { kind: 'bad_response' } });
      const broken = await run([whole.subarray(0, at)], true);
      expect(broken.end, `broken at ${at}`).toMatchObject({
        type: 'error',
        error: { kind: broken.text === '' && broken.calls.length === 0 ? 'network' : 'bad_response' },
      });
    }
  });

  it('ends in one error where the server says so in the middle, after what came before', async () => {
    for (let count = 0; count < events.length; count += 1) {
      const before = events.slice(0, count).join('');
      const { text, end } = await run([bytes(before), bytes(protocol.error)]);
      expect(end, `after ${count} events`).toMatchObject({
        type: 'error',
        error: { kind: protocol.errorKind },
      });
      if (before.includes('🙂.')) expect(text).toBe('a ü 세 🙂.');
    }
  });

  it('ignores what follows the last event', async () => {
    expect(await run([whole, bytes(protocol.late)])).toEqual(expected);
    expect(await run([bytes(events.join('') + protocol.late)])).toEqual(expected);
  });

  it.each([
    ['no JSON', 'data: {"type":\n\n'],
    ['a list', 'data: [1]\n\n'],
    ['a web page', '<!doctype html><html></html>'],
    ['nothing', ''],
  ])('of %s ends in one error', async (_what, text) => {
    expect((await run([bytes(text)])).end).toMatchObject({ error: { kind: 'bad_response' } });
  });
});
