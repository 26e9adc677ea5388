import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { followPull } from '../../../src/main/infra/docker/pull.ts';

const message = (value: unknown): string => `${JSON.stringify(value)}\r\n`;
const layer = (id: string, current: number, total: number): string =>
  message({ id, status: 'Downloading', progressDetail: { current, total } });

async function lines(...chunks: string[]): Promise<string[]> {
  const said: string[] = [];
  await followPull('x:1', Readable.from(chunks.map((chunk) => Buffer.from(chunk))), (line) =>
    said.push(line),
  );
  return said;
}

describe('pull progress', () => {
  it('sums up the layers and speaks once in a tenth', async () => {
    const said = await lines(
      layer('a', 1e6, 10e6),
      layer('a', 1.2e6, 10e6),
      layer('b', 4e6, 10e6),
      message({ id: 'a', status: 'Download complete' }),
      message({ id: 'b', status: 'Pull complete' }),
    );
    expect(said).toEqual([
      'Pulling image x:1',
      'Pulling image x:1: 1.0 of 10.0 MB',
      'Pulling image x:1: 5.2 of 20.0 MB',
      'Pulling image x:1: 14.0 of 20.0 MB',
      'Pulling image x:1: 20.0 of 20.0 MB',
      'Pulled image x:1',
    ]);
  });

  it('reads messages cut anywhere, and passes over what is none', async () => {
    const text = layer('a', 5e6, 10e6) + 'not json\r\n' + message({ status: 'Status: done' });
    for (const at of [1, 10, 40, text.length - 1]) {
      expect(await lines(text.slice(0, at), text.slice(at))).toHaveLength(3);
    }
  });

  it("fails with the engine's own words", async () => {
    await expect(lines(message({ error: 'manifest unknown' }))).rejects.toThrow('manifest unknown');
  });

  it('closes the connection after a failure, and bears that it breaks even later', async () => {
    const stream = Readable.from([Buffer.from(message({ error: 'manifest unknown' })), Buffer.from('more')]);
    await expect(followPull('x:1', stream, () => undefined)).rejects.toThrow('manifest unknown');
    expect(stream.destroyed).toBe(true);
    expect(() => stream.emit('error', new Error('aborted'))).not.toThrow();
  });
});
