import { describe, expect, it } from 'vitest';
import { createStubEngine } from './stub-engine.ts';

const signal = new AbortController().signal;

describe('invoke', () => {
  it.each(['jobs.fly', '', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'answers not_found to an operation called %j',
    async (name) => {
      const { invoke, calls } = createStubEngine();
      expect(await invoke(name, {}, signal)).toMatchObject({ ok: false, error: { code: 'not_found' } });
      expect(calls).toEqual([]);
    },
  );

  it('names each field that does not validate, and where it travels', async () => {
    const { invoke, calls } = createStubEngine();
    const result = await invoke(
      'jobs.create',
      { goal: 7, base_branch: '', idempotency_key: 4, mode: 'x' },
      signal,
    );
    expect(result).toEqual({
      ok: false,
      error: {
        code: 'invalid_input',
        message: expect.stringContaining('goal: ') as string,
        fields: [
          { loc: ['body', 'goal'], msg: expect.any(String) as string, type: 'string_type' },
          { loc: ['body', 'repo'], msg: 'Field required', type: 'missing' },
          { loc: ['body', 'base_branch'], msg: expect.any(String) as string, type: 'string_too_short' },
          { loc: ['header', 'idempotency_key'], msg: expect.any(String) as string, type: 'string_type' },
          { loc: ['body', 'mode'], msg: expect.any(String) as string, type: 'enum' },
        ],
      },
    });
    expect(calls).toEqual([]);
  });

  it.each([
    ['jobs.get', { job_id: '' }, ['path', 'job_id']],
    ['jobs.list', { limit: 0 }, ['query', 'limit']],
    ['jobs.list', 'text', ['query']],
    ['jobs.create', [], ['body']],
  ])('places a mistake in %s %j', async (name, input, loc) => {
    const result = await createStubEngine().invoke(name, input, signal);
    expect(result).toMatchObject({ error: { fields: [{ loc }] } });
  });

  it('never repeats what was sent', async () => {
    const secret = 'ghp_0123456789abcdef0123456789abcdef0123';
    const result = await createStubEngine().invoke(
      'jobs.create',
      { goal: 'g', repo: 'r', mode: secret },
      signal,
    );
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it('takes no input as an empty one', async () => {
    expect(await createStubEngine().invoke('settings.get', undefined, signal)).toMatchObject({ ok: true });
  });

  it('fills in defaults and drops what the contract does not know', async () => {
    const { invoke, calls } = createStubEngine();
    const input: unknown = JSON.parse('{"goal":"g","repo":"r","__proto__":{"priority":9},"extra":1}');
    expect(await invoke('jobs.create', input, signal)).toMatchObject({ ok: true });
    expect(calls[0]?.input).toEqual({
      goal: 'g',
      repo: 'r',
      base_branch: 'main',
      priority: 0,
      specialists: 'all',
    });
  });

  it('turns a defect into an internal error that the log explains', async () => {
    const { invoke, behave, logged } = createStubEngine();
    behave(() => {
      throw new Error('wires crossed in /home/me/secret.ts');
    });
    const result = await invoke('jobs.list', {}, signal);
    expect(result).toMatchObject({ ok: false, error: { code: 'internal', correlation_id: 'correlation-1' } });
    expect(JSON.stringify(result)).not.toContain('secret.ts');
    expect(logged).toHaveLength(1);
    expect(logged[0]?.fields).toMatchObject({ operation: 'jobs.list', correlation_id: 'correlation-1' });
    expect(logged[0]?.fields['error']).toContain('wires crossed');
  });

  it('holds handlers to their output where asked to', async () => {
    const { invoke, behave } = createStubEngine();
    behave(() => ({ ok: true, value: { jobs: 'many' } }));
    expect(await invoke('jobs.list', {}, signal)).toMatchObject({ error: { code: 'internal' } });
  });
});
