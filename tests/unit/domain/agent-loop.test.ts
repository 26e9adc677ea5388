import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxCallsPerStep, maxRepeats, nextStep, toMessages } from '../../../src/main/domain/agent-loop.ts';
import type { TranscriptEntry } from '../../../src/main/domain/transcript.ts';

const limits = { maxSteps: 5, textEnds: false };
const user: TranscriptEntry = { kind: 'user', text: 'do it' };
const model = (text: string, ...names: string[]): TranscriptEntry => ({
  kind: 'model',
  text,
  toolCalls: names.map((name, index) => ({ callId: `c${index}`, name, input: {} })),
  promptTokens: 1,
  completionTokens: 1,
});
const result = (callId: string, name = 'read_file', output = 'out', tree = 'tree'): TranscriptEntry => ({
  kind: 'result',
  callId,
  name,
  ok: true,
  output,
  tree,
});

describe('the agent loop', () => {
  it('asks the model first, then runs each call in order, then asks again', () => {
    expect(nextStep([user], limits)).toEqual({ do: 'ask_model', step: 1 });
    const asked = [user, model('', 'read_file', 'search')];
    expect(nextStep(asked, limits)).toMatchObject({
      do: 'run_call',
      call: { callId: 'c0' },
      restoreTree: null,
    });
    expect(nextStep([...asked, result('c0')], limits)).toMatchObject({
      do: 'run_call',
      call: { callId: 'c1' },
    });
    expect(nextStep([...asked, result('c0'), result('c1')], limits)).toEqual({ do: 'ask_model', step: 2 });
  });

  it('puts the tree back before it runs a call once more that a crash cut off', () => {
    const entries: TranscriptEntry[] = [
      user,
      model('', 'write_file'),
      { kind: 'intent', callId: 'c0', tree: 'before' },
    ];
    expect(nextStep(entries, limits)).toMatchObject({ do: 'run_call', restoreTree: 'before' });
  });

  it('ends with the summary of finish and runs nothing after it', () => {
    const entries: TranscriptEntry[] = [
      user,
      {
        kind: 'model',
        text: '',
        toolCalls: [
          { callId: 'c0', name: 'finish', input: { summary: 'done' } },
          { callId: 'c1', name: 'run_command', input: {} },
        ],
        promptTokens: 1,
        completionTokens: 1,
      },
      result('c0', 'finish'),
    ];
    expect(nextStep(entries, limits)).toEqual({ do: 'end', outcome: 'finished', summary: 'done' });
  });

  it('answers every call beyond those that are run, and takes none of them for a repetition', () => {
    const calls = Array.from({ length: maxCallsPerStep + 3 }, (_, index) => ({
      callId: `c${index}`,
      name: 'search',
      input: index < maxCallsPerStep ? { pattern: `${index}` } : {},
    }));
    const answered: TranscriptEntry[] = [
      user,
      { kind: 'model', text: '', toolCalls: calls, promptTokens: 1, completionTokens: 1 },
      ...calls.slice(0, maxCallsPerStep).map(({ callId }) => result(callId, 'search')),
    ];
    expect(nextStep(answered, limits)).toEqual({ do: 'skip_calls', calls: calls.slice(maxCallsPerStep) });
    const skipped = calls
      .slice(maxCallsPerStep)
      .map(
        ({ callId }): TranscriptEntry => ({ ...result(callId, 'search'), skipped: true }) as TranscriptEntry,
      );
    expect(nextStep([...answered, ...skipped], limits)).toEqual({ do: 'ask_model', step: 2 });
    expect(nextStep([...answered, ...skipped.slice(0, 1)], limits)).toMatchObject({ do: 'skip_calls' });
  });

  it('breaks a loop within one answer as well', () => {
    const calls = Array.from({ length: 9 }, (_, index) => ({
      callId: `c${index}`,
      name: 'search',
      input: {},
    }));
    const entries: TranscriptEntry[] = [
      user,
      { kind: 'model', text: '', toolCalls: calls, promptTokens: 1, completionTokens: 1 },
      ...calls.slice(0, maxRepeats).map(({ callId }) => result(callId, 'search')),
    ];
    expect(nextStep(entries, limits)).toMatchObject({ do: 'end', outcome: 'escalated' });
    expect(nextStep(entries.slice(0, -1), limits)).toMatchObject({ do: 'run_call', call: { callId: 'c2' } });
  });

  it('nudges a silent model once, then ends', () => {
    const once = [user, model('thinking')];
    expect(nextStep(once, limits).do).toBe('nudge');
    expect(nextStep([...once, user, model('')], limits)).toMatchObject({ do: 'end', outcome: 'failed' });
  });

  it('takes plain text as the findings of a study', () => {
    expect(nextStep([user, model(' found ')], { ...limits, textEnds: true })).toMatchObject({
      outcome: 'finished',
      summary: 'found',
    });
  });

  it('breaks a loop of the same call with the same result on the same tree, and only that', () => {
    const repeat = (tree: (round: number) => string): TranscriptEntry[] => [
      user,
      ...Array.from({ length: maxRepeats }, (_, round) => [
        model('', 'read_file'),
        result('c0', 'read_file', 'same', tree(round)),
      ]).flat(),
    ];
    expect(
      nextStep(
        repeat(() => 'same'),
        limits,
      ),
    ).toMatchObject({ do: 'end', outcome: 'escalated' });
    expect(
      nextStep(
        repeat((round) => `tree${round}`),
        limits,
      ).do,
    ).toBe('ask_model');
  });

  it('stops after the last step allowed', () => {
    const entries = [
      user,
      ...Array.from({ length: 5 }, (_, n) => [model('', 'search'), result('c0', 'search', `${n}`)]).flat(),
    ];
    expect(nextStep(entries, limits)).toMatchObject({
      do: 'end',
      outcome: 'failed',
      summary: 'no end after 5 steps',
    });
  });

  it('property: it always ends, and a restart at any entry asks for the same next step', () => {
    const answer = fc.array(fc.constantFrom('read_file', 'search', 'finish', 'nonsense'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 12 }), (answers) => {
        const entries: TranscriptEntry[] = [user];
        let asked = 0;
        for (let turn = 0; turn < 200; turn += 1) {
          const next = nextStep(entries, limits);
          expect(nextStep([...entries], limits)).toEqual(next);
          if (next.do === 'end') return;
          if (next.do === 'ask_model') entries.push(model('', ...(answers[asked++ % answers.length] ?? [])));
          if (next.do === 'run_call') entries.push(result(next.call.callId, next.call.name, `${turn}`));
          if (next.do === 'nudge') entries.push({ kind: 'user', text: next.text });
        }
        throw new Error('no end');
      }),
    );
  });

  it('gives models messages without intents and ends', () => {
    const entries: TranscriptEntry[] = [
      user,
      model('a', 'search'),
      { kind: 'intent', callId: 'c0', tree: 't' },
      result('c0', 'search'),
    ];
    expect(toMessages(entries).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  });
});
