import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../src/template.js';

test('fills', () => assert.equal(render('Hi {{name}}', { name: 'Mina' }), 'Hi Mina'));
test('escapes', () => assert.equal(render('{{x}}', { x: '<b>' }), '&lt;b&gt;'));
