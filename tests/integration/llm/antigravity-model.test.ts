import { describe, expect, it } from 'vitest';
import type { ModelPort, ModelRequest } from '../../../src/main/app/ports/model.ts';
import { createAntigravityModel } from '../../../src/main/infra/llm/antigravity-model.ts';
import { createHttpFetch } from '../../../src/main/infra/llm/http-fetch.ts';
import { sendJson } from '../../support/recording-server.ts';
import { aRequest, eventsOf, gist } from './fixtures.ts';
import { codeAssistGist, codeAssistStream } from './subscription-streams.ts';
import { account, after, conversation, serve, stream, tools } from './subscription-support.ts';

describe('what Code Assist is sent', () => {
  const credential = account('google-antigravity', { project_id: 'project-1' });
  const open = (url: string, consented = true): ModelPort =>
    createAntigravityModel({
      endpoint: url,
      fetch: createHttpFetch(),
      consented: () => consented,
      uuid: () => 'uuid-1',
    });
  const request = (change: Partial<ModelRequest> = {}) =>
    aRequest({ model: 'gemini-3-pro', credential, ...change });

  it('is Gemini’s request in an envelope', async () => {
    const server = await serve(stream(codeAssistStream));
    const events = await eventsOf(
      open(server.url),
      request({ messages: conversation, tools, maxOutputTokens: 500, effort: 'high', cacheKey: 'job-1' }),
    );
    expect(gist(events)).toEqual(codeAssistGist);
    const sent = await server.request(0);
    expect([sent.method, sent.path]).toEqual(['POST', '/v1internal:streamGenerateContent?alt=sse']);
    expect(sent.body).toEqual({
      project: 'project-1',
      model: 'gemini-3-pro',
      requestType: 'agent',
      userAgent: 'antigravity',
      requestId: 'uuid-1',
      request: {
        sessionId: 'job-1',
        systemInstruction: { parts: [{ text: 'You are the backend of a Dev Crew.' }] },
        contents: [
          {
            role: 'user',
            parts: [{ inlineData: { mimeType: 'image/png', data: 'aGk=' } }, { text: 'do it' }],
          },
          {
            role: 'model',
            parts: [
              { text: 'I look.' },
              {
                functionCall: { id: 'call_1', name: 'list_files', args: { path: 'src' } },
                thoughtSignature: expect.any(String) as unknown,
              },
            ],
          },
          {
            role: 'user',
            parts: [
              {
                functionResponse: {
                  id: 'call_1',
                  name: 'list_files',
                  response: { name: 'list_files', content: 'a.ts' },
                },
              },
            ],
          },
        ],
        generationConfig: {
          maxOutputTokens: 500,
          thinkingConfig: { includeThoughts: true, thinkingLevel: 'high' },
        },
        toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
        tools: [
          {
            functionDeclarations: [
              { name: 'list_files', description: 'List files.', parametersJsonSchema: tools[0]?.parameters },
            ],
          },
        ],
      },
    });
    expect(sent.headers).toMatchObject({
      authorization: 'Bearer token-secret-1',
      'user-agent': expect.stringMatching(/^antigravity\/[\d.]+ \w+\/\w+$/) as unknown,
      'x-goog-api-client': expect.any(String) as unknown,
    });
    expect(JSON.parse(String(sent.headers['client-metadata']))).toMatchObject({ ideType: 'ANTIGRAVITY' });
    expect(sent.headers).not.toHaveProperty('x-goog-api-key');
  });

  it('has the signature of the call before', async () => {
    const server = await serve(stream(codeAssistStream));
    const first = await eventsOf(open(server.url), request({ tools }));
    await eventsOf(open(server.url), request({ tools, messages: after(first) }));
    const { body } = await server.request(1);
    const [signed] = (
      body as { request: { contents: { parts: object[] }[] } }
    ).request.contents[1]!.parts.filter((part) => 'functionCall' in part);
    expect(signed).toMatchObject({ functionCall: { id: 'call_1' }, thoughtSignature: 'c2ln' });
  });

  it('has plain schemas, by the name that the model’s maker takes', async () => {
    const server = await serve(stream(codeAssistStream));
    const parameters = {
      $schema: 'x',
      type: 'object',
      properties: { kind: { const: 'a', default: 'a' } },
    };
    const wanted = { type: 'object', properties: { kind: { enum: ['a'] } } };
    const spec = [{ name: 'list_files', description: 'x', parameters }];
    await eventsOf(open(server.url), request({ tools: spec, model: 'claude-sonnet-5' }));
    await eventsOf(open(server.url), request({ responseSchema: parameters }));
    expect((await server.request(0)).body).toMatchObject({
      request: {
        tools: [{ functionDeclarations: [{ name: 'list_files', description: 'x', parameters: wanted }] }],
      },
    });
    expect((await server.request(1)).body).toMatchObject({
      request: { generationConfig: { responseJsonSchema: wanted } },
    });
  });

  it('is nothing without the user’s consent', async () => {
    const server = await serve(stream(codeAssistStream));
    const events = await eventsOf(open(server.url, false), request());
    expect(events).toMatchObject([{ type: 'error', error: { kind: 'unsupported' } }]);
    expect(JSON.stringify(events)).toContain('Gemini API key');
    expect(server.requests).toEqual([]);
  });

  it('asks for the project once where the account does not name it', async () => {
    const server = await serve(
      (_request, response) =>
        sendJson(response, 200, { currentTier: { id: 'g1' }, cloudaicompanionProject: 'found-1' }),
      stream(codeAssistStream),
    );
    const port = open(server.url);
    const nameless = request({ credential: account('google-antigravity') });
    await eventsOf(port, nameless);
    await eventsOf(port, nameless);
    expect(server.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      '/v1internal:loadCodeAssist',
      '/v1internal:streamGenerateContent',
      '/v1internal:streamGenerateContent',
    ]);
    expect((await server.request(1)).body).toMatchObject({ project: 'found-1' });
  });

  it('is told of a breach of terms once, which turns it off', async () => {
    let consented = true;
    const server = await serve((_request, response) =>
      sendJson(response, 403, {
        error: { code: 403, status: 'PERMISSION_DENIED', message: 'Violation of the Terms of Service.' },
      }),
    );
    const port = createAntigravityModel({
      endpoint: server.url,
      fetch: createHttpFetch(),
      consented: () => consented,
      onTermsBreached: () => (consented = false),
    });
    expect(await eventsOf(port, request())).toMatchObject([
      { type: 'error', error: { kind: 'not_entitled', disablesProvider: true } },
    ]);
    expect(await eventsOf(port, request())).toMatchObject([{ error: { kind: 'unsupported' } }]);
    expect(server.requests).toHaveLength(1);
  });
});
