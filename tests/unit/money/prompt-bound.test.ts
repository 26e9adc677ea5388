import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPromptMemory } from '../../../src/main/app/models/prompt-memory.ts';
import { imageTokens, promptBound, type PromptParts } from '../../../src/main/domain/prompt-bound.ts';
import type { ModelMessage } from '../../../src/main/domain/model-messages.ts';

const prompt = (messages: ModelMessage[], some: Partial<PromptParts> = {}): PromptParts => ({
  system: 'You are the backend of a crew.',
  messages,
  tools: [],
  ...some,
});
const user = (text: string): ModelMessage => ({ role: 'user', text });
const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Any UTF-16 units, halves of pairs among them. */
const anyText = fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units));

describe('the bound of a prompt', () => {
  it('is never below its bytes, which no tokenizer exceeds, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), fc.string(), (texts, system) => {
        const bound = promptBound(prompt(texts.map(user), { system }));
        expect(bound).toBeGreaterThanOrEqual(bytes(texts.join('')) + bytes(system));
      }),
    );
  });

  it('counts tools, schemas and pictures', () => {
    const plain = promptBound(prompt([user('hello')]));
    const spec = { name: 'search', description: 'Finds text', parameters: { type: 'object' } };
    expect(promptBound(prompt([user('hello')], { tools: [spec] }))).toBeGreaterThan(
      plain + JSON.stringify(spec).length,
    );
    expect(promptBound(prompt([user('hello')], { responseSchema: { type: 'object' } }))).toBeGreaterThan(
      plain,
    );
    const image = { mediaType: 'image/png' as const, base64: 'A'.repeat(1_000_000) };
    const withImage = promptBound(prompt([{ role: 'user', text: 'hello', images: [image] }]));
    // A picture has the tokens of a picture, not of its letters.
    expect(withImage - plain).toBe(imageTokens);
  });

  it('counts calls, results and what a provider wants to see again', () => {
    const replay = { provider: 'openai', model: 'm', data: 'x'.repeat(5000) };
    const answer: ModelMessage = { role: 'assistant', text: '', toolCalls: [], replay };
    const result: ModelMessage = { role: 'tool', callId: 'a', name: 'n', output: '1'.repeat(700) };
    expect(promptBound(prompt([answer, result]))).toBeGreaterThan(5700);
  });
});

describe('a conversation that goes on', () => {
  const who = { jobId: 'j', agent: 'task:t1', model: 'openai:default/m' };
  const first = prompt([user('a'.repeat(8000))]);
  const more: ModelMessage[] = [
    { role: 'assistant', text: 'reading', toolCalls: [{ callId: 'c', name: 'read_file', input: {} }] },
    { role: 'tool', callId: 'c', name: 'read_file', output: 'ok' },
  ];
  const next = prompt([...first.messages, ...more]);

  it('is bound by what the provider has counted and the bytes of the rest', () => {
    const memory = createPromptMemory();
    expect(memory.bound(who, next)).toBeGreaterThan(8000);
    memory.counted(who, first, 2000);
    const bound = memory.bound(who, next);
    expect(bound).toBeGreaterThan(2000);
    expect(bound).toBeLessThan(2400);
  });

  it('is bound by its bytes again when anything before has changed', () => {
    const memory = createPromptMemory();
    memory.counted(who, first, 2000);
    const whole = promptBound(next);
    expect(memory.bound(who, prompt([user('b'), ...more]))).toBeLessThan(whole);
    expect(memory.bound(who, { ...next, system: 'Another role.' })).toBeGreaterThan(8000);
    expect(memory.bound({ ...who, model: 'anthropic:default/m' }, next)).toBe(whole);
    expect(memory.bound({ ...who, agent: 'fix:1' }, next)).toBe(whole);
    const tool = { name: 't', description: '', parameters: {} };
    expect(memory.bound(who, { ...next, tools: [tool] })).toBeGreaterThan(8000);
  });

  it('does not believe a count that leaves out what was cached', () => {
    const memory = createPromptMemory();
    memory.counted(who, first, 0);
    expect(memory.bound(who, next)).toBe(promptBound(next));
  });
});
