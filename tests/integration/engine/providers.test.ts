import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KeyProvider } from '../../../src/main/infra/llm/provider-endpoints.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { describeWithDocker, sandboxImage } from '../../support/requirements.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../../support/scenarios/add-bug.ts';
import { endpointsAt } from '../llm/fixtures.ts';

let folder: string;
let repo: TestRepo;
let model: ModelServer | null = null;
let engine: TestEngine | null = null;

beforeEach(async () => {
  folder = await makeTempFolder();
  repo = await makeRepo(join(folder, 'repo'), addBugFiles);
});
afterEach(async () => {
  await engine?.stop();
  await model?.close();
  await removeTempFolder(folder);
});

/** The same script whatever the protocol: only its answers think aloud, so that there are opaque parts to send back. */
function thinkingScript(name: string): ScriptInput {
  const script = addBugScript();
  return {
    ...script,
    models: [{ name }],
    exchanges: script.exchanges.map((exchange) => {
      const { reply } = exchange;
      if (typeof reply === 'function' || 'fault' in reply) return exchange;
      return { ...exchange, reply: { ...reply, thinking: `About ${exchange.name}.` } };
    }),
  };
}

const models: readonly [KeyProvider, string, opaque: string | null][] = [
  ['openai', 'gpt-5.1', 'encrypted_content'],
  ['anthropic', 'claude-sonnet-4-5', 'signature'],
  ['google', 'gemini-2.5-pro', 'thoughtSignature'],
  ['openrouter', 'anthropic/claude-sonnet-4.5', 'reasoning_details'],
  ['openai-compatible', 'qwen3-coder-30b', null],
];

describeWithDocker('a whole live job', () => {
  it.each(models)('goes from the goal to a verified commit on %s', async (provider, name, opaque) => {
    model = await startModelServer(thinkingScript(name));
    const address = endpointsAt(model.url)[provider];
    engine = await startEngine({
      dataFolder: join(folder, 'data'),
      env: {
        DEV_CREW_OAUTH_TOKEN_PATH: join(folder, 'tokens', 'tokens.json'),
        [`DEV_CREW_${provider.replaceAll('-', '_').toUpperCase()}_BASE_URL`]: address,
        DEV_CREW_LOCAL_LLM_MODEL: `${provider}/${name}`,
        DEV_CREW_DOCKER_IMAGE: sandboxImage(),
      },
    });
    await engine.call('accounts.addKey', {
      provider,
      account_id: 'default',
      api_key: 'test-key',
      base_url: provider === 'openai-compatible' ? address : undefined,
    });
    const { job_id: jobId } = await engine.call('jobs.create', {
      goal: addBugGoal,
      repo: repo.path,
      mode: 'live',
      specialists: 'auto',
      approval: 'auto',
    });
    await engine.ended(jobId);

    expect(await engine.call('jobs.get', { job_id: jobId })).toMatchObject({ state: 'completed' });
    expect((await engine.call('jobs.report', { job_id: jobId })).evidence).toMatchObject({
      tests_before: { passed: false },
      tests_after: { passed: true },
    });
    model.assertDone();
    const later = model.state().requests.filter((request) => request.step > 0);
    expect(later.length).toBeGreaterThan(3);
    if (opaque !== null) for (const { body } of later) expect(JSON.stringify(body)).toContain(`"${opaque}":`);
  });
});
