import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCode, tail } from '../../../scripts/lib/exec.mjs';
import { missingFrom } from '../../../scripts/setup/debian.mjs';
import { installMatches } from '../../../scripts/setup/dependencies.mjs';
import { connection } from '../../../scripts/setup/docker/api.mjs';
import { candidates, whyNone } from '../../../scripts/setup/docker/index.mjs';
import { requireHash } from '../../../scripts/setup/electron/registry-copy.mjs';
import { major } from '../../../scripts/setup/node.mjs';
import { electronArgs, hasDisplay } from '../../../scripts/verbs/start.mjs';

describe('an installation', () => {
  const lockfile = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  };

  it('matches also without an optional package', () => {
    expect(installMatches(lockfile, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
  });

  it.each([
    ['missing', {}],
    ['of another version', { 'node_modules/a': { version: '1.0.1' } }],
    ['more than locked', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/c': { version: '1.0.0' } }],
  ])('does not match with a package %s', (_, packages) => {
    expect(installMatches(lockfile, { packages })).toBe(false);
  });
});

describe("Debian's packages", () => {
  const status = 'libnss3 installed\nlibgtk-3-0t64 installed\nxvfb config-files\n';

  it('knows missing, removed and renamed ones', () => {
    expect(missingFrom(['libnss3', 'libgtk-3-0|libgtk-3-0t64', 'xvfb', 'dbus'], status)).toEqual([
      'xvfb',
      'dbus',
    ]);
  });
});

describe('the engine', () => {
  it('is the one of DOCKER_HOST and no other', () => {
    expect(candidates({ DOCKER_HOST: 'tcp://h:1' }, 'linux', '/home/u')).toEqual(['tcp://h:1']);
  });

  it.each([
    ['linux', 'unix:///run/user/1/docker.sock'],
    ['darwin', 'unix:///home/u/.colima/default/docker.sock'],
    ['win32', 'npipe:////./pipe/docker_engine'],
  ])('is looked for where %s has it', (platform, host) => {
    expect(candidates({ XDG_RUNTIME_DIR: '/run/user/1' }, platform, '/home/u')).toContain(host);
  });

  it('says in one line why there is none', () => {
    const missing = { host: 'unix:///a', failure: 'connect ENOENT /a' };
    const denied = { host: 'unix:///b', failure: 'connect EACCES /b' };
    expect(whyNone([missing])).toBe('none is installed or running');
    expect(whyNone([missing, denied])).toMatch(/^unix:\/\/\/b: permission denied/);
  });

  it('is spoken to by socket, pipe or port, with or without TLS', () => {
    expect(connection('unix:///s.sock', {})).toMatchObject({ socketPath: '/s.sock', secure: false });
    expect(connection('npipe:////./pipe/docker_engine', {})).toMatchObject({
      socketPath: '\\\\.\\pipe\\docker_engine',
    });
    expect(connection('tcp://h:1', {})).toMatchObject({ host: 'h', port: '1', secure: false });
    expect(connection('tcp://h', { DOCKER_TLS_VERIFY: '1' })).toMatchObject({ port: 2376, secure: true });
    expect(connection('ssh://h', {})).toBeNull();
  });
});

describe('a start', () => {
  it('knows a display', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });

  it("leaves Chromium's sandbox on unless root", () => {
    expect(electronArgs(['--x'], true)[0]).toBe('--no-sandbox');
    expect(electronArgs(['--x'], false)).not.toContain('--no-sandbox');
  });
});

it('refuses a file whose hash is not the pinned one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hash-'));
  const file = join(folder, 'electron');
  writeFileSync(file, 'x');
  await expect(requireHash(file, 'sha256', 'hex', 'ab')).rejects.toThrow('not the pinned one');
  rmSync(folder, { recursive: true });
});

it('reads versions, exit codes and the end of a log', () => {
  expect(major('24.1.0')).toBe(24);
  expect([exitCode(3, null), exitCode(null, 'SIGTERM')]).toEqual([3, 143]);
  expect(tail('a\nb\nc\n', 2)).toBe('b\nc');
});
