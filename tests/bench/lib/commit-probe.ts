import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { setTimeout as delay } from 'node:timers/promises';
import { openBareCommits } from './bare-commits.ts';

const everyMs = 40;

/** Bare commits now and then, to tell what of a delay is the disk's; in a thread of its own, as they block it. */
export interface CommitProbe {
  /** Milliseconds of each commit so far; ends the probe. */
  stop(): Promise<number[]>;
}

export function startCommitProbe(folder: string): CommitProbe {
  const worker = new Worker(new URL(import.meta.url), { workerData: folder });
  return {
    stop: () =>
      new Promise((resolve, reject) => {
        worker.once('error', reject);
        worker.once('message', resolve);
        worker.postMessage('stop');
      }),
  };
}

async function probe(folder: string): Promise<void> {
  const bare = openBareCommits(folder);
  const took: number[] = [];
  const stopped = new Promise<void>((resolve) => parentPort!.once('message', () => resolve()));
  const running = { value: true };
  void stopped.then(() => (running.value = false));
  while (running.value) {
    took.push(1000 / bare.rate(1));
    await Promise.race([delay(everyMs), stopped]);
  }
  bare.close();
  parentPort!.postMessage(took);
}

if (!isMainThread) await probe(workerData as string);
