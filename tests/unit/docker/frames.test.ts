import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameParser, type OutputPiece } from '../../../src/main/infra/docker/frames.ts';

function frame(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** Neighbouring pieces of one stream put together: what counts, however the chunks were cut. */
function joined(pieces: readonly OutputPiece[]): [stream: string, text: string][] {
  const runs: [string, Buffer[]][] = [];
  for (const { stream, data } of pieces) {
    const last = runs.at(-1);
    if (last?.[0] === stream) last[1].push(data);
    else runs.push([stream, [data]]);
  }
  return runs.map(([stream, data]) => [stream, Buffer.concat(data).toString('latin1')]);
}

const parseAll = (chunks: readonly Buffer[]): OutputPiece[] => {
  const parse = createFrameParser();
  return chunks.flatMap((chunk) => parse(chunk));
};

const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), { maxLength: 12 });

describe('frame parser', () => {
  it('gives the same pieces at every split', () => {
    fc.assert(
      fc.property(frames, (list) => {
        const whole = Buffer.concat(list.map(([type, payload]) => frame(type, Buffer.from(payload))));
        const expected = joined(parseAll([whole]));
        for (let at = 0; at <= whole.length; at += 1) {
          expect(joined(parseAll([whole.subarray(0, at), whole.subarray(at)]))).toEqual(expected);
        }
        const bytes = Array.from(whole, (byte) => Buffer.from([byte]));
        expect(joined(parseAll(bytes))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps streams and order', () => {
    const pieces = parseAll([
      Buffer.concat([frame(1, Buffer.from('a')), frame(2, Buffer.from('b')), frame(1, Buffer.from('c'))]),
    ]);
    expect(joined(pieces)).toEqual([
      ['stdout', 'a'],
      ['stderr', 'b'],
      ['stdout', 'c'],
    ]);
  });

  it('takes a chunk of very many small frames', () => {
    const chunk = Buffer.concat(Array.from({ length: 50_000 }, () => frame(1, Buffer.from('x'))));
    expect(parseAll([chunk])).toHaveLength(50_000);
  });

  it('passes a huge frame on without waiting for its end', () => {
    const parse = createFrameParser();
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(parse(header)).toEqual([]);
    expect(parse(Buffer.from('begin'))[0]?.data.toString()).toBe('begin');
  });

  it('ignores empty frames and empty chunks', () => {
    expect(parseAll([Buffer.alloc(0), frame(1, Buffer.alloc(0)), frame(2, Buffer.from('x'))])).toHaveLength(
      1,
    );
  });

  it('refuses what is no such stream', () => {
    expect(() => parseAll([Buffer.from('plain text of a terminal')])).toThrow('not a multiplexed');
  });
});
