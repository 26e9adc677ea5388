import type { ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import type { Credential } from '../../../src/main/app/ports/credentials.ts';
import type { ModelRequest } from '../../../src/main/app/ports/model.ts';
import type { ModelEvent } from '../../../src/main/domain/model-messages.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import {
  sendEvents,
  startRecordingServer,
  type Recorded,
  type RecordingServer,
} from '../../support/recording-server.ts';

const servers: RecordingServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

export type Answer = (request: Recorded, response: ServerResponse) => void;
/** Answers in this order; the last one for all that follow. */
export async function serve(...answers: Answer[]): Promise<RecordingServer> {
  let count = 0;
  const server = await startRecordingServer((request, response) => {
    answers[Math.min(count++, answers.length - 1)]?.(request, response);
  });
  servers.push(server);
  return server;
}
export const stream =
  (events: readonly string[], headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    sendEvents(response, events, headers);

export const account = (provider: ProviderId, facts: Record<string, string> = {}): Credential => ({
  provider,
  accountId: 'default',
  kind: 'oauth',
  secret: 'token-secret-1',
  baseUrl: null,
  facts,
});

export const tools = [
  {
    name: 'list_files',
    description: 'List files.',
    parameters: { type: 'object', properties: { path: { type: 'string' } } },
  },
];
const image = { mediaType: 'image/png' as const, base64: 'aGk=' };
export const conversation: ModelRequest['messages'] = [
  { role: 'user', text: 'do it', images: [image] },
  {
    role: 'assistant',
    text: 'I look.',
    toolCalls: [{ callId: 'call_1', name: 'list_files', input: { path: 'src' } }],
  },
  { role: 'tool', callId: 'call_1', name: 'list_files', output: 'a.ts' },
];

/** The conversation after an answer: it is kept and sent again, with the results of its calls. */
export function after(events: readonly ModelEvent[]): ModelRequest['messages'] {
  const end = events.at(-1);
  if (end?.type !== 'done') throw new Error(JSON.stringify(end));
  const toolCalls = events.flatMap((event) => (event.type === 'tool_call' ? [event.call] : []));
  const text = events.map((event) => (event.type === 'text' ? event.delta : '')).join('');
  const { replay } = end;
  return [
    { role: 'user', text: 'do it' },
    { role: 'assistant', text, toolCalls, ...(replay === undefined ? {} : { replay }) },
    ...toolCalls.map(({ callId, name }) => ({ role: 'tool' as const, callId, name, output: 'a.ts' })),
  ];
}
