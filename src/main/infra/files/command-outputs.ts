import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { CommandOutputs } from '../../app/ports/sandbox.ts';
import type { Log, Redactor } from '../../app/ports/system.ts';

/** What is redacted at once, in characters; pieces end at line ends, so that a secret is not cut in two. */
const pieceLength = 256 * 1024;
const rawEnding = '.raw';

/** Neither call rejects: an output that cannot be kept is lost and said so in the log, the command's result is not. */
export function createCommandOutputs(folder: string, redactor: Redactor, log: Log): CommandOutputs {
  return {
    begin: (jobId, runId) => {
      const path = join(folder, jobId, `${runId}${rawEnding}`);
      return {
        path,
        keep: async () => {
          try {
            await redactFile(path, join(folder, jobId, `${runId}.log`), redactor);
          } catch (error) {
            if (!isMissing(error))
              log.warn('the output of a command was not kept', { job_id: jobId, error: String(error) });
          }
          await rm(path, { force: true }).catch(() => undefined);
        },
      };
    },
    sweep: async (keep) => {
      const names = await readdir(folder, { recursive: true }).catch(() => []);
      const raw = names.filter((name) => name.endsWith(rawEnding) && !keep.has(dirname(name)));
      await Promise.all(raw.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
    },
    expire: async (isExpired) => {
      const jobIds = await readdir(folder).catch(() => []);
      for (const jobId of jobIds.filter(isExpired)) await removeJob(folder, jobId);
    },
    trim: async (maxBytes, isHeld) => {
      const sizes = await sizesBelow(folder);
      let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
      for (const { jobId, bytes } of sizes.sort((a, b) => a.newestMs - b.newestMs)) {
        if (total <= maxBytes) return;
        if (bytes === 0 || isHeld(jobId)) continue;
        await removeJob(folder, jobId);
        total -= bytes;
      }
    },
  };
}

/** What cannot be removed now is tried again with the next job's end. */
const removeJob = (folder: string, jobId: string): Promise<void> =>
  rm(join(folder, jobId), { recursive: true, force: true }).catch(() => undefined);

async function sizesBelow(folder: string): Promise<{ jobId: string; bytes: number; newestMs: number }[]> {
  const sizes: { jobId: string; bytes: number; newestMs: number }[] = [];
  for (const jobId of await readdir(folder).catch(() => [])) {
    const names = await readdir(join(folder, jobId)).catch(() => []);
    const infos = await Promise.all(names.map((name) => stat(join(folder, jobId, name)).catch(() => null)));
    const found = infos.filter((info) => info !== null);
    const bytes = found.reduce((sum, { size }) => sum + size, 0);
    sizes.push({ jobId, bytes, newestMs: Math.max(0, ...found.map(({ mtimeMs }) => mtimeMs)) });
  }
  return sizes;
}

/** Leaves the whole copy or none: on a full disk, too. */
async function redactFile(from: string, to: string, redactor: Redactor): Promise<void> {
  const raw = createReadStream(from, { encoding: 'utf8', highWaterMark: pieceLength });
  // A command that printed nothing has no file, and needs none.
  await once(raw, 'open');
  try {
    await pipeline(raw, redactedPieces(redactor), createWriteStream(to, { mode: 0o600 }));
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

const redactedPieces = (redactor: Redactor) =>
  async function* (chunks: AsyncIterable<string>): AsyncGenerator<string> {
    let held = '';
    for await (const chunk of chunks) {
      held += chunk;
      const end = held.length > 4 * pieceLength ? held.length : held.lastIndexOf('\n') + 1;
      if (end === 0) continue;
      yield redactor.text(held.slice(0, end));
      held = held.slice(end);
    }
    yield redactor.text(held);
  };

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
