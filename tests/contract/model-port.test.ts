import { afterEach } from 'vitest';
import type { ModelPort } from '../../src/main/app/ports/model.ts';
import { createAnthropicModel } from '../../src/main/infra/llm/anthropic-model.ts';
import { createGoogleModel } from '../../src/main/infra/llm/google-model.ts';
import { createModelRouter } from '../../src/main/infra/llm/model-router.ts';
import { createOllamaModel } from '../../src/main/infra/llm/ollama-model.ts';
import { createOpenAICompatibleModel } from '../../src/main/infra/llm/openai-compatible-model.ts';
import { createOpenAIModel } from '../../src/main/infra/llm/openai-model.ts';
import { createOpenRouterModel } from '../../src/main/infra/llm/openrouter-model.ts';
import { createInMemoryModel } from '../support/model-server/in-memory-model.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { describeModelPort, type Callee } from './model-port-suite.ts';

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const adapters: readonly [Callee, (url: string) => ModelPort][] = [
  [{ provider: 'ollama', key: null }, (url) => createOllamaModel({ baseUrl: () => url })],
  [{ provider: 'openai', key: 'test-key' }, (url) => createOpenAIModel({ endpoint: `${url}/v1` })],
  [{ provider: 'anthropic', key: 'test-key' }, (url) => createAnthropicModel({ endpoint: `${url}/v1` })],
  [{ provider: 'google', key: 'test-key' }, (url) => createGoogleModel({ endpoint: `${url}/v1beta` })],
  [
    { provider: 'openrouter', key: 'test-key' },
    (url) => createOpenRouterModel({ endpoint: `${url}/api/v1` }),
  ],
  [{ provider: 'openai-compatible', key: null }, (url) => createOpenAICompatibleModel({ endpoint: url })],
];

for (const [callee, create] of adapters)
  describeModelPort(`${callee.provider} over HTTP, through the router`, callee, async (script) => {
    const server = await startModelServer(script, { onUnexpected: () => undefined });
    servers.push(server);
    return createModelRouter({ [callee.provider]: create(server.url) });
  });

describeModelPort('in memory', { provider: 'ollama', key: null }, (script) =>
  Promise.resolve(createInMemoryModel(script)),
);
