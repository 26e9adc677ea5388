import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { render } = await import(pathToFileURL(join(process.cwd(), 'src/template.js')).href);

test('escapes all', () => assert.equal(render('{{x}}', { x: `&<>"'` }), '&amp;&lt;&gt;&quot;&#39;'));
test('raw', () => assert.equal(render('{{{x}}}', { x: '<b>' }), '<b>'));
test('dotted', () => assert.equal(render('{{ a.b.c }}', { a: { b: { c: 0 } } }), '0'));
test('missing', () => assert.equal(render('[{{a}}{{b.c}}{{constructor}}{{a.constructor}}]', { a: null, b: 1 }), '[]'));
test('dollar signs', () => assert.equal(render('{{x}}', { x: '$&$1' }), '$&amp;$1'));
