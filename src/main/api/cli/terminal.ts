import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

export interface ReadLineOptions {
  /** Shows nothing of what is typed. */
  hidden: boolean;
  signal: AbortSignal;
}
/** The next line of the input; null at its end, and when the signal is aborted first (the line is kept then). */
export type ReadLine = (options: ReadLineOptions) => Promise<string | null>;

export interface LineReader {
  read: ReadLine;
  /** Lets the process end. */
  close(): void;
}

/** Lines of stdin, read from the first question on. */
export function createLineReader(input: NodeJS.ReadStream, output: NodeJS.WriteStream): LineReader {
  const lines: string[] = [];
  let waiting: ((line: string | null) => void) | null = null;
  let open: Interface | null = null;
  let ended = false;
  let hidden = false;
  const shown = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      // Line breaks stay, or the next text would stand behind the question.
      if (!hidden || /^[\r\n]+$/.test(chunk.toString())) output.write(chunk);
      done();
    },
  });
  const start = (): void => {
    open ??= createInterface({ input, output: shown, terminal: input.isTTY, historySize: 0 })
      .on('line', (line) => (waiting === null ? lines.push(line) : waiting(line)))
      .on('close', () => {
        ended = true;
        waiting?.(null);
      })
      // In a terminal Ctrl-C comes here and not as a signal.
      .on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  };
  return {
    read: ({ hidden: hide, signal }) =>
      new Promise((resolve) => {
        start();
        const line = lines.shift();
        if (line !== undefined || ended || signal.aborted) return resolve(line ?? null);
        hidden = hide;
        const onAbort = (): void => answer(null);
        const answer = (text: string | null): void => {
          waiting = null;
          hidden = false;
          signal.removeEventListener('abort', onAbort);
          resolve(text);
        };
        waiting = answer;
        signal.addEventListener('abort', onAbort, { once: true });
      }),
    close: () => open?.close(),
  };
}
