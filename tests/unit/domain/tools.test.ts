import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaceOnce } from '../../../src/main/domain/edit-text.ts';
import { cutMiddle } from '../../../src/main/domain/cut-text.ts';
import { extractJson } from '../../../src/main/domain/prompts.ts';
import { allTools, parseCall, readOnlyTools, toolSpecs } from '../../../src/main/domain/tools.ts';
import { selectSpecialists } from '../../../src/main/domain/crew-selection.ts';
import { weakenedTests } from '../../../src/main/domain/evidence.ts';

describe('tool calls of a model', () => {
  it('are answered with what was wrong', () => {
    const wrong = (name: string, input: unknown): string => {
      const parsed = parseCall(name, input, readOnlyTools);
      return parsed.ok ? 'ok' : parsed.message;
    };
    expect(wrong('teleport', {})).toBe(`There is no tool "teleport". Tools: ${readOnlyTools.join(', ')}.`);
    expect(wrong('write_file', { path: 'a', content: '' })).toMatch(/^There is no tool "write_file"/);
    expect(wrong('read_file', {})).toMatch(/^The arguments of read_file are wrong: path:/);
    expect(wrong('read_file', 'half {')).toMatch(/arguments:/);
  });

  it('take a name in other case and arguments as a JSON string', () => {
    expect(parseCall('Read_File', '{"path":"a"}', allTools)).toEqual({
      ok: true,
      call: { name: 'read_file', input: { path: 'a' } },
    });
  });

  it('have a JSON Schema of type object each', () => {
    for (const spec of toolSpecs(allTools)) expect(spec.parameters).toMatchObject({ type: 'object' });
  });
});

describe('replaceOnce', () => {
  it('replaces the one place and keeps CRLF', () => {
    expect(replaceOnce('a\nb\n', 'b', 'c')).toEqual({ ok: true, value: 'a\nc\n' });
    expect(replaceOnce('a\r\nb\r\n', 'a\nb', 'x\ny')).toEqual({ ok: true, value: 'x\r\ny\r\n' });
  });

  it('says where else the text is, or what is nearest', () => {
    expect(refusal('a\na\n', 'a')).toContain('2 times (lines 1, 2)');
    expect(replaceOnce('  if (x) {\n', 'if (x) {\n', '')).toMatchObject({ ok: true });
    expect(refusal('\tfoo(\n\t\tbar)', 'foo(\n  bar)')).toContain('white space');
    expect(refusal('abc', 'xyz')).toContain('not found');
  });

  const refusal = (content: string, oldText: string): string => {
    const edited = replaceOnce(content, oldText, '');
    return edited.ok ? 'replaced' : edited.error;
  };

  it('property: dollar signs and patterns in the new text are only text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, text, after) => {
        const marked = `${before}\u0000${after}`.replaceAll('\u0000\u0000', '');
        fc.pre(marked.split('\u0000').length === 2);
        const [head, tail] = marked.split('\u0000');
        expect(replaceOnce(marked, '\u0000', text)).toEqual({ ok: true, value: `${head}${text}${tail}` });
      }),
    );
  });
});

describe('small pure helpers', () => {
  it('cutMiddle keeps head and tail within the limit', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), fc.integer({ min: 100, max: 1000 }), (text, max) => {
        const cut = cutMiddle(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        if (text.length <= max) expect(cut).toBe(text);
      }),
    );
  });

  it('extractJson finds the object bare, fenced or amid words', () => {
    for (const text of ['{"a":1}', 'Here:\n```json\n{"a":1}\n```', 'I think {"a":1} is best'])
      expect(extractJson(text)).toEqual({ a: 1 });
    for (const text of ['', 'no', '<html></html>', '{"a":']) expect(extractJson(text)).toBeNull();
  });

  it('selects the specialists that a goal speaks of', () => {
    expect(selectSpecialists('all', 'x', [])).toHaveLength(7);
    expect(selectSpecialists('auto', 'Fix the login form', ['src/app.tsx'])).toEqual([
      'architect',
      'frontend',
      'backend',
      'qa engineer',
      'security engineer',
    ]);
  });

  it('names test files that lose more than they gain', () => {
    const files = [
      { path: 'test/a.test.js', additions: 1, deletions: 5 },
      { path: 'tests/b.py', additions: 5, deletions: 1 },
      { path: 'src/c.js', additions: 0, deletions: 9 },
      { path: 'test_d.py', additions: 0, deletions: 2 },
    ];
    expect(weakenedTests(files)).toEqual(['test/a.test.js', 'test_d.py']);
  });
});
