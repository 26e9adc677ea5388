import { Worker } from 'node:worker_threads';
import { type ConfinedFolder, openFolder } from './confined-folder.ts';
import { codeOf, FileRefusal, refuse } from './file-errors.ts';
import { decode, maxFileBytes, openRegular } from './read-lines.ts';
import type { WalkedFile } from './walk.ts';

const maxPatternLength = 1000;
/** Of a whole search; a pattern that backtracks without end is ended with its thread. */
const defaultTimeLimitMs = 10_000;
const maxTotalBytes = 128 * 1024 * 1024;
const batchBytes = 1024 * 1024;
const groupSize = 32;

/**
 * Runs in a thread of its own, so that no pattern can hold up the process. Source text instead of a file, because a
 * file of its own would have to be found again in every bundle. One reply for each message.
 */
const workerSource = `
const { parentPort, workerData } = require('node:worker_threads');
const pattern = new RegExp(workerData.source, workerData.flags);
parentPort.on('message', ({ files, limit }) => {
  const matches = [];
  for (const { path, text } of files) {
    const lines = text.split('\\n');
    for (let at = 0; at < lines.length && matches.length < limit; at += 1) {
      const found = pattern.exec(lines[at]);
      if (!found) continue;
      const start = Math.max(0, found.index - 100);
      const shown = lines[at].slice(start, start + 300).replace(/\\r$/, '');
      const cut = start + 300 < lines[at].length ? '…' : '';
      matches.push(path + ':' + (at + 1) + ': ' + (start > 0 ? '…' : '') + shown + cut);
    }
  }
  parentPort.postMessage(matches);
});
`;

/** A JavaScript regular expression; `(?i)` at its start is understood too. Throws a refusal for a wrong one. */
function compile(pattern: string): { source: string; flags: string } {
  if (pattern.length > maxPatternLength)
    throw refuse(`The pattern is longer than ${maxPatternLength} characters.`);
  const inline = /^\(\?i\)/.test(pattern);
  const source = inline ? pattern.slice(4) : pattern;
  const base = inline ? 'i' : '';
  for (const flags of [`${base}u`, base]) {
    try {
      new RegExp(source, flags);
      return { source, flags };
    } catch {
      // With "u" many harmless escapes are errors; without it they are not.
    }
  }
  throw refuse(
    'The pattern is no valid regular expression. Escape ( ) [ ] { } * + ? . with \\ to search for them.',
  );
}

/** Lines that match, as `path:line: text`, in the order of `files`; binary and large files are passed over. */
export async function searchFiles(
  root: string,
  files: readonly WalkedFile[],
  pattern: string,
  limit: number,
  signal: AbortSignal,
  timeLimitMs = defaultTimeLimitMs,
): Promise<{ matches: string[]; truncated: boolean }> {
  const worker = new Worker(workerSource, {
    eval: true,
    workerData: compile(pattern),
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const timeout = AbortSignal.timeout(timeLimitMs);
  const either = AbortSignal.any([signal, timeout]);
  const matches: string[] = [];
  try {
    for await (const batch of batches(root, files, either)) {
      matches.push(...(await ask(worker, { files: batch, limit: limit + 1 - matches.length }, either)));
      if (matches.length > limit) break;
    }
  } catch (error) {
    if (timeout.aborted && !signal.aborted) throw refuse(tooSlow);
    throw error;
  } finally {
    await worker.terminate();
  }
  return { matches: matches.slice(0, limit), truncated: matches.length > limit };
}

const tooSlow = 'The search took too long. Use a simpler pattern, or search in one folder.';

function ask(worker: Worker, message: unknown, signal: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onMessage = (matches: string[]): void => done(() => resolve(matches));
    const onError = (error: unknown): void =>
      done(() => reject(codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? refuse(tooSlow) : (error as Error)));
    const onAbort = (): void => done(() => reject(signal.reason as Error));
    if (signal.aborted) return onAbort();
    worker.on('message', onMessage);
    worker.on('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    worker.postMessage(message);
  });
}

interface TextFile {
  path: string;
  text: string;
}

async function* batches(
  root: string,
  files: readonly WalkedFile[],
  signal: AbortSignal,
): AsyncGenerator<TextFile[]> {
  let batch: TextFile[] = [];
  let size = 0;
  let total = 0;
  for (const group of byFolder(files)) {
    signal.throwIfAborted();
    for (const file of await readGroup(root, group)) {
      batch.push(file);
      size += file.text.length;
      total += file.text.length;
    }
    if (total > maxTotalBytes) throw refuse('There is too much text to search. Search in one folder.');
    if (size < batchBytes) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Neighbours in one folder, at most `groupSize` of them: they are read at the same time from one open folder. */
function byFolder(files: readonly WalkedFile[]): { folder: string[]; names: string[] }[] {
  const groups: { folder: string[]; names: string[] }[] = [];
  let last = '';
  for (const file of files) {
    if (!file.isRegular) continue;
    const slash = file.path.lastIndexOf('/');
    const folder = file.path.slice(0, slash + 1);
    const name = file.path.slice(slash + 1);
    const group = groups.at(-1);
    if (group && folder === last && group.names.length < groupSize) group.names.push(name);
    else groups.push({ folder: folder.split('/').filter(Boolean), names: [name] });
    last = folder;
  }
  return groups;
}

async function readGroup(root: string, group: { folder: string[]; names: string[] }): Promise<TextFile[]> {
  const folder = await openFolder(root, group.folder).catch(passOver);
  if (folder === null) return [];
  try {
    const read = group.names.map(async (name): Promise<TextFile | null> => {
      const path = [...group.folder, name].join('/');
      const text = await readText(folder, name, path).catch(passOver);
      return text === null ? null : { path, text };
    });
    return (await Promise.all(read)).filter((file) => file !== null);
  } finally {
    await folder.close();
  }
}

/** Null when the file is too large. */
async function readText(folder: ConfinedFolder, name: string, path: string): Promise<string | null> {
  const handle = await openRegular(folder, name, path);
  try {
    const { size } = await handle.stat();
    return size > maxFileBytes ? null : decode(await handle.readFile(), path);
  } finally {
    await handle.close();
  }
}

/** What is no text, or not there any more, is not searched. */
function passOver(error: unknown): null {
  if (error instanceof FileRefusal || codeOf(error) !== '') return null;
  throw error;
}
