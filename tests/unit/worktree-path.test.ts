import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGitName, parseWorktreePath } from '../../src/main/domain/worktree-path.ts';

const names = (path: string): unknown => {
  const result = parseWorktreePath(path);
  return result.ok ? result.value : result.error.message;
};

describe('parseWorktreePath', () => {
  it('splits a relative path and drops what means nothing', () => {
    expect(names('src/app.ts')).toEqual(['src', 'app.ts']);
    expect(names('./src//app.ts/')).toEqual(['src', 'app.ts']);
    expect(names('.')).toEqual([]);
    expect(names('')).toEqual([]);
    expect(names('한글 파일/a b\n.txt')).toEqual(['한글 파일', 'a b\n.txt']);
    expect(names('.github/.gitignore')).toEqual(['.github', '.gitignore']);
    expect(names('a..b/...')).toEqual(['a..b', '...']);
  });

  it.each(['..', '../x', 'a/../b', 'a/..', '..\\x', 'a\\..\\..\\x'])('refuses to go up: %j', (path) =>
    expect(names(path)).toMatch(/goes up/),
  );
  it.each(['/etc/passwd', '/', '\\\\host\\share', 'C:\\x', 'c:/x', '~/x', '~'])(
    'refuses %j, which is absolute',
    (path) => expect(names(path)).toMatch(/not relative/),
  );
  it.each([
    '.git',
    '.git/hooks/pre-commit',
    'a/.git/config',
    '.GIT/x',
    '.Git',
    '.git./x',
    '.git /x',
    '.git::$INDEX_ALLOCATION',
    'GIT~1/x',
    '.g\u200cit/x',
    'a\\.git\\x',
  ])('refuses %j, which is git’s own', (path) => expect(names(path)).toMatch(/off limits/));
  it('refuses NUL and names that no disk takes', () => {
    expect(names('a\0b')).toMatch(/NUL/);
    expect(names('x'.repeat(256))).toMatch(/255 bytes/);
    expect(names('한'.repeat(86))).toMatch(/255 bytes/);
    expect(names('a/'.repeat(3000))).toMatch(/4096 bytes/);
  });

  it('accepts only what stays inside and outside of .git, whatever is put together', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '.git',
        '.GIT',
        '.git.',
        'a',
        '~',
        'C:',
        '\\',
        '/',
        '\0',
        '...',
        '.git~1',
        'git~1',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    const path = fc
      .tuple(fc.array(part, { maxLength: 8 }), fc.constantFrom('/', '\\'))
      .map(([all, sep]) => all.join(sep));
    fc.assert(
      fc.property(path, (text) => {
        const result = parseWorktreePath(text);
        if (!result.ok) return;
        expect(text).not.toContain('\0');
        expect(posix.join('/root/tree', ...result.value)).toMatch(/^\/root\/tree(\/|$)/);
        expect(result.value).not.toContain('..');
        expect(result.value.some((name) => name.includes('/') || name === '' || name === '.')).toBe(false);
        expect(result.value.some(isGitName)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes every ordinary path as it is', () => {
    const name = fc.stringMatching(/^[a-z0-9_][a-z0-9_.-]{0,20}$/).filter((text) => !isGitName(text));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), (all) => {
        expect(names(all.join('/'))).toEqual(all);
      }),
    );
  });
});
