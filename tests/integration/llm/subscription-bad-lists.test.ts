import { describe, expect, it } from 'vitest';
import type { ModelLister } from '../../../src/main/app/ports/model.ts';
import { createAntigravityLister } from '../../../src/main/infra/llm/antigravity-lister.ts';
import { createChatgptLister } from '../../../src/main/infra/llm/chatgpt-lister.ts';
import { createCodexLister } from '../../../src/main/infra/llm/codex-lister.ts';
import { createHttpFetch } from '../../../src/main/infra/llm/http-fetch.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import { sendJson } from '../../support/recording-server.ts';
import { never } from './fixtures.ts';
import { account, serve, type Answer } from './subscription-support.ts';

const json =
  (body: unknown): Answer =>
  (_request, response) =>
    sendJson(response, 200, body);
const list = (lister: ModelLister, provider: ProviderId) =>
  lister.list({ credential: account(provider, { project_id: 'project-1' }) }, never());

describe.each<[ProviderId, (url: string) => ModelLister]>([
  ['openai-codex', (url) => createCodexLister({ endpoint: url })],
  ['chatgpt', (url) => createChatgptLister({ endpoint: url })],
  [
    'google-antigravity',
    (url) => createAntigravityLister({ endpoint: url, fetch: createHttpFetch(), consented: () => true }),
  ],
])('any list of %s', (provider, open) => {
  it.each<[string, Answer, string]>([
    ['a web page', (_r, response) => response.writeHead(200).end('<!doctype html><html>'), 'bad_response'],
    ['nothing', (_r, response) => response.writeHead(200).end(), 'bad_response'],
    ['half of it', (_r, response) => response.writeHead(200).end('{"models":[{"slug":"a"'), 'bad_response'],
    ['another shape', json({ models: 5 }), 'bad_response'],
    ['a list that is none', json({ data: [] }), 'bad_response'],
    ['a 401', (_r, response) => sendJson(response, 401, { detail: 'token-secret-1' }), 'auth_expired'],
    ['a 500', (_r, response) => sendJson(response, 500, {}), 'overloaded'],
    ['a closed connection', (_r, response) => void response.destroy(), 'network'],
  ])('that is %s is an error without the token', async (_what, answer, kind) => {
    const server = await serve(answer);
    const result = await list(open(server.url), provider);
    expect(result).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(result)).not.toContain('token-secret-1');
  });

  it('ends when it is canceled, and needs an account of its own', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const credential = account(provider);
    const listing = open(server.url).list({ credential }, controller.signal);
    const { ended } = await server.request(0);
    controller.abort();
    expect(await listing).toMatchObject({ ok: false, error: { kind: 'canceled' } });
    expect(await ended).toBe('aborted');
    expect(await open(server.url).list({}, never())).toMatchObject({
      ok: false,
      error: { kind: 'auth_invalid' },
    });
  });
});
