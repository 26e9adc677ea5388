import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/main/infra/llm/ndjson.ts';

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function read(chunks: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(from(chunks))) lines.push(line);
  return lines;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('lines of a byte stream', () => {
  it('are the same however it is cut', async () => {
    const text = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 8 }).map((line) => line.replace(/[\r\n]/g, '')),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat({ max: 60 })), async (lines, cuts) => {
        const whole = bytes(lines.join('\n'));
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].sort((a, b) => a - b);
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        // What TextDecoder makes of the whole is what it must make of the pieces.
        const expected = new TextDecoder().decode(whole).split('\n');
        expect(await read(chunks)).toEqual(expected.filter((line) => line.trim() !== ''));
      }),
    );
  });

  it('refuses a line without an end', async () => {
    const chunk = bytes('x'.repeat(1024 * 1024));
    await expect(read(Array.from({ length: 9 }, () => chunk))).rejects.toThrow(RangeError);
  });
});
