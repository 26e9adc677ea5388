/**
 * A second process on a database that spends: `node peer.ts <database> <pid name> <limit> <calls>`. Reserves, settles,
 * breaks off and retries at random until so many calls were admitted or refused; says each `admitted <tokens>`,
 * `refused` and `settled <tokens>`, written synchronously after its commit.
 */
import { writeSync } from 'node:fs';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { aCall, openLedger, outcome, worst } from './support.ts';

const [path = '', limit = '0', calls = '0'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const opened = createSqliteStore({ path });
if (!opened.ok) throw new Error(opened.error.message);
const ledger = openLedger(opened.value, { dayTokens: Number(limit) });
const upTo = (most: number): number => Math.floor(Math.random() * (most + 1));
const account = (): string => `account-${upTo(2)}`;

/** Several at once, which share their commits. */
async function spend(): Promise<void> {
  for (let made = 0; made < Number(calls); made += 1) {
    const tokens = 1 + upTo(200);
    const reserved = await ledger.reserve(aCall({ accountId: account() }), worst(tokens));
    if (!reserved.ok) {
      say('refused');
      continue;
    }
    say(`admitted ${tokens}`);
    // Some never hear how it ended.
    const real = upTo(9) === 0 ? null : upTo(tokens);
    await ledger.settle(
      reserved.reservationId,
      real === null ? null : { tokens: real, micros: null },
      outcome(),
    );
    say(`settled ${real ?? tokens}`);
  }
}

await Promise.all([spend(), spend(), spend()]);
say('done');
opened.value.close();
process.exit(0);
