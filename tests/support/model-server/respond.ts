import type { ServerResponse } from 'node:http';
import type { Facts } from './facts.ts';
import type { Recorder, RecordedRequest } from './record.ts';
import type { Answer, Chunking, Fault, Reply } from './script.ts';
import { answerBody, cut } from './wire.ts';
import type { StreamPart } from './wire-parts.ts';
import { refusalBody, wireOf } from './wires.ts';

export interface Exchange {
  response: ServerResponse;
  facts: Facts;
  record: RecordedRequest;
  recorder: Recorder;
  /** Aborted when the client has closed the connection. */
  gone: AbortSignal;
}

/** Plays a reply to its end; resolves also when the client goes away before. */
export async function respond(exchange: Exchange, reply: Reply): Promise<void> {
  if ('fault' in reply) await playFault(exchange, reply);
  else await playAnswer(exchange, reply);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function playAnswer(exchange: Exchange, answer: Answer): Promise<void> {
  const { response, facts } = exchange;
  if (!facts.stream) {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(answerBody(facts.model, answer, facts.size));
    return;
  }
  startStream(exchange);
  await play(exchange, wireOf(facts.path).answer(facts.model, answer, facts.size), answer.chunking);
  response.end();
}

async function playFault(exchange: Exchange, fault: Fault): Promise<void> {
  const { response } = exchange;
  switch (fault.fault) {
    case 'status':
      exchange.record.status = fault.status;
      {
        sendStatus(exchange, fault);
        return;
      }
    case 'html':
      exchange.record.status = fault.status;
      response.writeHead(fault.status, { 'content-type': 'text/html' });
      response.end('<!doctype html><html><body><h1>It works!</h1></body></html>');
      return;
    case 'empty':
      startStream(exchange);
      response.end();
      return;
    case 'cut':
      await playText(exchange, fault);
      if (fault.by === 'reset') response.destroy();
      else response.end();
      return;
    case 'error_line':
      await playText(exchange, fault, wireOf(exchange.facts.path).error(fault.error));
      response.end();
      return;
    case 'malformed':
      await playText(exchange, fault, wireOf(exchange.facts.path).broken(fault.line));
      response.end();
      return;
    case 'hang':
      if (fault.headers) await playText(exchange, fault);
      await new Promise<void>((resolve) => {
        if (exchange.gone.aborted) resolve();
        else exchange.gone.addEventListener('abort', () => resolve(), { once: true });
      });
      return;
  }
}

function sendStatus({ response, facts }: Exchange, fault: Extract<Fault, { fault: 'status' }>): void {
  const asText = typeof fault.body === 'string';
  const type = asText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(fault.status, { 'content-type': type, ...fault.headers });
  const body = fault.body ?? refusalBody(facts.path, fault.status, `status ${fault.status}`);
  response.end(asText ? fault.body : JSON.stringify(body));
}

function startStream({ response, facts }: Exchange): void {
  response.writeHead(200, { 'content-type': wireOf(facts.path).contentType });
  response.flushHeaders();
}

async function playText(
  exchange: Exchange,
  fault: { text?: Answer['text']; chunking?: Chunking | undefined },
  lastLine?: string,
): Promise<void> {
  startStream(exchange);
  const parts = wireOf(exchange.facts.path).beginning(exchange.facts.model, fault.text);
  await play(exchange, lastLine === undefined ? parts : [...parts, { line: lastLine }], fault.chunking);
}

async function play(
  exchange: Exchange,
  parts: readonly StreamPart[],
  chunking: Chunking | undefined,
): Promise<void> {
  let lines: string[] = [];
  for (const part of [...parts, null]) {
    if (part !== null && 'line' in part) {
      lines.push(part.line);
      continue;
    }
    for (const bytes of cut(lines, chunking)) await write(exchange, bytes);
    lines = [];
    if (part !== null) await exchange.recorder.stand(part.gate, exchange.gone);
  }
}

/** Resolves when the bytes are with the kernel, so that each write is a chunk of its own. */
async function write({ response, gone }: Exchange, bytes: Uint8Array): Promise<void> {
  if (gone.aborted || bytes.length === 0) return;
  await new Promise<void>((resolve) => {
    response.write(bytes, () => resolve());
  });
}
