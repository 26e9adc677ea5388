import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithBuild, describeWithDocker, part, sandboxImage } from '../../support/requirements.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../../support/scenarios/add-bug.ts';
import { startServe, type ServeProcess } from '../../support/serve-process.ts';

const run = promisify(execFile);

let folder: string;
let repo: TestRepo;
let model: ModelServer;
let server: ServeProcess;

/** Runs `dev-crew` and returns what it printed; rejects with its exit code in `code`. */
async function devCrew(...args: string[]): Promise<string> {
  const env = { ...process.env, DEV_CREW_DATA_DIR: join(folder, 'data') };
  const { stdout } = await run(process.execPath, [join(part('build'), 'main/cli.js'), ...args], {
    env,
    cwd: repo.path,
  });
  return stdout.trim();
}

describeWithBuild('the command line', () => {
  describeWithDocker('with an engine', () => {
    beforeEach(async () => {
      folder = await makeTempFolder();
      repo = await makeRepo(join(folder, 'repo'), addBugFiles);
      model = await startModelServer(addBugScript());
      server = await startServe(part('build'), join(folder, 'data'), {
        DEV_CREW_OLLAMA_BASE_URL: model.url,
        DEV_CREW_DOCKER_IMAGE: sandboxImage(),
      });
    });
    afterEach(async () => {
      await server[Symbol.asyncDispose]();
      await model.close();
      await removeTempFolder(folder);
    });

    it('takes a job from its goal to a verified branch', async () => {
      const created = JSON.parse(
        await devCrew('jobs', 'create', addBugGoal, '--mode', 'live', '--specialists', 'auto', '--json'),
      ) as { job_id: string };
      const id = created.job_id;
      const watched = devCrew('jobs', 'watch', id);
      await untilItWaits(id);
      expect(await devCrew('jobs', 'plan', id)).toContain('Mend add()');
      expect(await devCrew('jobs', 'list')).toContain(id.slice(0, 8));
      await devCrew('jobs', 'approve', id);
      expect(await watched).toContain('Job completed');
      expect(await devCrew('jobs', 'report', id)).toContain(
        '1 of 1 test commands passed when the host ran them on the result',
      );
      expect(await devCrew('jobs', 'diff', id)).toContain('+  return a + b;');
      expect(await devCrew('audit', 'verify')).toContain('whole');
      await expect(devCrew('jobs', 'approve', id)).rejects.toMatchObject({ code: 1 });
      await expect(devCrew('jobs', 'aprove', id)).rejects.toMatchObject({ code: 2 });
      expect(await repo.git('rev-list', '--count', `main..crew/${id.slice(0, 8)}`)).toBe('1');
      model.assertDone();
    });
  });
});

/** Resolves when the job waits for approval, told by the server's own event stream. */
async function untilItWaits(jobId: string): Promise<void> {
  const token = await devCrew('token');
  const response = await fetch(`${server.url}/jobs/${jobId}/events`, {
    headers: { authorization: `Bearer ${token}` },
  });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('"waiting_for":"plan_approval"')) return;
  }
  throw new Error('the job never waited');
}
