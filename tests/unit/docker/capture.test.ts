import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCapture, maxCaptureBytes } from '../../../src/main/infra/docker/capture.ts';

function captured(chunks: readonly Buffer[], halfBytes?: number): { text: string; truncated: boolean } {
  const capture = createCapture(halfBytes);
  for (const chunk of chunks) capture.push(chunk);
  return { text: capture.text(), truncated: capture.truncated() };
}

/** The same bytes in chunks of these sizes. */
function inChunks(data: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, data.length]) {
    if (at >= data.length) break;
    chunks.push(data.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('capture', () => {
  it('keeps everything up to its size', () => {
    expect(captured([Buffer.from('')])).toEqual({ text: '', truncated: false });
    expect(captured([Buffer.from('12345678')], 4)).toEqual({ text: '12345678', truncated: false });
  });

  it('keeps head and tail beyond, and says how much is missing', () => {
    const { text, truncated } = captured([Buffer.from('abcdEFGHijkl')], 4);
    expect(text).toBe('abcd\n… 4 bytes left out …\nijkl');
    expect(truncated).toBe(true);
  });

  it('gives the same at every split', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), sizes, (text, cuts) => {
        const data = Buffer.from(text);
        expect(captured(inChunks(data, cuts), 16)).toEqual(captured([data], 16));
      }),
    );
  });

  it('never exceeds 64 KiB', () => {
    for (const line of ['x', 'line\n', '한글\n', '😀']) {
      const { text } = captured([Buffer.from(line.repeat(100_000))]);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxCaptureBytes);
    }
  });

  it('cuts at lines where there are some, and never through a character', () => {
    const lines = captured([
      Buffer.from(Array.from({ length: 50_000 }, (_, n) => `line ${n}\n`).join('')),
    ]).text;
    expect(lines.split('\n').filter((line) => !/^(?:line \d+|… \d+ bytes left out …|)$/.test(line))).toEqual(
      [],
    );
    for (let shift = 0; shift < 4; shift += 1) {
      const { text } = captured([Buffer.from('x'.repeat(shift) + '😀한é'.repeat(30_000))]);
      expect(text).not.toContain('\uFFFD');
    }
  });
});
