/** `node mirror-peer.ts <database> <audit log> <escalation log>`: records and mirrors without end, a line for each round. */
import { writeSync } from 'node:fs';
import { createLogMirror } from '../../../src/main/infra/logs/json-lines-mirror.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';

const [path = '', auditPath = '', escalationPath = ''] = process.argv.slice(2);
const opened = createSqliteStore({ path });
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
const refuse = (message: string): void => {
  throw new Error(message);
};
const mirror = createLogMirror({
  store,
  auditPath,
  escalationPath,
  log: { info: refuse, warn: refuse, error: refuse },
});
for (;;) {
  store.transaction(({ audit, escalations }) => {
    const seq = audit.count() + 1;
    const at = new Date(seq).toISOString();
    audit.append([
      { at, job_id: 'a', category: 'job', action: 'peer', metadata: { text: 'p'.repeat(3000) } },
    ]);
    escalations.insert({
      escalation_id: `peer-${process.pid}-${seq}`,
      at,
      job_id: 'a',
      severity: 'critical',
      reason: 'peer',
      metadata: {},
    });
  });
  await mirror.flush();
  writeSync(1, '.\n');
}
