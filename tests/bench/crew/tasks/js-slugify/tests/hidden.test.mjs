import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { slugify } = await import(pathToFileURL(join(process.cwd(), 'src/slug.js')).href);

test('words', () => assert.equal(slugify('Hello, World!'), 'hello-world'));
test('accents', () => assert.equal(slugify('Crème brûlée'), 'creme-brulee'));
test('hangul', () => assert.equal(slugify('서울 2026 여름'), '서울-2026-여름'));
test('edges', () => assert.equal(slugify('  --a__b--  '), 'a-b'));
test('empty', () => assert.equal(slugify(''), ''));
