import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../src/greet.js';
import { names } from '../src/report.js';
import { getUser } from '../src/users.js';

test('finds', () => assert.equal(getUser(2).name, 'Jun'));
test('greets', () => assert.equal(greet(9), 'Hello stranger'));
test('names', () => assert.deepEqual(names([1, 7, 2]), ['Mina', 'Jun']));
