import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { answerControl } from './control.ts';
import { factsOf, type Facts } from './facts.ts';
import { Matcher } from './matcher.ts';
import { ownAnswer, refusal, type OwnAnswer } from './own-answers.ts';
import { wrongHeaders } from './protocols.ts';
import { Recorder, type RecordedRequest, type ServerState } from './record.ts';
import { respond, sendJson } from './respond.ts';
import {
  replySchema,
  scriptSchema,
  type Exchange,
  type Reply,
  type Script,
  type ScriptInput,
} from './script.ts';
import { refusalBody } from './wires.ts';

/** A server that speaks the providers' HTTP protocols (protocols.ts) and answers from a script. */
export interface ModelServer {
  /** Without a trailing slash. */
  readonly url: string;
  state(): ServerState;
  /** Opens a gate for the streams that stand at it and for all that come. */
  release(gate: string): void;
  /** Resolves as soon as `holds` is true of the state. */
  until(holds: (state: ServerState) => boolean): Promise<void>;
  /** Throws when a request was unexpected or an exchange was left over. */
  assertDone(): void;
  /** Ends open streams and stops listening. */
  close(): Promise<void>;
}

export interface ModelServerOptions {
  /** 0 takes a free one. */
  port?: number;
  /** Told of each unexpected request; default: standard error. */
  onUnexpected?: (text: string) => void;
}

/** What a request handler needs. */
interface Context {
  script: Script;
  matcher: Matcher;
  recorder: Recorder;
  /** Answers already given, by request text; for `replayIdentical`. */
  answered: Map<string, Exchange>;
  onUnexpected: (text: string) => void;
}

/** Starts the server. Throws when the script is not valid or the port is taken. */
export async function startModelServer(
  input: ScriptInput,
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const script = parseScript(input);
  const context: Context = {
    script,
    matcher: new Matcher(script.exchanges),
    recorder: new Recorder(),
    answered: new Map(),
    onUnexpected: options.onUnexpected ?? ((text) => process.stderr.write(`model server: ${text}\n`)),
  };
  const state = (): ServerState => stateOf(context);
  const server = createServer((request, response) => {
    response.socket?.setNoDelay(true);
    handle(context, state, request, response).catch((error: unknown) => {
      process.stderr.write(`model server: ${String(error)}\n`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    release: (gate) => context.recorder.release(gate),
    until: (holds) => context.recorder.until(() => holds(state())),
    assertDone: () => assertDone(state()),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function parseScript(input: unknown): Script {
  const parsed = scriptSchema.safeParse(input);
  if (!parsed.success) throw new Error(`the script is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const stateOf = ({ recorder, matcher }: Context): ServerState => ({
  requests: recorder.requests,
  unexpected: recorder.requests.filter((request) => request.unexpected),
  unused: matcher.unused(),
  waiting: recorder.waiting(),
});

function assertDone(state: ServerState): void {
  const { unexpected, unused } = state;
  if (unexpected.length > 0)
    throw new Error(`${unexpected.length} unexpected requests, first: ${JSON.stringify(unexpected[0])}`);
  if (unused.length > 0) throw new Error(`exchanges left over: ${unused.join(', ')}`);
}

async function handle(
  context: Context,
  state: () => ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const text = await readText(request);
  if (url.pathname.startsWith('/__control/')) {
    await answerControl(context.recorder, state, url, text, response);
    return;
  }
  const body = parseJson(text);
  const facts = factsOf(url.pathname, body);
  const record = context.recorder.add({
    ...('invalid' in facts ? { role: null, model: '', step: 0 } : pick(facts)),
    path: url.pathname,
    exchange: null,
    status: 200,
    unexpected: false,
    headers: request.headers,
    body,
  });
  const gone = new AbortController();
  response.on('close', () => {
    context.recorder.end(record, response.writableFinished ? 'finished' : 'aborted');
    gone.abort();
  });
  const wrong = wrongHeaders(url.pathname, request.headers, context.script.key);
  if (wrong !== null || 'invalid' in facts) {
    const status = wrong === null ? 400 : 401;
    record.status = status;
    record.unexpected = true;
    const message = wrong ?? ('invalid' in facts ? `invalid request: ${facts.invalid}` : '');
    context.onUnexpected(`${url.pathname}: ${message}`);
    sendJson(response, status, refusalBody(url.pathname, status, message));
    return;
  }
  const exchange = findExchange(context, facts, text);
  if (exchange === null) {
    sendOwn(context, facts, url, record, response);
    return;
  }
  record.exchange = exchange.name;
  const reply = resolveReply(exchange, facts);
  await respond({ response, facts, record, recorder: context.recorder, gone: gone.signal }, reply);
}

function resolveReply({ reply }: Exchange, facts: Facts): Reply {
  if (typeof reply !== 'function') return reply;
  const { users, toolResult, step } = facts;
  return replySchema.parse(reply({ user: users.at(-1) ?? '', toolResult, step }));
}

const pick = ({ role, model, step }: Facts) => ({ role, model, step });

function findExchange(context: Context, facts: Facts, text: string): Exchange | null {
  if (refusal(context.script, facts) !== null) return null;
  const key = `${facts.path} ${text}`;
  const before = context.script.replayIdentical ? context.answered.get(key) : undefined;
  const exchange = before ?? context.matcher.take(facts);
  if (exchange !== null) context.answered.set(key, exchange);
  return exchange;
}

function sendOwn(
  context: Context,
  facts: Facts,
  url: URL,
  record: RecordedRequest,
  response: ServerResponse,
): void {
  const { headers } = record;
  const answer = refusal(context.script, facts) ?? ownAnswer(context.script, facts, url, headers);
  record.unexpected = answer === null;
  const { status, body } = answer ?? unexpectedAnswer(context, facts);
  record.status = status;
  if (typeof body === 'string') response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  else sendJson(response, status, body);
}

function unexpectedAnswer(context: Context, facts: Facts): OwnAnswer {
  const text = [
    `unexpected request ${facts.path}: role ${facts.role ?? 'none'}, step ${facts.step}, model ${facts.model}`,
    `last user text: ${(facts.users.at(-1) ?? '').slice(0, 400)}`,
    `tool result: ${facts.toolResult?.slice(0, 400) ?? 'none'}`,
    ...context.matcher.explain(facts).map((line) => `  ${line}`),
  ].join('\n');
  context.onUnexpected(text);
  return { status: 500, body: refusalBody(facts.path, 500, text) };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
