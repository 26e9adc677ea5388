import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JobEvent } from '../../../src/shared/job.ts';
import { followed, startOwnEngine, type OwnEngine } from '../../support/docker-engine/own-engine.ts';
import { startHoldingProxy, startRegistry, type Registry } from '../../support/docker-engine/registry.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { fillDisk } from '../../support/fill-disk.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { describeWithRegistry } from '../../support/requirements.ts';
import { failureOf, smallFiles, smallScript } from '../engine/bad-support.ts';

const port = 5000;
const name = 'dev-crew/sandbox';
const image = `127.0.0.1:${port}/${name}:1`;
const noiseMb = 24;
/** The engine's disk; a pull needs the noise twice: as it came, and unpacked. */
const imagesMb = 128;

let folder: string;
let docker: OwnEngine;
let registry: Registry;

async function startOver(): Promise<void> {
  registry = await startRegistry(docker, join(folder, 'registry'), port);
}
const isHere = async (reference: string): Promise<boolean> =>
  docker.docker
    .getImage(reference)
    .inspect()
    .then(
      () => true,
      () => false,
    );

describeWithRegistry('a job whose image is in a registry', () => {
  let jobs: string;
  let model: ModelServer;
  let engine: TestEngine;

  beforeAll(async () => {
    folder = await makeTempFolder();
    docker = await startOwnEngine({ imagesSize: `${imagesMb}m` });
    await startOver();
    await docker.importSmallImage(image, noiseMb);
    await registry.take(image);
  });
  afterAll(async () => {
    await registry.stop();
    await docker.stop();
    await removeTempFolder(folder);
  });
  beforeEach(async () => {
    jobs = await makeTempFolder();
    if (await isHere(image)) await docker.docker.getImage(image).remove({ force: true });
    const mend = { name: 'write_file', arguments: { path: 'answer.txt', content: '42\n' } };
    const finish = { name: 'finish', arguments: { summary: 'done' } };
    model = await startModelServer(
      smallScript({
        name: 'task',
        when: { user: 'Your task (t1)' },
        times: 'any',
        reply: { toolCalls: [mend, finish] },
      }),
    );
  });
  afterEach(async () => {
    await engine.stop();
    await model.close();
    await removeTempFolder(jobs);
  });

  /** Starts a job with this image in the settings. */
  async function begin(reference: string): Promise<string> {
    const repo = await makeRepo(join(jobs, 'repo'), smallFiles);
    engine = await startEngine({
      dataFolder: join(jobs, 'data'),
      env: {
        DOCKER_HOST: docker.host,
        DEV_CREW_OLLAMA_BASE_URL: model.url,
        DEV_CREW_DOCKER_IMAGE: reference,
      },
    });
    const job = {
      goal: 'Mend it',
      repo: repo.path,
      mode: 'live',
      approval: 'auto',
      specialists: 'auto',
    } as const;
    return (await engine.call('jobs.create', job)).job_id;
  }
  const pulls = (events: readonly JobEvent[]): string[] =>
    events.flatMap(({ message }) => (/^Pull(?:ing|ed) image/.test(message) ? [message] : []));

  it('fails and says what to do while the registry is down; after that a retry pulls it, step by step, and completes', async () => {
    await registry.stop();
    const jobId = await begin(image);
    expect(await failureOf(engine, jobId)).toMatch(
      /^sandbox: The image 127\.0\.0\.1:5000\/dev-crew\/sandbox:1 is not on this machine, and its registry cannot be reached \(.*connection refused\)\. Check/,
    );
    await startOver();
    const { job_id: again } = await engine.call('jobs.retry', { job_id: jobId });
    const events = await engine.ended(again);
    expect(events.at(-1)).toMatchObject({ state: 'completed', message: 'Job completed' });
    const told = pulls(events);
    expect(told[0]).toBe(`Pulling image ${image}`);
    const steps = told
      .map((line) => /: (\d+\.\d) of (\d+\.\d) MB$/.exec(line))
      .filter((step) => step !== null);
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(Number(steps.at(-1)?.[1])).toBeGreaterThanOrEqual(noiseMb);
    expect(told.at(-1)).toBe(`Pulled image ${image}`);
    expect(await isHere(image)).toBe(true);
  });

  it('fails and says what to do when the registry does not know the tag', async () => {
    const jobId = await begin(`127.0.0.1:${port}/${name}:none`);
    expect(await failureOf(engine, jobId)).toMatch(
      /^sandbox: .*sandbox:none is not on this machine, and its registry does not have it \(.*manifest unknown\)\. Check .*name and tag.*settings/,
    );
  });

  it('fails and says what to do when the registry wants a sign-in', async () => {
    const locked = await startRegistry(docker, join(folder, 'locked'), port + 2, true);
    const jobId = await begin(`127.0.0.1:${port + 2}/${name}:1`);
    expect(await failureOf(engine, jobId)).toMatch(
      /^sandbox: .*without a sign-in.*\. Check its name, or run "docker login 127\.0\.0\.1:5002" and "docker pull 127\.0\.0\.1:5002.*retry the job/,
    );
    await locked.stop();
  });

  it('canceled in the middle of the pull ends at once, and so does the pull', async () => {
    const proxy = await startHoldingProxy(docker, port + 1, port, 2_000_000);
    const held = `127.0.0.1:${port + 1}/${name}:1`;
    const jobId = await begin(held);
    await engine.until(jobId, ({ message }) => message.startsWith(`Pulling image ${held}`));
    await proxy.held;
    expect(await engine.call('jobs.cancel', { job_id: jobId })).toMatchObject({ state: 'canceled' });
    expect((await engine.ended(jobId)).at(-1)?.state).toBe('canceled');
    await engine.stop();
    expect(await isHere(held)).toBe(false);
    // The engine loads a layer once for all who want it: were that pull still under way, this one would wait for it.
    await followed(docker.docker, await docker.docker.pull(image));
    expect(await docker.docker.listContainers({ all: true })).toEqual([]);
    expect(await readdir(join(jobs, 'data/worktrees'))).toEqual([]);
    await proxy.stop();
  });

  it('fails and says what to do when the registry’s copy of it is damaged; nothing of that copy is used', async () => {
    const layer = await largestBlob();
    const whole = await readFile(layer);
    const damaged = Buffer.from(whole);
    damaged.write('damage', 5_000_000);
    await writeFile(layer, damaged);
    const jobId = await begin(image);
    expect(await failureOf(engine, jobId)).toMatch(
      /^sandbox: .*its registry sent damaged data \(filesystem layer verification failed .*\)\. Try again.*push it anew/,
    );
    expect(await isHere(image)).toBe(false);
    await writeFile(layer, whole);
    const { job_id: again } = await engine.call('jobs.retry', { job_id: jobId });
    expect((await engine.ended(again)).at(-1)?.state).toBe('completed');
  });

  it('fails and says what to do when the pull fills the engine’s disk; once there is room a retry completes', async () => {
    const filled = fillDisk(docker.imagesDisk);
    filled.makeRoom(1.4 * noiseMb * 1024 * 1024);
    const jobId = await begin(image);
    expect(await failureOf(engine, jobId)).toMatch(
      /^sandbox: The disk of the Docker engine is full \(.*no space left on device\)\. Free some space, for example with "docker system prune", and try again\.$/,
    );
    expect(await isHere(image)).toBe(false);
    filled.makeRoom();
    const { job_id: again } = await engine.call('jobs.retry', { job_id: jobId });
    expect((await engine.ended(again)).at(-1)?.state).toBe('completed');
  });

  it('fails and says what to do when the engine ends in the middle of the pull', async () => {
    const proxy = await startHoldingProxy(docker, port + 1, port, 2_000_000);
    const jobId = await begin(`127.0.0.1:${port + 1}/${name}:1`);
    // A job that ends before has nothing to wait for.
    await Promise.race([proxy.held, engine.ended(jobId)]);
    await docker.stop();
    expect(await failureOf(engine, jobId)).toMatch(
      /^sandbox: The Docker engine at .*docker\.sock does not run .*Start it and try again\.$/,
    );
    await proxy.stop();
  });
});

async function largestBlob(): Promise<string> {
  const names = await readdir(registry.blobs, { recursive: true });
  const files = names.filter((file) => file.endsWith('data')).map((file) => join(registry.blobs, file));
  const sizes = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })));
  return sizes.sort((a, b) => b.size - a.size)[0]?.file ?? '';
}
