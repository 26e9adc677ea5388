/** Most bytes of one stream that a result carries, the line about the cut included. */
export const maxCaptureBytes = 64 * 1024;

const markerRoom = 128;
const defaultHalf = (maxCaptureBytes - markerRoom) / 2;
/** A cut moves to a line border when one is this near. */
const lineSearchBytes = 2048;

export interface Capture {
  push(data: Buffer): void;
  /** The whole text, or head, a line that says how much is missing, and tail. */
  text(): string;
  truncated(): boolean;
}

/** Keeps the first and the last `halfBytes` of a stream in constant memory. */
export function createCapture(halfBytes: number = defaultHalf): Capture {
  const head = Buffer.allocUnsafe(halfBytes);
  const ring = Buffer.allocUnsafe(halfBytes);
  let headBytes = 0;
  let total = 0;

  /** Bytes that went past the head: they run round the ring. */
  const ringTotal = (): number => total - headBytes;

  const pushToRing = (data: Buffer): void => {
    // Only the last `halfBytes` can survive.
    const kept = data.subarray(Math.max(0, data.length - halfBytes));
    const at = (ringTotal() + data.length - kept.length) % halfBytes;
    const first = kept.copy(ring, at, 0, Math.min(kept.length, halfBytes - at));
    kept.copy(ring, 0, first);
  };

  const tail = (): Buffer => {
    const used = ringTotal();
    if (used <= halfBytes) return ring.subarray(0, used);
    const at = used % halfBytes;
    return Buffer.concat([ring.subarray(at), ring.subarray(0, at)]);
  };

  return {
    push(data) {
      const toHead = data.copy(head, headBytes, 0, Math.min(data.length, halfBytes - headBytes));
      headBytes += toHead;
      total += toHead;
      const rest = data.subarray(toHead);
      if (rest.length === 0) return;
      pushToRing(rest);
      total += rest.length;
    },
    truncated: () => ringTotal() > halfBytes,
    text() {
      if (ringTotal() <= halfBytes) {
        return Buffer.concat([head.subarray(0, headBytes), tail()]).toString('utf8');
      }
      const start = cutEnd(head);
      const end = cutStart(tail());
      const missing = total - start.length - end.length;
      return `${start.toString('utf8')}\n… ${missing} bytes left out …\n${end.toString('utf8')}`;
    },
  };
}

const newline = 0x0a;

/** `data` without its last, partial line, or at least without a partial UTF-8 character. */
function cutEnd(data: Buffer): Buffer {
  const lineEnd = data.lastIndexOf(newline);
  if (lineEnd >= data.length - lineSearchBytes && lineEnd >= 0) return data.subarray(0, lineEnd);
  let end = data.length;
  while (end > 0 && data.length - end < 3 && isContinuation(data[end - 1])) end -= 1;
  const lead = data[end - 1];
  const complete = lead === undefined || lead < 0x80 || data.length - end + 1 === utf8Length(lead);
  return data.subarray(0, complete ? data.length : end - 1);
}

/** `data` without its first, partial line, or at least without a partial UTF-8 character. */
function cutStart(data: Buffer): Buffer {
  const lineEnd = data.indexOf(newline);
  if (lineEnd >= 0 && lineEnd < lineSearchBytes) return data.subarray(lineEnd + 1);
  let start = 0;
  while (start < 3 && isContinuation(data[start])) start += 1;
  return data.subarray(start);
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function utf8Length(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return 2;
}
