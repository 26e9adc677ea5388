import { readdir, readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createInvoke } from '../../../src/main/api/invoke.ts';
import { createAppLog } from '../../../src/main/infra/logs/app-log.ts';
import { operationNames, type OperationName } from '../../../src/shared/operations.ts';
import { startEngine } from '../../support/engine.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { describeWithDocker, describeWithKeyring, sandboxImage } from '../../support/requirements.ts';
import { smallFiles, smallScript } from '../engine/bad-support.ts';

/** Nothing that a rule of secretlint would know by its form: only that we put it in says that it is a secret. */
const planted = 'planted-4f1d-key-of-nobody-9c27';
/** The whole, or the half that a careless cut leaves. */
const leaks = (text: string | Buffer): string[] =>
  [planted, planted.slice(0, 18), planted.slice(-18)].filter((part) => text.includes(part));

const call = (name: string, args: Record<string, unknown>) => ({ name, arguments: args });
const provider = 'openai-compatible' as const;

/** The server echoes the key where servers do: in the body of an error, which is tried again. */
const script = {
  key: planted,
  ...smallScript(
    {
      name: 'echo',
      when: { user: 'Your task (t1)', step: 0 },
      times: 1,
      reply: { fault: 'status', status: 503, body: { error: { message: `busy, key ${planted} waits` } } },
    },
    {
      name: 'work',
      when: { user: 'Your task (t1)', step: 0 },
      reply: { toolCalls: [call('write_file', { path: 'answer.txt', content: '42\n' })] },
    },
    {
      name: 'end',
      when: { user: 'Your task (t1)', step: 1 },
      reply: { toolCalls: [call('finish', { summary: 'It is 42.' })] },
    },
  ),
};

async function contentsBelow(path: string): Promise<{ path: string; text: Buffer }[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ path: file, text: await readFile(file) })));
}

/** Every operation that only reads, as the edges call it. */
const reads = (jobId: string): [OperationName, object][] =>
  operationNames
    .filter((name) =>
      /\.(get|list|plan|diff|report|timeline|escalations|models|prices|usage|today|csv|spending|health|doctor|verify|recent|pulls)$/.test(
        name,
      ),
    )
    .map((name) => [name, { job_id: jobId }]);

describeWithKeyring('an API key under a real keyring', () => {
  describeWithDocker('and a whole job that is called with it', () => {
    it('is in no file, log, event, or answer of an operation', async () => {
      const folder = await makeTempFolder();
      const repo = await makeRepo(join(folder, 'repo'), smallFiles);
      const model = await startModelServer(script);
      const dataFolder = join(folder, 'data');
      const log = createAppLog({ stderr: false, path: join(dataFolder, 'dev-crew.log') });
      const env = {
        ...process.env,
        DEV_CREW_OLLAMA_BASE_URL: 'http://127.0.0.1:9',
        DEV_CREW_DOCKER_IMAGE: sandboxImage(),
      };
      const engine = await startEngine({ dataFolder, env, log });
      const shown: string[] = [];
      try {
        engine.app.feed.subscribe({ after: 0 }, (frame) => shown.push(JSON.stringify(frame)));
        engine.app.onAttention((attention) => shown.push(JSON.stringify(attention)));
        const key = { provider, account_id: 'default', base_url: `${model.url}/v1` };
        const refused = await engine.attempt('accounts.addKey', { ...key, api_key: `${planted}-wrong` });
        shown.push(JSON.stringify(refused));
        const added = await engine.attempt('accounts.addKey', { ...key, api_key: planted });
        expect(added).toMatchObject({ ok: true });
        shown.push(JSON.stringify(added));
        const { job_id: jobId } = await engine.call('jobs.create', {
          goal: 'Mend the answer',
          repo: repo.path,
          mode: 'live',
          approval: 'auto',
          specialists: 'auto',
          model: `${provider}/llama3.1:8b`,
        });
        const events = await engine.ended(jobId);
        expect(events.at(-1)).toMatchObject({ state: 'completed', message: 'Job completed' });
        const invoke = createInvoke({ handlers: engine.app.handlers, log, ids: { uuid: randomUUID } });
        for (const [name, input] of reads(jobId)) {
          const answer = await invoke(name, input, new AbortController().signal);
          shown.push(JSON.stringify({ name, answer }));
        }
        expect(model.state().requests.some(({ path }) => path.endsWith('/chat/completions'))).toBe(true);
        expect(shown.length).toBeGreaterThan(30);
        expect(shown.filter((text) => leaks(text).length > 0)).toEqual([]);
      } finally {
        await engine.stop();
        await model.close();
      }
      const files = await contentsBelow(folder);
      expect(files.map(({ path }) => path)).toContain(join(dataFolder, 'dev-crew.log'));
      expect(files.filter(({ text }) => leaks(text).length > 0).map(({ path }) => path)).toEqual([]);
      await removeTempFolder(folder);
    });
  });
});
