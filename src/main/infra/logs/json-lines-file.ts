import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

/** An open JSON Lines file, its size in bytes, and which file it is (`device:inode`). Only valid inside of its scope. */
export interface OpenFile {
  size: number;
  identity: string;
  /** The last line that ends in a newline, null when there is none, and what follows it: empty in a whole file. */
  end(): { lastLine: string | null; torn: Buffer };
  /** Cuts `torn` off. */
  repair(torn: Buffer): void;
  /** Appends whole lines and returns the new size. A full disk may leave a torn one behind, and throws. */
  append(lines: readonly string[]): number;
}

/** Opens the file for the time of `work`, creating it (0600) and its folder (0700) where they are missing. */
export function withFile<T>(path: string, work: (file: OpenFile) => T): T {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, 'a+', 0o600);
  try {
    return work(openFile(fd));
  } finally {
    closeSync(fd);
  }
}

function openFile(fd: number): OpenFile {
  const { size, dev, ino } = fstatSync(fd);
  return {
    size,
    identity: `${dev}:${ino}`,
    end: () => readEnd(fd, size),
    repair: (torn) => ftruncateSync(fd, size - torn.length),
    append: (lines) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      let written = 0;
      while (written < bytes.length) written += writeSync(fd, bytes, written);
      return fstatSync(fd).size;
    },
  };
}

/** Reads backwards, because the file may be long and only its end matters. */
function readEnd(fd: number, size: number): { lastLine: string | null; torn: Buffer } {
  let tail = Buffer.alloc(0);
  let start = size;
  while (start > 0) {
    const length = Math.min(chunkBytes, start);
    start -= length;
    const chunk = Buffer.alloc(length);
    readSync(fd, chunk, 0, length, start);
    tail = Buffer.concat([chunk, tail]);
    const last = tail.lastIndexOf(newline);
    const before = last <= 0 ? -1 : tail.lastIndexOf(newline, last - 1);
    if (before !== -1) return split(tail.subarray(before + 1));
  }
  return split(tail);
}

function split(tail: Buffer): { lastLine: string | null; torn: Buffer } {
  const last = tail.lastIndexOf(newline);
  if (last === -1) return { lastLine: null, torn: tail };
  return { lastLine: tail.subarray(0, last).toString('utf8'), torn: tail.subarray(last + 1) };
}
