import type { TranscriptEntry } from '../../domain/transcript.ts';
import type { TranscriptTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

export function createTranscriptTable(db: Connection): TranscriptTable {
  const insert = db.command<[string, string, number, string, number]>(
    'INSERT INTO agent_messages (job_id, agent, seq, entry, at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const of = db.query<[string, string], { entry: string }>(
    'SELECT entry FROM agent_messages WHERE job_id = ? AND agent = ? ORDER BY seq',
  );
  // In the order in which they began; every transcript has an entry 0.
  const agents = db.query<[string], { agent: string }>(
    'SELECT agent FROM agent_messages WHERE job_id = ? AND seq = 0 ORDER BY rowid',
  );
  return {
    append: (jobId, agent, seq, entry, atMs) =>
      void insert.run(jobId, agent, seq, JSON.stringify(entry), atMs),
    of: (jobId, agent) => of.all(jobId, agent).map((row) => JSON.parse(row.entry) as TranscriptEntry),
    agents: (jobId) => agents.all(jobId).map((row) => row.agent),
  };
}
