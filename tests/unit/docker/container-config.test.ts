import { describe, expect, it } from 'vitest';
import {
  alternativeName,
  createOptions,
  describeRun,
  type ContainerPlan,
} from '../../../src/main/infra/docker/container-config.ts';
import { findEngine } from '../../../src/main/infra/docker/connection.ts';
import { sandboxUser } from '../../../src/main/infra/docker/ownership.ts';

const plan: ContainerPlan = {
  spec: {
    jobId: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    purpose: 'work',
    worktree: '/data/work trees/한글, "a":b',
    image: 'python:3.13-slim',
    workdir: '/workspace',
    limits: { memoryMb: 512, cpus: 1.5, pids: 100 },
  },
  dataFolderId: 'data-1',
  user: { uid: 1000, gid: 100 },
  gitEntry: 'file',
  volumes: [],
};

describe('container configuration', () => {
  it('mounts the worktree and nothing else, whatever its path', () => {
    const { HostConfig } = createOptions(plan, 'name');
    expect(HostConfig?.Mounts).toEqual([
      { Type: 'bind', Source: '/data/work trees/한글, "a":b', Target: '/workspace', ReadOnly: false },
      {
        Type: 'bind',
        Source: '/data/work trees/한글, "a":b/.git',
        Target: '/workspace/.git',
        ReadOnly: true,
      },
    ]);
    expect(HostConfig?.Binds).toBeUndefined();
  });

  it('hides a .git folder and mounts nothing where there is none', () => {
    const folder = createOptions({ ...plan, gitEntry: 'folder' }, 'name').HostConfig;
    expect(folder?.Mounts).toHaveLength(1);
    expect((folder?.Tmpfs as Record<string, string>)['/workspace/.git']).toMatch(/^ro,/);
    const none = createOptions({ ...plan, gitEntry: 'none' }, 'name').HostConfig;
    expect(none?.Mounts).toHaveLength(1);
    expect(none?.Tmpfs).not.toHaveProperty('/workspace/.git');
  });

  it('gives the volumes that an image declares as little room as /tmp, and leaves the worktree where it is', () => {
    const { HostConfig } = createOptions({ ...plan, volumes: ['/var/lib/db', '/workspace'] }, 'name');
    const tmpfs = HostConfig?.Tmpfs as Record<string, string>;
    expect(tmpfs['/var/lib/db']).toBe(tmpfs['/tmp']);
    expect(tmpfs).not.toHaveProperty('/workspace');
  });

  it('gives the image no say in who runs, what runs and what is checked', () => {
    const options = createOptions(plan, 'name');
    expect(options).toMatchObject({ User: '0:0', Cmd: [], Healthcheck: { Test: ['NONE'] } });
    expect(options.Env).toBeUndefined();
  });

  it('describes itself as a docker command line', () => {
    const args = describeRun(plan, 'npm test');
    expect(args.slice(0, 5)).toEqual(['docker', 'run', '--rm', '--name', 'dev-crew-6ba7b810-work']);
    expect(args.slice(-5)).toEqual(['--entrypoint', 'sh', 'python:3.13-slim', '-c', 'npm test']);
    const text = args.join(' ');
    for (const option of [
      '--user 1000:100',
      '--cap-drop ALL',
      '--read-only',
      '--network none',
      '--pids-limit 100',
    ]) {
      expect(text).toContain(option);
    }
    expect(text).toContain('"source=/data/work trees/한글, ""a"":b"');
  });

  it('has another name for a container whose name is taken', () => {
    expect(alternativeName(plan)).toBe('dev-crew-6ba7b810-work-data-1');
  });

  it('never runs as root', () => {
    expect(sandboxUser({ uid: 0, gid: 0 })).toEqual({ uid: 10_001, gid: 10_001 });
    expect(sandboxUser({ uid: 501, gid: 20 })).toEqual({ uid: 501, gid: 20 });
  });
});

describe('where the engine is', () => {
  it.each([
    ['unix:///tmp/a b/docker.sock', '/tmp/a b/docker.sock', { socketPath: '/tmp/a b/docker.sock' }],
    ['tcp://127.0.0.1:2375', 'tcp://127.0.0.1:2375', { host: '127.0.0.1', port: '2375' }],
    ['npipe:////./pipe/docker_engine', '//./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
  ])('reads %s', (dockerHost, where, options) => {
    expect(findEngine(dockerHost)).toMatchObject({ where, options });
  });

  it('says when DOCKER_HOST is no address', () => {
    expect(() => findEngine('tcp://a b:x')).toThrow('DOCKER_HOST is not an address');
  });

  it('looks where engines usually listen', () => {
    expect(findEngine(undefined, () => false).where).toBe('/var/run/docker.sock');
    const rootless = findEngine('', (path) => String(path).endsWith('/.docker/run/docker.sock'));
    expect(rootless.where).toMatch(/\/\.docker\/run\/docker\.sock$/);
  });
});
