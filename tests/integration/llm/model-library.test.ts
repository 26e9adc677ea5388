import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createModelHandlers } from '../../../src/main/app/models/model-handlers.ts';
import { createModelPulls } from '../../../src/main/app/models/model-pulls.ts';
import type { ModelPull } from '../../../src/shared/models.ts';
import { createHttpFetch } from '../../../src/main/infra/llm/http-fetch.ts';
import { createOllamaLibrary } from '../../../src/main/infra/llm/ollama-library.ts';
import { createSystemClock } from '../../../src/main/infra/system/clock.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server of Ollama's protocol whose answers a test writes itself. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const baseUrl = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const library = createOllamaLibrary({ baseUrl, fetch: createHttpFetch() });
  const pulls = createModelPulls({ library, clock: createSystemClock() });
  closing.unshift(() => pulls.stop());
  const handlers = createModelHandlers({
    callModel: () => Promise.reject(new Error('no call')),
    library,
    pulls,
    settings: () => ({ context_tokens: 4096 }),
  });
  return { library, pulls, handlers };
}

const never = (): AbortSignal => new AbortController().signal;
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** The pull once it has ended, by the wait that pages use. */
async function ended(handlers: Awaited<ReturnType<typeof serve>>['handlers']): Promise<ModelPull> {
  for (;;) {
    const result = await handlers['llm.pulls']({ wait_seconds: 20 }, never());
    const pull = result.ok ? result.value.pulls[0] : undefined;
    if (pull && pull.state !== 'pulling') return pull;
  }
}

describe('a pull', () => {
  it('tells how far it is, layer by layer, and ends when the model is here', async () => {
    let open: ServerResponse | null = null;
    const { handlers, pulls } = await serve((_request, response) => {
      open = response;
      response.write(line({ status: 'pulling manifest' }));
      response.write(line({ status: 'pulling a', digest: 'a', total: 100, completed: 100 }));
      response.write(line({ status: 'pulling b', digest: 'b', total: 300, completed: 60 }));
    });
    await handlers['llm.pullModel']({ model: 'ollama/qwen3:4b' }, never());
    let seen = pulls.list()[0];
    while (seen?.completed_bytes !== 160) [seen] = await pulls.listAfterChange(20_000, never());
    expect(seen).toMatchObject({ model: 'qwen3:4b', state: 'pulling', total_bytes: 400 });
    (open as ServerResponse | null)?.end(line({ status: 'success' }));
    expect(await ended(handlers)).toMatchObject({ state: 'done', error: null });
  });

  it('is joined when it is asked for twice, and begun anew after its end', async () => {
    let requests = 0;
    const { handlers, pulls } = await serve((_request, response) => {
      requests += 1;
      if (requests === 2) response.end(line({ status: 'success' }));
      else response.write(line({ status: 'pulling manifest' }));
    });
    await handlers['llm.pullModel']({ model: 'a' }, never());
    let [seen] = pulls.list();
    while (seen?.status !== 'pulling manifest') [seen] = await pulls.listAfterChange(20_000, never());
    await handlers['llm.pullModel']({ model: 'a' }, never());
    expect(await handlers['llm.cancelPull']({ model: 'a' }, never())).toMatchObject({
      ok: true,
      value: { state: 'canceled' },
    });
    expect(await handlers['llm.cancelPull']({ model: 'a' }, never())).toMatchObject({
      ok: false,
      error: { code: 'invalid_state' },
    });
    await handlers['llm.pullModel']({ model: 'a' }, never());
    expect(await ended(handlers)).toMatchObject({ state: 'done' });
  });

  it.each([
    [
      'an error inside',
      (r: ServerResponse) => r.end(line({ error: 'no space left on device' })),
      /disk is full/,
    ],
    [
      'an unknown model',
      (r: ServerResponse) => r.end(line({ error: 'pull model manifest: file does not exist' })),
      /no such model/,
    ],
    ['an early end', (r: ServerResponse) => r.end(line({ status: 'pulling manifest' })), /ended before/],
    ['a web page', (r: ServerResponse) => r.setHeader('content-type', 'text/html').end('<html>'), /web page/],
    ['nonsense', (r: ServerResponse) => r.end('{"status":'), /cannot be read/],
    ['a broken connection', (r: ServerResponse) => r.write('{}\n', () => r.destroy()), /./],
  ])('says what %s means', async (_what, answer, message) => {
    const { handlers } = await serve((_request, response) => void answer(response));
    await handlers['llm.pullModel']({ model: 'a' }, never());
    const pull = await ended(handlers);
    expect(pull.state).toBe('failed');
    expect(pull.error).toMatch(message);
  });

  it('that nobody knows cannot be canceled', async () => {
    const { handlers } = await serve((_request, response) => void response.end());
    expect(await handlers['llm.cancelPull']({ model: 'x' }, never())).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(await handlers['llm.pulls']({ wait_seconds: 60 }, never())).toEqual({
      ok: true,
      value: { pulls: [] },
    });
  });
});

describe('showing a model', () => {
  it('gives its facts without its licence and template', async () => {
    const { handlers } = await serve((_request, response) =>
      response.end(
        JSON.stringify({
          license: 'long',
          template: 'x',
          capabilities: ['tools'],
          details: { family: 'llama' },
        }),
      ),
    );
    expect(await handlers['llm.showModel']({ model: 'ollama/a' }, never())).toEqual({
      ok: true,
      value: { model: 'a', details: { capabilities: ['tools'], details: { family: 'llama' } } },
    });
  });

  it('says when there is none', async () => {
    const { handlers } = await serve((_request, response) => {
      response.statusCode = 404;
      response.end(JSON.stringify({ error: "model 'a' not found" }));
    });
    expect(await handlers['llm.showModel']({ model: 'a' }, never())).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});
