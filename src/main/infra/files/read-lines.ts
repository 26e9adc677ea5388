import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { ConfinedFolder } from './confined-folder.ts';
import { refuse } from './file-errors.ts';

/** Files above this are read by ranges only. */
export const maxFileBytes = 2 * 1024 * 1024;
/** Files above this are not read at all: counting their lines alone would take seconds. */
const maxScanBytes = 64 * 1024 * 1024;
/** As git does: a NUL byte early in the file means binary. */
const binaryProbeBytes = 8000;
const chunkBytes = 256 * 1024;

/** Opens a regular file, not through a symlink and without waiting for a FIFO's other end. The caller closes it. */
export async function openRegular(folder: ConfinedFolder, name: string, path: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(folder.at(name), flags);
  const info = await handle.stat();
  if (info.isFile()) return handle;
  await handle.close();
  const kind = info.isDirectory()
    ? 'a folder. Use list_files for it'
    : 'no regular file, but a device, pipe or socket';
  throw refuse(`"${path}" is ${kind}.`);
}

/** Lines `from`..`to` (1-based, inclusive, with their line ends) and how many there are. Text must be UTF-8. */
export async function readLines(
  handle: FileHandle,
  path: string,
  from: number,
  to: number,
): Promise<{ text: string; totalLines: number }> {
  const { size } = await handle.stat();
  if (size > maxScanBytes)
    throw refuse(`"${path}" is ${inMiB(size)} and too large to read. Use search or a command.`);
  if (size > maxFileBytes && to === Infinity) {
    throw refuse(`"${path}" is ${inMiB(size)}. Read a range of lines (from, to) or use search.`);
  }
  const { taken, totalLines } = await scan(handle, path, from, to);
  if (from > Math.max(totalLines, 1))
    throw refuse(`"${path}" has ${totalLines} lines; line ${from} is beyond its end.`);
  return { text: decode(taken, path), totalLines };
}

async function scan(
  handle: FileHandle,
  path: string,
  from: number,
  to: number,
): Promise<{ taken: Buffer; totalLines: number }> {
  const parts: Buffer[] = [];
  let takenBytes = 0;
  let line = 1;
  let position = 0;
  let endsLine = true;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    if (position < binaryProbeBytes && chunk.subarray(0, binaryProbeBytes - position).includes(0))
      throw binary(path);
    const slice = sliceLines(chunk, line, from, to);
    if (slice.bytes.length > 0) parts.push(slice.bytes);
    takenBytes += slice.bytes.length;
    if (takenBytes > maxFileBytes)
      throw refuse(`Lines ${from} to ${to} of "${path}" are too long. Read fewer of them.`);
    line = slice.nextLine;
    endsLine = chunk.at(-1) === 0x0a;
    position += bytesRead;
  }
  return { taken: Buffer.concat(parts), totalLines: endsLine ? line - 1 : line };
}

/** The part of `chunk`, whose first byte is in line `line`, that belongs to lines `from`..`to`. */
function sliceLines(
  chunk: Buffer,
  line: number,
  from: number,
  to: number,
): { bytes: Buffer; nextLine: number } {
  let start = line >= from && line <= to ? 0 : chunk.length;
  let end = chunk.length;
  let current = line;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
    current += 1;
    if (current === from) start = at + 1;
    if (current === to + 1) end = at + 1;
  }
  return { bytes: chunk.subarray(start, Math.max(start, end)), nextLine: current };
}

/** UTF-8, strictly, with a byte order mark kept: what is written back must be what was read. */
export function decode(bytes: Uint8Array, path: string): string {
  if (bytes.includes(0)) throw binary(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse(`"${path}" is not UTF-8 text. Convert it with a command (iconv) or leave it alone.`);
  }
}

const binary = (path: string): Error => refuse(`"${path}" is a binary file.`);
const inMiB = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB long`;
