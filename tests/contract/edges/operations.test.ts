import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from '../../../src/main/api/http/client/index.ts';
import { createHttpServer, type HttpServer } from '../../../src/main/api/http/server.ts';
import type { AppError, ErrorCode } from '../../../src/shared/errors.ts';
import { operationNames, operations, type InputOf } from '../../../src/shared/operations.ts';
import { createIpcPair, type IpcPair } from './ipc-pair.ts';
import { samples } from './samples.ts';
import { createStubEngine } from './stub-engine.ts';

const engine = createStubEngine();
let server: HttpServer;
let http: HttpClient;
let ipc: IpcPair;

beforeAll(async () => {
  server = await createHttpServer({ ...engine, version: '0', token: 'a-token', webRoot: null });
  const listening = await server.listen({ host: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.error.message);
  http = createHttpClient({ url: listening.value.url, token: 'a-token' });
  ipc = createIpcPair(engine);
});
afterAll(async () => {
  ipc.close();
  await server.close();
});

const lastInput = (): unknown => engine.calls.at(-1)?.input;

describe.each(operationNames)('%s over HTTP and IPC', (name) => {
  const { input, output } = samples[name];

  it('reaches its handler with the same input and returns the same output', async () => {
    engine.behave(() => null);
    const parsed = operations[name].input.parse(input);
    expect(await http.call(name, input as InputOf<typeof name>)).toEqual({ ok: true, value: output });
    expect(lastInput()).toEqual(parsed);
    expect(await ipc.call(name, input)).toEqual({ ok: true, value: output });
    expect(lastInput()).toEqual(parsed);
  });

  const codes: ErrorCode[] = [...operations[name].errors, 'limit_exceeded', 'unavailable', 'forbidden'];
  it.each([...new Set(codes)])('returns the same %s', async (code) => {
    const error: AppError = { code, message: `no: ${code}` };
    engine.behave(() => ({ ok: false, error }));
    expect(await http.call(name, input as InputOf<typeof name>)).toEqual({ ok: false, error });
    expect(await ipc.call(name, input)).toEqual({ ok: false, error });
  });

  it('returns the same internal error with its id', async () => {
    engine.behave(() => {
      throw new Error('a defect');
    });
    const overHttp = await http.call(name, input);
    expect(overHttp).toMatchObject({ error: { code: 'internal', correlation_id: 'correlation-1' } });
    expect(await ipc.call(name, input)).toEqual(overHttp);
  });
});

describe('input that does not validate', () => {
  it.each([
    ['jobs.create', { goal: '  ', repo: '' }],
    ['jobs.answer', { job_id: 'j', escalation_id: '', answer: '' }],
    ['jobs.list', { limit: 5000 }],
    ['llm.models', { provider: 'nobody' }],
    ['settings.update', {}],
  ] as const)('is the same error for %s on both edges', async (name, input) => {
    const overHttp = await http.call(name, input as unknown as InputOf<typeof name>);
    expect(overHttp).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect(await ipc.call(name, input)).toEqual(overHttp);
  });
});
