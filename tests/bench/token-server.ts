import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { protocolOf } from '../support/model-server/protocols.ts';
import { answerSchema } from '../support/model-server/script.ts';
import { wireOf } from '../support/model-server/wires.ts';
import { wallClock } from './lib/stats.ts';

/**
 * A model that answers every call in its protocol with TOKENS_PER_SECOND tokens for SECONDS:
 * `node token-server.ts TOKENS_PER_SECOND SECONDS`, in a process of its own. Each token is the time at which it was
 * written, `~`, tenths of a millisecond to base 36, a space, in a write and a packet of its own. Prints its address.
 */
const [perSecond = 5000, seconds = 5] = process.argv.slice(2).map(Number);

const server = createServer((request, response) => {
  response.socket?.setNoDelay(true);
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  request.resume().on('end', () => {
    if (protocolOf(path) === null) response.writeHead(404).end();
    else stream(path, response);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`,
  );
});
process.stdin.on('end', () => process.exit(0)).resume();

function stream(path: string, response: ServerResponse): void {
  const wire = wireOf(path);
  const answer = answerSchema.parse({ text: 'TOKN', usage: { prompt: 1, completion: 1 } });
  const lines = wire.answer('m', answer, 0).map((part) => ('line' in part ? part.line : ''));
  // OpenAI says the whole text again at the end: only the first time is a token.
  const at = lines.findIndex((line) => line.includes('TOKN'));
  const [before = '', after = ''] = (lines[at] ?? '').split('TOKN');
  response.writeHead(200, { 'content-type': wire.contentType });
  response.write(lines.slice(0, at).join(''));
  const total = perSecond * seconds;
  const startedAt = performance.now();
  let sent = 0;
  const send = (): void => {
    sent += 1;
    response.write(`${before}${stamp()} ${after}`);
    if (sent === total) response.end(lines.slice(at + 1).join(''));
  };
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
    // One turn each: Node joins the writes of a turn.
    for (let token = sent; token < due; token += 1) setImmediate(send);
    if (due === total) clearInterval(timer);
  }, 1);
}

const stamp = (): string => `~${Math.round(wallClock() * 10).toString(36)}`;
