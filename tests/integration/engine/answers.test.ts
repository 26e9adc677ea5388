import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerQuestion } from '../../../src/main/app/answer-question.ts';
import { createEventBus } from '../../../src/main/app/event-bus.ts';
import { createJournal } from '../../../src/main/app/journal.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import type { Redactor } from '../../../src/main/app/ports/system.ts';
import { createRedactor } from '../../../src/main/infra/redaction/redactor.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { jobRecord } from '../../support/job-record.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await makeTempFolder();
  const opened = createSqliteStore({ path: join(folder, 'jobs.db') });
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
});
afterEach(async () => {
  store.close();
  await removeTempFolder(folder);
});

const jobId = jobRecord().jobId;

/** A redactor that holds the answer `held` until it is let go. */
function holding(held: string): { redactor: Redactor; reached: Promise<void>; letGo: () => void } {
  const redactor = createRedactor();
  let letGo = (): void => undefined;
  let reach = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const text = async (value: string): Promise<string> => {
    if (value === held) {
      reach();
      await gate;
    }
    return redactor.text(value);
  };
  return { redactor: { ...redactor, text }, reached, letGo };
}

describe('a question answered by two people', () => {
  it('takes the first answer and tells the second one so, also when the job has asked again meanwhile', async () => {
    const { redactor, reached, letGo } = holding('slow');
    const bus = createEventBus(() => undefined);
    const journal = createJournal({
      store,
      bus,
      clock: createManualClock(),
      redactor,
      onCommitted: () => undefined,
    });
    await journal.create(jobRecord({ state: 'executing' }), null);
    const ask = (id: string, callId: string) =>
      journal.execute(jobId, [{ type: 'wait', for: 'answer', escalationId: id, reason: `asks ${id}` }], {
        escalation: {
          id,
          severity: 'info',
          reason: id,
          metadata: { question: id, agent: 'task:t1', call_id: callId },
        },
      });
    const answer = (id: string, text: string) =>
      answerQuestion({ store, journal, redactor }, { job_id: jobId, escalation_id: id, answer: text });

    await ask('first', 's1c1');
    const late = answer('first', 'slow');
    await reached;
    expect(await answer('first', 'quick')).toMatchObject({ ok: true });
    await ask('second', 's2c1');
    letGo();
    expect(await late).toMatchObject({
      error: { code: 'conflict', message: expect.stringMatching(/answered already/) as string },
    });
    // The late answer left nothing behind: the job still waits on its second question.
    expect(store.tables.jobs.get(jobId)?.waitingFor).toBe('answer');
    expect(store.tables.escalations.get('second')?.resolved_at).toBeNull();
    expect(store.tables.escalations.get('first')?.answer).toBe('quick');
    const results = store.tables.transcript.of(jobId, 'task:t1');
    expect(results).toMatchObject([{ kind: 'result', callId: 's1c1', output: 'quick' }]);
    expect(await answer('second', 'left')).toMatchObject({ ok: true });
  });
});
