import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNames, operations } from '../../../src/shared/operations.ts';
import { raw } from './raw.ts';
import { startStubServer, type StubServer } from './stub-server.ts';

interface OpenApiOperation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: { properties: Record<string, unknown> } }> };
  responses: Record<string, { content: Record<string, { schema: unknown }> }>;
}
interface OpenApi {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, OpenApiOperation>>;
}

let server: StubServer;
let document: OpenApi;
beforeAll(async () => {
  server = await startStubServer();
  document = (await raw(server.port, '/openapi.json')).json as OpenApi;
});
afterAll(() => server[Symbol.asyncDispose]());

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 with one entry for each route and nothing else', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe('9.9');
    const listed = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((op) => op.operationId),
    );
    expect(listed.sort()).toEqual([...operationNames, 'events', 'jobs.events'].sort());
  });

  it.each(operationNames)('describes %s', (name) => {
    const { method, path, headers } = operations[name].http;
    const described = document.paths[path]?.[method.toLowerCase()];
    expect(described).toMatchObject({ operationId: name, summary: operations[name].summary });
    const parameters = described?.parameters ?? [];
    for (const [, field] of path.matchAll(/\{(\w+)\}/g))
      expect(parameters).toContainEqual(expect.objectContaining({ name: field, in: 'path', required: true }));
    for (const header of Object.keys(headers ?? {}))
      expect(parameters).toContainEqual(expect.objectContaining({ name: header, in: 'header' }));
    expect(described?.responses['200']?.content['application/json']?.schema).toBeTruthy();
    expect(Object.keys(described?.responses ?? {})).toEqual(expect.arrayContaining(['401', '422', '500']));
  });

  it('says of a job what it takes and what it may leave out', () => {
    const body = document.paths['/jobs']?.['post']?.requestBody?.content['application/json']?.schema;
    expect(body).toMatchObject({
      required: ['goal', 'repo'],
      properties: { base_branch: { default: 'main' } },
    });
    expect(body?.properties).not.toHaveProperty('idempotency_key');
  });

  it('refers to nothing that is not in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    for (const path of references) {
      const target = path
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document);
      expect(target, path).toBeTruthy();
    }
  });
});

describe('/docs', () => {
  it('is a page of this server with a policy that lets in no other', async () => {
    const moved = await raw(server.port, '/docs', { headers: {} });
    expect([moved.status, moved.headers.location]).toEqual([301, '/docs/']);
    const page = await raw(server.port, '/docs/', { headers: {} });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).not.toMatch(/(?:src|href)="https?:/);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]{44}';/);
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);
  });
});
