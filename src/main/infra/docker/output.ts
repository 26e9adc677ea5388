import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createCapture } from './capture.ts';
import { createFrameParser, type OutputPiece } from './frames.ts';

/** Most that is kept of one command on disk, in bytes. */
const maxLogBytes = 64 * 1024 * 1024;
/** After this much the live view of a command stops: nobody reads on, and a flood would keep its readers busy. */
const maxLiveBytes = 8 * 1024 * 1024;
/** How much is taken in before others get their turn. */
const bytesPerTurn = 256 * 1024;
/** Pause after each turn of an output that is past all limits, in milliseconds: a flood need not cost two cores. */
const floodPauseMs = 4;

type Stream = OutputPiece['stream'];

export interface OutputTarget {
  onOutput?: ((stream: Stream, text: string) => void) | undefined;
  logPath?: string | undefined;
  /** Takes the first line on stderr out of the output. */
  splitFirstLine?: boolean;
  /** Called once when the log file cannot be written; the command goes on without it. */
  onLogFailure(error: unknown): void;
}

export interface CapturedOutput {
  stdout: string;
  stderr: string;
  truncated: boolean;
  /** What `splitFirstLine` took out; null when there was no whole line. */
  firstLine: string | null;
}

/**
 * Reads a command's multiplexed output to its end: to the live listener, the log file and the capped result.
 * Memory is constant; a reader slower than the command slows the command down.
 * Resolves early with what there is when `output` is destroyed.
 */
export async function readOutput(output: Readable, target: OutputTarget): Promise<CapturedOutput> {
  const parse = createFrameParser();
  const captures = { stdout: createCapture(), stderr: createCapture() };
  const live = createLive(target.onOutput);
  const log = await openLog(target);
  const firstLine = createLineSplitter(target.splitFirstLine === true);
  let sinceTurn = 0;
  let total = 0;
  try {
    for await (const chunk of output as AsyncIterable<Buffer>) {
      const pieces = firstLine.strip(parse(chunk));
      for (const piece of pieces) {
        captures[piece.stream].push(piece.data);
        live.push(piece);
      }
      await log.write(pieces);
      sinceTurn += chunk.length;
      if (sinceTurn < bytesPerTurn) continue;
      total += sinceTurn;
      sinceTurn = 0;
      await (total > maxLogBytes ? delay(floodPauseMs) : nextTurn());
    }
  } catch (error) {
    if (!output.destroyed) throw error;
  } finally {
    live.end();
    await log.close();
  }
  return {
    stdout: captures.stdout.text(),
    stderr: captures.stderr.text(),
    truncated: captures.stdout.truncated() || captures.stderr.truncated(),
    firstLine: firstLine.line(),
  };
}

/** Takes the first line of stderr, which may come in several pieces, out of what passes. */
function createLineSplitter(active: boolean): {
  strip(pieces: OutputPiece[]): OutputPiece[];
  line(): string | null;
} {
  let taken = '';
  let done = !active;
  const stripOne = (piece: OutputPiece): OutputPiece[] => {
    if (done || piece.stream === 'stdout') return [piece];
    const end = piece.data.indexOf(0x0a);
    done = end >= 0;
    taken += piece.data.subarray(0, done ? end : piece.data.length).toString('latin1');
    const data = piece.data.subarray(done ? end + 1 : piece.data.length);
    return data.length === 0 ? [] : [{ stream: 'stderr', data }];
  };
  return {
    strip: (pieces) => (done ? pieces : pieces.flatMap(stripOne)),
    line: () => (active && done ? taken : null),
  };
}

function createLive(onOutput: OutputTarget['onOutput']): { push(piece: OutputPiece): void; end(): void } {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  let bytes = 0;
  const emit = (stream: Stream, text: string): void => {
    if (text !== '') onOutput?.(stream, text);
  };
  return {
    push({ stream, data }) {
      if (bytes > maxLiveBytes) return;
      bytes += data.length;
      emit(stream, decoders[stream].write(data));
      if (bytes > maxLiveBytes)
        emit(stream, `\n… more than ${maxLiveBytes} bytes; the rest is not shown live …\n`);
    },
    end() {
      emit('stdout', decoders.stdout.end());
      emit('stderr', decoders.stderr.end());
    },
  };
}

interface LogFile {
  write(pieces: readonly OutputPiece[]): Promise<void>;
  close(): Promise<void>;
}

const noLog: LogFile = { write: async () => {}, close: async () => {} };

async function openLog({ logPath, onLogFailure }: OutputTarget): Promise<LogFile> {
  if (logPath === undefined) return noLog;
  let file: FileHandle | null;
  try {
    // Not redacted, so for its owner alone, and so is the folder.
    await mkdir(dirname(logPath), { recursive: true, mode: 0o700 });
    file = await open(logPath, 'w', 0o600);
    // The mode above counts only for a new file.
    await file.chmod(0o600);
  } catch (error) {
    onLogFailure(error);
    return noLog;
  }
  let left = maxLogBytes;
  const stop = async (): Promise<void> => {
    const open_ = file;
    file = null;
    await open_?.close().catch(() => undefined);
  };
  return {
    async write(pieces) {
      if (file === null || left === 0) return;
      const data = Buffer.concat(pieces.map((piece) => piece.data)).subarray(0, left);
      left -= data.length;
      try {
        await file.writeFile(data);
        if (left === 0) await file.writeFile(`\n… more than ${maxLogBytes} bytes; the rest is not kept …\n`);
      } catch (error) {
        onLogFailure(error);
        await stop();
      }
    },
    close: stop,
  };
}
