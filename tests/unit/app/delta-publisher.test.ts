import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createDeltaPublisher } from '../../../src/main/app/delta-publisher.ts';
import { createEventBus } from '../../../src/main/app/event-bus.ts';
import { createRedactor } from '../../../src/main/infra/redaction/redactor.ts';

const who = { jobId: 'j', agent: 'a', role: 'backend' as const };

/** What is shown of answers that stream in pieces of this size. */
async function shown(answers: readonly string[], size: number): Promise<string> {
  const bus = createEventBus((error) => expect.fail(String(error)));
  const texts: string[] = [];
  bus.onDelta(({ text }) => texts.push(text));
  const publisher = createDeltaPublisher(bus, createRedactor());
  for (const answer of answers) {
    for (let at = 0; at < answer.length; at += size)
      publisher.push({ ...who, text: answer.slice(at, at + size) });
    publisher.end(who);
  }
  await nextTurn();
  return texts.join('');
}

const keyLines = Array.from({ length: 12 }, (_, n) => `${n}`.padEnd(64, 'abcdEFGH'));
const privateKey = `-----BEGIN RSA PRIVATE KEY-----\n${keyLines.join('\n')}\n-----END RSA PRIVATE KEY-----`;
const filler = 'word '.repeat(60);

describe.each([1, 7, 4096])('text that streams %i characters at a time', (size) => {
  it('comes in its order, whole up to the last line end', async () => {
    expect(await shown(['one\ntwo\nthree'], size)).toBe('one\ntwo\n');
  });

  it('leaves nothing of one answer before the next', async () => {
    expect(await shown(['first\nrest', 'second\n'], size)).toBe('first\nsecond\n');
  });

  it.each([
    ['a private key', `Look:\n${privateKey}\nthat is it\n`, keyLines[5] ?? ''],
    [
      'a bearer token in a long line',
      `${filler}Bearer abcdef0123456789abcdef ${filler}\n`,
      'abcdef0123456789',
    ],
    ['a phone number in a long line', `${filler}+1 415 555 2671 ${filler}\n`, '2671'],
    ['an address in a long line', `${filler}me@corp.example.org ${filler}\n`, 'corp.example'],
  ])('shows nothing of %s', async (_, text, secret) => {
    const told = await shown([text], size);
    expect(told).not.toContain(secret);
    expect(told).toContain('[redacted:');
    expect(told.at(-1)).toBe('\n');
  });
});
