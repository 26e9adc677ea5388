import { describe, expect, it } from 'vitest';
import { isStrictSchema } from '../../src/main/infra/llm/strict-schema.ts';

const closed = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const text = { type: 'string' };

describe('OpenAI’s rules for strict', () => {
  it.each([
    ['a closed object', closed({ a: text }), true],
    ['no schema', undefined, true],
    ['a property that may be absent', closed({ a: text, b: text }, ['a']), false],
    ['an open object', { type: 'object', properties: { a: text }, required: ['a'] }, false],
    ['an open object within', closed({ a: { type: 'object' } }), false],
    ['an open object in a list', closed({ a: { type: 'array', items: { type: 'object' } } }), false],
    ['an open object among others', closed({ a: { anyOf: [text, { type: 'object' }] } }), false],
    [
      'an open object that is referred to',
      { ...closed({ a: { $ref: '#/$defs/x' } }), $defs: { x: { type: 'object' } } },
      false,
    ],
    ['a property that is called type', closed({ type: text, properties: text }), true],
    ['one of several', closed({ a: { oneOf: [text] } }), false],
  ])('%s', (_what, schema, strict) => {
    expect(isStrictSchema(schema)).toBe(strict);
  });
});
