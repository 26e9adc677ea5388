import { afterEach } from 'vitest';
import { createModelRouter } from '../../src/main/infra/llm/model-router.ts';
import { createOllamaModel } from '../../src/main/infra/llm/ollama-model.ts';
import { createInMemoryModel } from '../support/model-server/in-memory-model.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { describeModelPort } from './model-port-suite.ts';

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describeModelPort('Ollama over HTTP, through the router', async (script) => {
  const server = await startModelServer(script);
  servers.push(server);
  return createModelRouter({ ollama: createOllamaModel({ baseUrl: () => server.url }) });
});

describeModelPort('in memory', (script) => Promise.resolve(createInMemoryModel(script)));
