import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAppLog } from '../../../src/main/infra/logs/app-log.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { describeWithDocker, sandboxImage } from '../../support/requirements.ts';
import { isWaiting, planning, smallFiles, smallPlan, smallScript } from './bad-support.ts';

const token = `ghp_${'a1B2'.repeat(9)}`;
const address = 'jo.doe@corp.example.org';
/** What must be found nowhere: whole, or the half that a careless cut leaves. */
const secrets = [token, token.slice(0, 20), token.slice(-20), address, 'tiger-pass-77'];
const leaks = (text: string | Buffer): string[] => secrets.filter((secret) => text.includes(secret));

let folder: string;
let repo: TestRepo;
let model: ModelServer;
let engine: TestEngine;
beforeEach(async () => {
  folder = await makeTempFolder();
  repo = await makeRepo(join(folder, 'repo'), {
    ...smallFiles,
    'config.env': `TOKEN=${token}\nDB=postgres://app:tiger-pass-77@db.internal/x\nOWNER=${address}\n`,
    'README.md': `Write to ${address}, or use ${token}.\n`,
    [`people/${address}.txt`]: 'hello\n',
  });
});
afterEach(async () => {
  await engine.stop();
  await model.close();
  await removeTempFolder(folder);
});

const liveJob = { mode: 'live', approval: 'auto', specialists: 'auto' } as const;
const start = (): Promise<TestEngine> =>
  startEngine({
    dataFolder: join(folder, 'data'),
    env: { DEV_CREW_OLLAMA_BASE_URL: model.url, DEV_CREW_DOCKER_IMAGE: sandboxImage() },
    log: createAppLog({ stderr: false, path: join(folder, 'data', 'dev-crew.log') }),
  });
const call = (name: string, args: Record<string, unknown>) => ({ name, arguments: args });

/** Its text says a secret of its own, its calls hold and reveal some, at places where output is cut. */
const crew = () => {
  const said = `I found ${token} of ${address}.\n`;
  const pad = (count: number): string => `head -c ${count} /dev/zero | tr '\\0' x`;
  const cutInside = [1995, 2005, 2015].map((at) => `${pad(at)}; cat config.env; ${pad(5000)}`);
  return {
    exchanges: [
      {
        name: 'study',
        when: { system: 'Study the repository', step: 0 },
        times: 'any' as const,
        reply: { text: said, toolCalls: [call('read_file', { path: 'config.env' })] },
      },
      {
        name: 'found',
        when: { system: 'Study the repository' },
        times: 'any' as const,
        reply: { toolCalls: [call('finish', { summary: `config.env has ${token}` })] },
      },
      planning({ text: `${said}{"tasks": "none"}` }, 1),
      planning({ text: JSON.stringify({ ...smallPlan, risks: [said] }) }),
      {
        name: 'work',
        when: { user: 'Your task (t1)', step: 0 },
        reply: {
          text: said,
          toolCalls: [
            ...cutInside.map((command) => call('run_command', { command })),
            call('run_command', { command: `echo ${token}; echo ${address} >&2; exit 3` }),
            call('write_file', { path: 'notes.txt', content: `Ask ${address}.\n` }),
            call('search', { pattern: 'TOKEN' }),
            call('write_file', { path: 'answer.txt', content: '42\n' }),
            call('update_progress', { text: said }),
            call('teleport', { to: token }),
          ],
        },
      },
      {
        name: 'end',
        when: { user: 'Your task (t1)', step: 1 },
        reply: { toolCalls: [call('ask_human', { question: `${'Is it '.repeat(48)}${token}?` })] },
      },
      {
        name: 'answered',
        when: { user: 'Your task (t1)', step: 2 },
        reply: { toolCalls: [call('finish', { summary: said })] },
      },
    ],
  };
};

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describeWithDocker('secrets and addresses in a repository, a command, a model', () => {
  it('are in nothing that is stored, shown or sent; what the crew writes is written as it is', async () => {
    model = await startModelServer(crew());
    engine = await start();
    const shown: string[] = [];
    engine.app.feed.subscribe({ after: 0 }, (frame) => shown.push(JSON.stringify(frame)));
    engine.app.onAttention((attention) => shown.push(JSON.stringify(attention)));
    const goal = `Mend it for ${address} with ${token}`;
    const { job_id } = await engine.call('jobs.create', { ...liveJob, goal, repo: repo.path });
    await engine.until(job_id, isWaiting);
    const [question] = (await engine.call('escalations.list', { open: true })).escalations;
    const escalation_id = question?.escalation_id ?? '';
    await engine.call('jobs.answer', { job_id, escalation_id, answer: `Use ${token}` });
    const events = await engine.ended(job_id);
    expect(events.at(-1)).toMatchObject({ state: 'completed' });

    for (const name of ['get', 'plan', 'timeline', 'diff', 'report', 'escalations'] as const)
      shown.push(JSON.stringify(await engine.call(`jobs.${name}`, { job_id, limit: 1000 })));
    shown.push(JSON.stringify(await engine.call('escalations.list', {})));
    expect(shown.flatMap(leaks)).toEqual([]);
    expect(shown.join()).toContain('[redacted:');
    expect(model.state().requests.flatMap(({ body }) => leaks(JSON.stringify(body)))).toEqual([]);
    expect(await repo.git('show', `crew/${job_id.slice(0, 8)}:notes.txt`)).toBe(`Ask ${address}.`);

    await engine.stop();
    const dataFolder = join(folder, 'data');
    const outputs = join(dataFolder, 'output');
    for (const path of await filesBelow(dataFolder)) {
      if (path.startsWith(outputs)) expect((await stat(path)).mode & 0o777, path).toBe(0o600);
      expect(leaks(await readFile(path)), path).toEqual([]);
    }
    for (const path of [dataFolder, outputs, join(outputs, job_id)])
      expect((await stat(path)).mode & 0o777, path).toBe(0o700);
  });

  it('in a call that a restart cut off: the model is asked for it again, for it was not kept', async () => {
    const note = call('write_file', { path: 'notes.txt', content: `Ask ${address}.\n` });
    const mend = call('write_file', { path: 'answer.txt', content: '42\n' });
    const task = { user: 'Your task (t1)' };
    model = await startModelServer(
      smallScript(
        {
          name: 'ask',
          when: { ...task, step: 0 },
          reply: { toolCalls: [call('ask_human', { question: 'Really?' }), note, mend] },
        },
        {
          name: 'again',
          when: { ...task, step: 1 },
          reply: { toolCalls: [note, call('finish', { summary: 'done' })] },
        },
      ),
    );
    engine = await start();
    const { job_id } = await engine.call('jobs.create', { ...liveJob, goal: 'Mend it', repo: repo.path });
    await engine.until(job_id, isWaiting);
    await engine.stop();
    engine = await start();
    const [question] = (await engine.call('escalations.list', { open: true })).escalations;
    const escalation_id = question?.escalation_id ?? '';
    await engine.call('jobs.answer', { job_id, escalation_id, answer: 'yes' });
    const events = await engine.ended(job_id);
    const cutOff = events.find(({ metadata }) => metadata['call_id'] === 's1c2');
    expect(cutOff?.metadata).toMatchObject({
      ok: false,
      output: expect.stringMatching(/Make the call again/) as string,
    });
    expect(events.at(-1)?.state).toBe('completed');
    expect(await repo.git('show', `crew/${job_id.slice(0, 8)}:notes.txt`)).toBe(`Ask ${address}.`);
  });
});
