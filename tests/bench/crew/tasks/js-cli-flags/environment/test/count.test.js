import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

test('lines', () => assert.match(execFileSync(process.execPath, ['bin/count.js', 'package.json'], { encoding: 'utf8' }), /package.json 1/));
