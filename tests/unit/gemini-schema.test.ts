import { describe, expect, it } from 'vitest';
import { plainSchema } from '../../src/main/infra/llm/gemini-schema.ts';

describe('a schema for Code Assist', () => {
  it('has none of the keywords that are refused', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: { task: { type: 'object', properties: { id: { type: 'string', examples: ['t1'] } } } },
      properties: {
        tasks: { type: 'array', default: [], items: { $ref: '#/$defs/task' } },
        kind: { anyOf: [{ const: 'a' }, { const: 2, description: 'two' }] },
      },
      required: ['tasks'],
    };
    expect(plainSchema(schema)).toEqual({
      type: 'object',
      properties: {
        tasks: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
        kind: { anyOf: [{ enum: ['a'] }, { enum: [2], description: 'two' }] },
      },
      required: ['tasks'],
    });
  });

  it('keeps properties that are named like keywords, and values that look like schemas', () => {
    const schema = {
      properties: { default: { type: 'string' }, const: { type: 'string' }, $ref: { type: 'string' } },
      required: ['default', 'const'],
      enum: [{ const: 1 }],
    };
    expect(plainSchema(schema)).toEqual(schema);
  });

  it('opens a reference with what stands beside it, by a name with special letters', () => {
    const schema = {
      definitions: { 'a/b~c': { type: 'string', description: 'theirs' } },
      properties: { x: { $ref: '#/definitions/a~1b~0c', description: 'ours' } },
    };
    expect(plainSchema(schema)).toEqual({ properties: { x: { type: 'string', description: 'ours' } } });
  });

  it.each(['#/$defs/none', 'https://elsewhere.test/schema', '#/__proto__/x', '#'])(
    'takes any value where %s leads nowhere',
    (ref) => expect(plainSchema({ properties: { x: { $ref: ref } } })).toEqual({ properties: { x: {} } }),
  );

  it('ends with a schema that refers to itself', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' } } };
    const plain = JSON.stringify(plainSchema({ $defs: { node }, $ref: '#/$defs/node' }));
    expect(plain).not.toContain('$ref');
    expect(plain.length).toBeLessThan(5_000);
  });

  it('ends soon with one that refers to itself many times', () => {
    const properties = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((name) => [name, { $ref: '#/$defs/node' }]),
    );
    const plain = plainSchema({ $defs: { node: { type: 'object', properties } }, $ref: '#/$defs/node' });
    expect(JSON.stringify(plain).length).toBeLessThan(200_000);
  });
});
