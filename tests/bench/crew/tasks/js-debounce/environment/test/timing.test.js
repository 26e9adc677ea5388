import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../src/timing.js';

test('pauses', async () => assert.equal(await pause(1), undefined));
