import { afterEach, describe, expect, it } from 'vitest';
import type { ModelEvent, ModelMessage, ModelReplay } from '../../../src/main/domain/model-messages.ts';
import { createKeyModels } from '../../../src/main/infra/llm/key-providers.ts';
import type { KeyProvider } from '../../../src/main/infra/llm/provider-endpoints.ts';
import { credentialOf } from '../../support/credential.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { opaqueOf } from '../../support/model-server/wire-parts.ts';
import { aRequest, endpointsAt, eventsOf, gist } from './fixtures.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

type Assistant = Extract<ModelMessage, { role: 'assistant' }>;
type Replaying = Exclude<KeyProvider, 'openai-compatible'>;

const tools = [{ name: 'read_file', description: '', parameters: { type: 'object', properties: {} } }];
const modelOf: Record<Replaying, string> = {
  openai: 'gpt-5.1',
  anthropic: 'claude-sonnet-4-5',
  google: 'gemini-3-pro-preview',
  openrouter: 'anthropic/claude',
};

/** What goes back of an answer that thought "let me", said "I look." and called two tools. */
const opaqueParts: Record<Replaying, unknown> = {
  openai: {
    type: 'reasoning',
    encrypted_content: opaqueOf('reasoning', 'let me'),
    summary: [{ type: 'summary_text', text: 'let me' }],
  },
  anthropic: { type: 'thinking', thinking: 'let me', signature: opaqueOf('signed', 'let me') },
  google: {
    functionCall: expect.objectContaining({ name: 'read_file', args: { path: 'a' } }) as unknown,
    thoughtSignature: opaqueOf('thought', 'let me'),
  },
  openrouter: { type: 'reasoning.text', text: 'let me', signature: opaqueOf('signed', 'let me') },
};

/** A first call, its answer as the engine keeps it (changed by `keep`), and the body of the second call. */
async function secondBody(
  provider: Replaying,
  keep: (answer: Assistant) => Assistant = (answer) => answer,
  secondModel = modelOf[provider],
): Promise<string> {
  server = await startModelServer({
    models: [{ name: modelOf[provider] }, { name: secondModel }],
    exchanges: [
      {
        name: 'first',
        reply: {
          thinking: 'let me',
          text: 'I look.',
          toolCalls: [
            { name: 'read_file', arguments: { path: 'a' } },
            { name: 'read_file', arguments: { path: 'b' } },
          ],
        },
      },
      { name: 'second', reply: { text: 'done' } },
    ],
  });
  const port = createKeyModels({ endpoints: endpointsAt(server.url) })[provider];
  const request = aRequest({
    model: modelOf[provider],
    credential: credentialOf(provider),
    tools,
    effort: 'low',
  });
  const answer = keep(answerOf(await eventsOf(port, request)));
  const results = answer.toolCalls.map(({ callId, name }) => ({
    role: 'tool' as const,
    callId,
    name,
    output: 'text',
  }));
  const messages = [...request.messages, answer, ...results];
  const second = gist(await eventsOf(port, { ...request, model: secondModel, messages }));
  expect(second.end).toMatchObject({ type: 'done' });
  server.assertDone();
  return JSON.stringify(server.state().requests[1]?.body);
}

function answerOf(events: readonly ModelEvent[]): Assistant {
  const { text, end } = gist(events);
  if (end?.type !== 'done') throw new Error(JSON.stringify(end));
  const toolCalls = events.flatMap((event) => (event.type === 'tool_call' ? [event.call] : []));
  // As the engine stores it: through JSON.
  return JSON.parse(JSON.stringify({ role: 'assistant', text, toolCalls, replay: end.replay })) as Assistant;
}

/** The text of the opaque part that nothing else can contain. */
const secretOf = (provider: Replaying): string =>
  opaqueOf(provider === 'openai' ? 'reasoning' : provider === 'google' ? 'thought' : 'signed', 'let me');

const providers = Object.keys(modelOf) as Replaying[];

describe.each(providers)('opaque parts of %s', (provider) => {
  it('go back as they came', async () => {
    const body = JSON.parse(await secondBody(provider)) as unknown;
    expect(partsIn(body)).toContainEqual(expect.objectContaining(opaqueParts[provider] as object));
  });

  it('go back to a conversation whose call ids the engine has changed', async () => {
    const renamed = (answer: Assistant): Assistant => ({
      ...answer,
      toolCalls: answer.toolCalls.map((call, index) => ({ ...call, callId: `s1c${index}` })),
    });
    expect(await secondBody(provider, renamed)).toContain(secretOf(provider));
  });

  it('go back beside a text that was redacted', async () => {
    const body = await secondBody(provider, (answer) => ({ ...answer, text: 'I l**k.' }));
    expect(body).toContain(secretOf(provider));
    expect(body).toContain('I l**k.');
    expect(body).not.toContain('I look.');
  });

  it('go to no other model', async () => {
    const body = await secondBody(provider, (answer) => answer, 'other-model');
    expect(body).not.toContain(secretOf(provider));
    expect(body).toContain('I look.');
  });

  it.each([
    ['another provider', (replay: ModelReplay) => ({ ...replay, provider: 'elsewhere' })],
    ['another shape', (replay: ModelReplay) => ({ ...replay, data: { hello: [1] } })],
    ['nothing', () => undefined],
  ])('are left out when they are of %s', async (_what, change) => {
    const body = await secondBody(provider, (answer) => ({
      ...answer,
      replay: answer.replay === undefined ? undefined : change(answer.replay),
    }));
    expect(body).not.toContain(secretOf(provider));
    expect(body).toContain('I look.');
  });
});

/** Every object within a body. */
function partsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsIn)];
}
