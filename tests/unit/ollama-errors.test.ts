import { describe, expect, it } from 'vitest';
import { networkError, retryAfterOf } from '../../src/main/infra/llm/http-errors.ts';
import { errorTextOf, statusError, streamError } from '../../src/main/infra/llm/ollama-errors.ts';

const server = 'http://127.0.0.1:11434';
const kindOf = (status: number, message: string) =>
  statusError({ status, message, retryAfterMs: 7 }, 'llama3.1:8b', server).kind;

describe('errors of Ollama', () => {
  it.each([
    [404, "model 'llama3.1:8b' not found", 'model_not_found'],
    [404, 'page not found', 'bad_response'],
    [400, 'registry.ollama.ai/library/gemma does not support tools', 'unsupported'],
    [400, 'the input length exceeds the context length', 'context_too_long'],
    [
      400,
      '{"code":400,"message":"request (9000 tokens) exceeds the available context size"}',
      'context_too_long',
    ],
    [400, 'invalid options', 'bad_response'],
    [401, 'unauthorized', 'auth_invalid'],
    [402, 'payment required', 'quota_exhausted'],
    [403, '', 'not_entitled'],
    [408, '', 'network'],
    [429, 'slow down', 'rate_limited'],
    [500, 'model requires more system memory (63.6 GiB) than is available (18.9 GiB)', 'unsupported'],
    [500, 'llama runner process has terminated', 'overloaded'],
    [503, 'server busy, please try again.  maximum pending requests exceeded', 'overloaded'],
    [502, '', 'overloaded'],
    [529, '', 'overloaded'],
  ])('%i %s is %s', (status, message, kind) => {
    expect(kindOf(status, message)).toBe(kind);
  });

  it('tells what to do', () => {
    const error = statusError(
      { status: 404, message: "model 'x' not found", retryAfterMs: null },
      'x',
      server,
    );
    expect(error.message).toContain('ollama pull x');
  });

  it('keeps the wait that the server asks for', () => {
    const busy = { status: 503, message: 'server busy', retryAfterMs: 4000 };
    expect(statusError(busy, 'x', server)).toMatchObject({ retryAfterMs: 4000 });
    expect(statusError({ ...busy, status: 429, message: '' }, 'x', server)).toMatchObject({
      retryAfterMs: 4000,
    });
  });

  it('understands an error line in a stream', () => {
    expect(streamError('model "x" not found, try pulling it first', 'x').kind).toBe('model_not_found');
    expect(streamError('something broke', 'x').kind).toBe('bad_response');
  });

  it('takes the words out of any body', () => {
    expect(errorTextOf('{"error":"no\\n such"}')).toBe('no such');
    expect(errorTextOf('{"error":{"message":"deep"}}')).toBe('deep');
    expect(errorTextOf('<html>…</html>')).toBe('');
    expect(errorTextOf('plain')).toBe('plain');
    expect(errorTextOf('x'.repeat(5000)).length).toBe(300);
  });
});

describe('retry-after', () => {
  const headers = (entries: Record<string, string>) => new Headers(entries);
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after-ms': '250', 'retry-after': '3' }, 250],
    [{ 'retry-after': 'Sun, 22 Nov 2026 00:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-1' }, null],
    [{}, null],
  ])('%j is %j ms', (entries, ms) => {
    expect(retryAfterOf(headers(entries as Record<string, string>), Date.UTC(2026, 10, 22))).toBe(ms);
  });
});

describe('errors of the network', () => {
  const coded = (code: string) => Object.assign(new Error('low level'), { code });
  it('finds the code under causes and in a bundle of attempts', () => {
    const refused = new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) });
    const error = networkError(refused, 'Ollama at x', 'Start Ollama.');
    expect(error).toEqual({
      kind: 'network',
      reached: false,
      message: 'Cannot reach Ollama at x: nothing listens there. Start Ollama.',
    });
  });

  it('tells a timeout from an unreachable host', () => {
    expect(networkError(coded('UND_ERR_HEADERS_TIMEOUT'), 'x', '').kind).toBe('network');
    expect(networkError('odd', 'x', '').message).toContain('unknown reason');
  });
});
