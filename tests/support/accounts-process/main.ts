/**
 * Sign-in in a process of its own, for tests that kill it or run several: `node main.ts DATA_FOLDER`, the environment
 * goes to it as it is. Reads one JSON line `{name, input}` an order and prints one JSON line an answer; `active` and
 * `renew` ask for a credential `input.times` times at once.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openAccounts } from '../accounts.ts';
import type { Credential } from '../../../src/main/app/ports/credentials.ts';

const accounts = openAccounts({ dataFolder: process.argv[2] ?? '', env: process.env, consented: true });
const say = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`);
const signal = new AbortController().signal;

interface Order {
  name: string;
  input: { provider: 'openai-codex'; times: number; stale?: Credential };
}

/** Distinct answers, so that a thousand of them are one line. */
async function credentials({ name, input }: Order): Promise<unknown[]> {
  const { provider, times, stale } = input;
  const asked = Array.from({ length: times }, () =>
    name === 'renew' && stale
      ? accounts.credentials.renew(stale, signal)
      : accounts.credentials.active(provider, signal),
  );
  const texts = (await Promise.all(asked)).map((answer) => JSON.stringify(answer));
  return [...new Set(texts)].map((text) => JSON.parse(text) as unknown);
}

await accounts.start();
say('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order;
  if (order.name === 'active' || order.name === 'renew') say(await credentials(order));
  else say(await accounts.attempt(order.name as 'accounts.list', order.input as never));
}
await accounts.stop();
