import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAppLog } from '../../../src/main/infra/logs/app-log.ts';
import { temporaryFolder } from '../sqlite/support.ts';

const newPath = (): string => join(temporaryFolder(), 'logs', 'app.log');
const linesOf = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('app log', () => {
  it('has each line on disk when the call returns, for this user alone', () => {
    const path = newPath();
    const log = createAppLog({ stderr: false, path });
    log.info('started', { port: 8000 });
    log.error('broke', { error: new Error('why', { cause: 'disk' }) });
    const [started, broke] = linesOf(path);
    expect(started).toMatchObject({ level: 30, msg: 'started', port: 8000, pid: process.pid });
    expect(broke).toMatchObject({ level: 50, error: { name: 'Error', message: 'why', cause: 'disk' } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('redacts the message and every string inside the fields', () => {
    const path = newPath();
    const log = createAppLog({
      stderr: false,
      path,
      redact: (text) => text.replaceAll('s3cret', '[redacted]'),
    });
    log.warn('token s3cret', { a: ['s3cret'], b: { c: 'x s3cret' }, error: new Error('s3cret') });
    expect(readFileSync(path, 'utf8')).not.toContain('s3cret');
    expect(linesOf(path)[0]).toMatchObject({
      msg: 'token [redacted]',
      a: ['[redacted]'],
      b: { c: 'x [redacted]' },
    });
  });

  it('takes whatever it is given', () => {
    const path = newPath();
    const log = createAppLog({ stderr: false, path });
    const circle: Record<string, unknown> = { big: 1n, date: new Date(NaN), none: undefined };
    circle['self'] = circle;
    log.info('odd', circle);
    expect(linesOf(path)[0]).toMatchObject({ msg: 'odd', big: '1', date: null });
  });

  it('starts a new file above 10 MiB and keeps the last one', () => {
    const path = newPath();
    createAppLog({ stderr: false, path }).info('first');
    writeFileSync(path, Buffer.alloc(11 * 1024 * 1024));
    createAppLog({ stderr: false, path }).info('second');
    expect(linesOf(path)).toMatchObject([{ msg: 'second' }]);
    expect(statSync(`${path}.1`).size).toBe(11 * 1024 * 1024);
  });

  it('writes to standard error, and goes on where it cannot write', () => {
    const script = `
      import { createAppLog } from ${JSON.stringify(join(import.meta.dirname, '../../../src/main/infra/logs/app-log.ts'))};
      const log = createAppLog({ stderr: true, path: '/dev/full' });
      log.info('one');
      const lost = createAppLog({ stderr: true, path: '/dev/null/impossible' });
      lost.info('two');
      console.log('alive');`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(run.stdout).toBe('alive\n');
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(/"msg":"one"[^]*"msg":"two"/);
    expect(run.stderr).toMatch(/impossible cannot be written/);
  });
});
