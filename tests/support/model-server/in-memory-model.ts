import type { ModelPort, ModelRequest } from '../../../src/main/app/ports/model.ts';
import type { ModelError, ModelEvent, ModelMessage } from '../../../src/main/domain/model-messages.ts';
import { factsOf } from './facts.ts';
import { Matcher } from './matcher.ts';
import { parseScript } from './server.ts';
import { replySchema, type Answer, type Fault, type Pieces, type Reply, type ScriptInput } from './script.ts';
import { tokensOf } from './wire-parts.ts';

/**
 * The model port answered from a script without a server: the same scripts, in memory. Gates are not held. The same
 * contract suite runs on this and on the real adapter (tests/contract/model-port.test.ts).
 */
export function createInMemoryModel(input: ScriptInput): ModelPort & { requests: ModelRequest[] } {
  const script = parseScript(input);
  const matcher = new Matcher(script.exchanges);
  const requests: ModelRequest[] = [];
  return {
    requests,
    async *stream(request, signal) {
      requests.push(request);
      const model = request.model.replace(/^ollama\//, '');
      if (signal.aborted) yield failed('canceled', 'canceled');
      else if (!script.models.some((known) => known.name === model))
        yield failed('model_not_found', `model '${model}' not found`);
      else yield* play(replyTo(matcher, request, model), signal);
    },
  };
}

function replyTo(matcher: Matcher, request: ModelRequest, model: string): Reply {
  const facts = factsOf('/api/chat', bodyOf(request, model));
  if ('invalid' in facts) throw new Error(facts.invalid);
  const reply = matcher.take(facts)?.reply;
  if (reply === undefined)
    return { fault: 'status', status: 500, body: `unexpected request: ${matcher.explain(facts).join('; ')}` };
  if (typeof reply !== 'function') return reply;
  return replySchema.parse(
    reply({ user: facts.users.at(-1) ?? '', toolResult: facts.toolResult, step: facts.step }),
  );
}

async function* play(reply: Reply, signal: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
  yield* texts('text' in reply ? reply.text : undefined);
  if ('fault' in reply) {
    if (reply.fault === 'hang') await untilAborted(signal);
    yield faultEvent(reply);
    return;
  }
  if (reply.thinking !== undefined) yield { type: 'reasoning', delta: reply.thinking };
  for (const [index, { name, arguments: args }] of reply.toolCalls.entries())
    yield { type: 'tool_call', call: { callId: `c${index}`, name, input: args } };
  yield endOf(reply);
}

function endOf(answer: Answer): ModelEvent {
  if (answer.text === undefined && answer.toolCalls.length === 0)
    return failed('bad_response', 'The model answered nothing.');
  const { prompt = 0, completion = 0 } = answer.usage ?? {};
  return {
    type: 'done',
    finishReason:
      answer.toolCalls.length > 0 ? 'tool_calls' : answer.doneReason === 'length' ? 'length' : 'stop',
    usage: {
      promptTokens: prompt,
      cachedTokens: 0,
      completionTokens: completion,
      reasoningTokens: 0,
      estimated: answer.usage == null,
    },
  };
}

function faultEvent(fault: Fault): ModelEvent {
  if (fault.fault === 'hang') return failed('canceled', 'canceled');
  if (fault.fault !== 'status') return failed('bad_response', fault.fault);
  const said = typeof fault.body === 'string' ? fault.body : `status ${fault.status}`;
  if (fault.status === 429)
    return { type: 'error', error: { kind: 'rate_limited', message: said, retryAfterMs: null } };
  if (fault.status >= 500)
    return { type: 'error', error: { kind: 'overloaded', message: said, retryAfterMs: null } };
  return failed('bad_response', said);
}

function* texts(pieces: Pieces | undefined): Generator<ModelEvent, void, undefined> {
  const list = typeof pieces === 'string' ? [pieces] : (pieces ?? []);
  for (const piece of list)
    if (typeof piece === 'string') for (const delta of tokensOf(piece)) yield { type: 'text', delta };
}

type PlainKind = Exclude<ModelError['kind'], 'rate_limited' | 'quota_exhausted' | 'overloaded'>;
const failed = (kind: PlainKind, message: string): ModelEvent => ({
  type: 'error',
  error: { kind, message },
});

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** The request as Ollama would get it, as far as matching looks. */
const bodyOf = (request: ModelRequest, model: string) => ({
  model,
  messages: [{ role: 'system', content: request.system }, ...request.messages.map(wireMessage)],
  tools: request.tools.map((tool) => ({ function: { name: tool.name } })),
  ...(request.responseSchema === undefined ? {} : { format: request.responseSchema }),
});

const wireMessage = (message: ModelMessage) => ({
  role: message.role,
  content: message.role === 'tool' ? message.output : message.text,
});
