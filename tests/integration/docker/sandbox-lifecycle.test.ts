import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sandbox } from '../../../src/main/app/ports/sandbox.ts';
import { createDockerSandbox } from '../../../src/main/infra/docker/docker-sandbox.ts';
import { describeWithDocker, sandboxImage } from '../../support/requirements.ts';
import { engine, hostUser, makeSandbox, makeSpec, never, openSession, quiet, run } from './harness.ts';

describeWithDocker('docker sandbox: lifecycle', () => {
  it('finds the engine and the image', async () => {
    expect(await makeSandbox().probe(never)).toMatchObject({ ok: true, value: { imagePresent: true } });
    const without = makeSandbox({ image: () => 'dev-crew/no-such-image:1' });
    expect(await without.probe(never)).toMatchObject({ ok: true, value: { imagePresent: false } });
  });

  it('names and labels its container, and removes it on close', async () => {
    const spec = makeSpec();
    const dataFolderId = randomUUID();
    const session = await openSession(spec, makeSandbox({ dataFolderId }));
    const { Name, Config } = await engine().getContainer(session.containerId).inspect();
    expect(Name).toBe(`/dev-crew-${spec.jobId.slice(0, 8)}-work`);
    expect(Config.Labels).toMatchObject({
      'dev-crew.job': spec.jobId,
      'dev-crew.data': dataFolderId,
      'dev-crew.purpose': 'work',
    });
    await session.close();
    await session.close();
    expect(await exists(session.containerId)).toBe(false);
    const after = await session.exec('true', { timeoutMs: 30_000, signal: never });
    expect(after).toMatchObject({ ok: false, error: { kind: 'failed' } });
  });

  it('goes on when its container was removed or stopped by somebody', async () => {
    const session = await openSession();
    await engine().getContainer(session.containerId).kill();
    expect((await run(session, 'echo again')).stdout).toBe('again\n');
    await engine().getContainer(session.containerId).remove({ force: true });
    const gone = await session.exec('true', { timeoutMs: 30_000, signal: never });
    expect(gone).toMatchObject({ ok: false, error: { kind: 'failed' } });
    await session.close();
  });

  it('removes what an earlier run left of a job, and leaves its own sessions', async () => {
    const dataFolderId = randomUUID();
    const spec = makeSpec();
    const left = await openSession(spec, makeSandbox({ dataFolderId }));
    const sandbox = makeSandbox({ dataFolderId });
    const work = await openSession(spec, sandbox);
    expect(await exists(left.containerId)).toBe(false);
    const verification = await openSession({ ...spec, purpose: 'verification' }, sandbox);
    expect((await run(work, 'echo work')).stdout).toBe('work\n');
    expect((await run(verification, 'echo verification')).stdout).toBe('verification\n');
  });

  it('reaps the containers of jobs that are over, never those of others', async () => {
    const dataFolderId = randomUUID();
    const mine = makeSandbox({ dataFolderId });
    const [kept, over] = [makeSpec(), makeSpec()];
    const keptSession = await openSession(kept, mine);
    const overSession = await openSession(over, mine);
    const other = await openSession(makeSpec(), makeSandbox());
    const foreign = await createForeign(`foreign-${randomUUID()}`);
    expect(await mine.reap(new Set([kept.jobId]))).toBe(1);
    expect(
      await Promise.all([keptSession, overSession, other].map(({ containerId }) => exists(containerId))),
    ).toEqual([true, false, true]);
    expect(await exists(foreign)).toBe(true);
    expect(await mine.reap(new Set())).toBe(1);
    expect(await mine.reap(new Set())).toBe(0);
  });

  it("leaves a foreign container alone that holds its container's name", async () => {
    const spec = makeSpec();
    const foreign = await createForeign(`dev-crew-${spec.jobId.slice(0, 8)}-work`);
    const session = await openSession(spec);
    expect((await run(session, 'echo fine')).stdout).toBe('fine\n');
    expect(await exists(foreign)).toBe(true);
  });

  it('keeps two data folders apart that know the same job', async () => {
    const spec = makeSpec();
    const [one, two] = [makeSandbox(), makeSandbox()];
    const first = await openSession(spec, one);
    const second = await openSession(spec, two);
    expect(await two.reap(new Set())).toBe(1);
    expect((await run(first, 'echo fine')).stdout).toBe('fine\n');
    expect(await exists(second.containerId)).toBe(false);
  });

  it('says what to do about an image that is missing and cannot be pulled', async () => {
    const lines: string[] = [];
    const image = 'localhost:1/dev-crew/none:1';
    const opened = await makeSandbox().open(makeSpec({ image }), (line) => lines.push(line), never);
    expect(opened).toMatchObject({ ok: false, error: { kind: 'image_missing' } });
    expect(opened.ok ? '' : opened.error.message).toContain(`docker pull ${image}`);
    expect(lines.join('\n')).not.toContain('Pulled');
  });

  it('fails cleanly on a worktree that is not there, and leaves no container', async () => {
    const dataFolderId = randomUUID();
    const spec = makeSpec({ worktree: '/no/such/worktree' });
    const opened = await makeSandbox({ dataFolderId }).open(spec, () => {}, never);
    expect(opened).toMatchObject({ ok: false, error: { kind: 'failed' } });
    const left = await engine().listContainers({
      all: true,
      filters: { label: [`dev-crew.data=${dataFolderId}`] },
    });
    expect(left).toEqual([]);
  });

  it('opens nothing when canceled', async () => {
    const opened = await makeSandbox().open(makeSpec(), () => {}, AbortSignal.abort());
    expect(opened).toMatchObject({ ok: false, error: { kind: 'canceled' } });
  });

  it('describes a command line that does the same', async () => {
    const spec = makeSpec();
    const [program, ...args] = makeSandbox().describe(spec, 'id -u && cat .git && touch /x');
    expect(program).toBe('docker');
    expect(args).toContain('--network');
    expect(args.slice(-3)).toEqual([spec.image, '-c', 'id -u && cat .git && touch /x']);
  });
});

describe('docker sandbox: without a working engine', () => {
  it('says that there is no engine', async () => {
    const sandbox = at('/no/such/docker.sock');
    const probed = await sandbox.probe(never);
    expect(probed).toMatchObject({ ok: false, error: { kind: 'engine_missing' } });
    expect(probed.ok ? '' : probed.error.message).toContain('/no/such/docker.sock');
    expect(await sandbox.open(makeSpec(), () => {}, never)).toMatchObject({
      error: { kind: 'engine_missing' },
    });
    expect(await sandbox.reap(new Set())).toBe(0);
  });

  it('says that the engine has stopped', async () => {
    const socket = join(makeFolder(), 'docker.sock');
    const listen = `require('net').createServer().listen(${JSON.stringify(socket)},()=>console.log('up'))`;
    const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await at(socket).probe(never)).toMatchObject({ ok: false, error: { kind: 'engine_stopped' } });
  });

  it('gives an engine up that does not answer', async () => {
    const socket = await deafEngine();
    expect(await at(socket).probe(never)).toMatchObject({ ok: false, error: { kind: 'engine_stopped' } });
  });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const at = (socket: string): Sandbox =>
  createDockerSandbox({
    dockerHost: `unix://${socket}`,
    dataFolderId: 'data',
    log: quiet,
    image: sandboxImage,
    hostUser,
  });

/** An engine that takes calls and answers none. */
async function deafEngine(): Promise<string> {
  const server = createServer(() => undefined);
  const socket = join(makeFolder(), 'docker.sock');
  server.listen(socket);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

/** A container that is not ours, under a name of its choice. */
async function createForeign(name: string): Promise<string> {
  const container = await engine().createContainer({ name, Image: sandboxImage(), Cmd: ['true'] });
  onTestFinished(async () => {
    await container.remove({ force: true });
  });
  return container.id;
}

async function exists(id: string): Promise<boolean> {
  const found = await engine().listContainers({ all: true, filters: { id: [id] } });
  return found.length > 0;
}
