import { describe, expect, it } from 'vitest';
import { toSandboxError } from '../../../src/main/infra/docker/errors.ts';
import { imageMissing } from '../../../src/main/infra/docker/image-errors.ts';

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
    [
      'image_missing',
      thrown('(HTTP code 400) bad parameter - invalid reference format', { statusCode: 400 }),
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

  it.each([
    ['manifest for x:1 not found: manifest unknown: manifest unknown', 'does not have it', 'name and tag'],
    [
      "pull access denied for x, repository does not exist or may require 'docker login'",
      'without a sign-in',
      'docker login reg.example:5000',
    ],
    ['Head "https://r/v2/x": unauthorized: authentication required', 'sign-in', '"docker login'],
    ['toomanyrequests: You have reached your pull rate limit', 'no more for now', 'later'],
    ['Get "https://r/v2/": dial tcp: lookup r: no such host', 'cannot be reached', 'network'],
    ['Get "https://r/v2/": net/http: TLS handshake timeout', 'cannot be reached', 'network'],
    [
      'Get "http://r/v2/": dial tcp 127.0.0.1:5000: connect: connection refused',
      'cannot be reached',
      'network',
    ],
    ['filesystem layer verification failed for digest sha256:9d', 'damaged data', 'Try again'],
    ['unknown blob', 'damaged data', 'push it anew'],
    ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'processor', 'choose another'],
    ['something new', 'cannot be pulled', 'docker pull reg.example:5000/x:1'],
  ])('says of a pull that failed with "%s" what to do', (why, what, todo) => {
    const { kind, message } = imageMissing('reg.example:5000/x:1', why);
    expect(kind).toBe('image_missing');
    expect(message).toContain(why);
    expect(message).toContain(what);
    expect(message).toContain(todo);
  });

  it('names no registry to sign in to for an image of the default one', () => {
    expect(imageMissing('owner/x:1', 'access denied').message).toContain('run "docker login" and');
  });
});
