import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A background service whose script ends, and cleans up, when its stdin closes: so also when this process
 * is killed. In a session of its own, where Ctrl-C does not reach it before its users.
 * @typedef {{ stop: () => Promise<void>, failed: Promise<never> }} Service
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} logFile where its stderr goes
 * @returns {Service & { lines: AsyncIterableIterator<string> }} `failed` rejects if it ends before `stop`
 */
export function startService(command, args, logFile) {
  const log = createWriteStream(logFile);
  const child = spawn(command, args, { stdio: 'pipe', detached: true });
  child.stderr.pipe(log);
  let stopping = false;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
  const failed = ended.then(() => {
    if (!stopping) throw new Error(`${command} ended: ${readLog(logFile)}`);
    return /** @type {Promise<never>} */ (new Promise(() => {}));
  });
  failed.catch(() => {}); // whoever waits for the service to be ready hears of it
  child.stdin.on('error', () => {});
  const stop = async () => {
    stopping = true;
    child.stdin.end();
    await ended;
  };
  return { lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), stop, failed };
}

/** @param {string} file */
function readLog(file) {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-5).join(' | ') || 'no output';
  } catch {
    return 'no output';
  }
}
