import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideCredentials, parseRepoAddress } from '../../src/main/domain/repo-address.ts';

const parsed = (text: string): unknown => {
  const result = parseRepoAddress(text);
  return result.ok ? result.value : result.error.code;
};
const messageOf = (text: string): string => {
  const result = parseRepoAddress(text);
  return result.ok ? '' : result.error.message;
};

describe('parseRepoAddress', () => {
  it.each([
    '/srv/repo',
    '~',
    '~/code/app',
    './repo',
    '..',
    '../repo',
    'C:\\code\\app',
    'repo',
    'a/b/c',
    '/with\nnewline',
  ])('takes %j for a path', (text) => expect(parsed(text)).toEqual({ kind: 'path', path: text }));

  it.each([
    'https://github.com/acme/app.git',
    'https://git.example.com:8443/a/b',
    'http://127.0.0.1:3000/a/b.git',
    'http://localhost/a',
    'ssh://git@example.com:2222/srv/a.git',
    'git@github.com:acme/app.git',
    'file:///srv/with%20space/repo.git',
  ])('takes %j for a URL', (text) => expect(parsed(text)).toEqual({ kind: 'url', url: text }));

  it('reads owner/name, with or without .git', () => {
    expect(parsed('acme/app')).toEqual({ kind: 'github', owner: 'acme', name: 'app', path: 'acme/app' });
    expect(parsed('acme/app.git')).toMatchObject({ kind: 'github', name: 'app' });
    expect(parsed('acme/..')).toMatchObject({ kind: 'path' });
  });

  it.each([
    '',
    '  ',
    '-c',
    '--upload-pack=touch /tmp/x',
    'a\0b',
    'ext::sh -c id',
    'EXT::sh',
    'fd::17',
    'git://example.com/a',
    'ftp://example.com/a',
    'http://example.com/a',
    'https://example.com',
    'https://example.com/a?token=x',
    'https://example.com/a#x',
    'https://exa mple.com/a',
    'ssh://-oProxyCommand=id/a',
    'ssh://example.com/-x',
    'git@-oProxyCommand=id:a',
    'git@example.com:-x',
    'git@example.com:',
    'file://host/a',
    'https://',
  ])('refuses %j', (text) => expect(parsed(text)).toBe('invalid_input'));

  it.each([
    'https://user:hunter2@example.com/a',
    'https://ghp_hunter2@github.com/acme/app',
    'ssh://git:hunter2@example.com/a',
    'git:hunter2@example.com:a',
    'git:hun@ter2@example.com:a',
  ])('refuses the credential in %j and does not repeat it', (text) => {
    expect(parsed(text)).toBe('invalid_input');
    expect(messageOf(text)).toMatch(/let git sign in/);
    expect(messageOf(text)).not.toMatch(/hunter2|ter2/);
  });

  it('never throws, and what it takes cannot be an option or a remote helper', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = parseRepoAddress(text);
        if (!result.ok) expect(result.error.message).not.toContain('\n');
        else if (result.value.kind === 'url') expect(result.value.url).not.toMatch(/^-|^[a-z]+::|[\s\0]/i);
      }),
    );
  });

  it('never repeats a password', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/);
    const form = fc.constantFrom(
      (s: string) => `https://u:${s}@h.example/x`,
      (s: string) => `https://${s}@h.example/x`,
      (s: string) => `ssh://u:${s}@h.example/x`,
      (s: string) => `u:${s}@h.example:x`,
    );
    fc.assert(
      fc.property(secret, form, (value, make) => {
        expect(messageOf(make(value))).not.toContain(value);
        expect(hideCredentials(make(value))).not.toContain(value);
        expect(messageOf(hideCredentials(make(value)))).toMatch(/let git sign in/);
      }),
    );
  });

  it.each(['git@h.example:x', 'ssh://git@h.example/x', 'https://h.example/@scope/x', '/a/u:p@h:x', 'a/b'])(
    'hides nothing of %s, which holds no credentials',
    (text) => expect(hideCredentials(text)).toBe(text),
  );
});
