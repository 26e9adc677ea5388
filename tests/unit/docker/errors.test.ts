import { describe, expect, it } from 'vitest';
import { toSandboxError } from '../../../src/main/infra/docker/errors.ts';

const thrown = (message: string, extra: Record<string, unknown> = {}): Error =>
  Object.assign(new Error(message), extra);
const where = '/var/run/docker.sock';

describe('engine failures', () => {
  it.each([
    ['engine_missing', thrown('connect ENOENT', { code: 'ENOENT' })],
    ['engine_missing', thrown('getaddrinfo ENOTFOUND', { code: 'ENOTFOUND' })],
    ['engine_stopped', thrown('connect ECONNREFUSED', { code: 'ECONNREFUSED' })],
    ['engine_stopped', thrown('socket hang up', { code: 'ECONNRESET' })],
    ['engine_stopped', new DOMException('slow', 'TimeoutError')],
    ['permission', thrown('connect EACCES', { code: 'EACCES' })],
    ['canceled', new DOMException('gone', 'AbortError')],
    ['image_missing', thrown('(HTTP code 404) no such container - No such image: x:1 ', { statusCode: 404 })],
    [
      'disk_full',
      thrown('(HTTP code 500) server error - write /x: no space left on device', { statusCode: 500 }),
    ],
    ['disk_full', thrown('write', { code: 'ENOSPC' })],
    ['failed', thrown('(HTTP code 500) server error - anything', { statusCode: 500 })],
    ['failed', 'a string'],
  ])('knows %s', (kind, error) => {
    const result = toSandboxError(error, where, 'x:1');
    expect(result.kind).toBe(kind);
    expect(result.message).not.toMatch(/\n|HTTP code/);
    expect(result.message.length).toBeLessThan(700);
  });

  it('says what to do', () => {
    expect(toSandboxError(thrown('x', { code: 'ENOENT' }), where).message).toContain('Install Docker');
    expect(toSandboxError(thrown('x', { code: 'EACCES' }), where).message).toContain('"docker" group');
  });

  it('keeps a long message of several lines short and in one line', () => {
    const { message } = toSandboxError(thrown(`a\n${'b'.repeat(5000)}`, { statusCode: 500 }), where);
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(400);
  });
});
