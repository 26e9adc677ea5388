import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'count-'));
const a = join(folder, 'a');
const b = join(folder, 'b');
writeFileSync(a, 'one two\nthree\n');
writeFileSync(b, 'x\n');
const run = (args, input = '') => spawnSync(process.execPath, ['bin/count.js', ...args], { encoding: 'utf8', input });

test('lines', () => assert.equal(run([a]).stdout, `${a} 2\n`));
test('words and total', () => assert.equal(run(['--words', a, b]).stdout, `${a} 3\n${b} 1\ntotal 4\n`));
test('standard input', () => assert.equal(run(['-'], 'a\nb\n').stdout, '- 2\n'));
test('help', () => {
  const got = run(['--help']);
  assert.equal(got.status, 0);
  assert.match(got.stdout, /^usage:/);
});
test('unknown option', () => {
  const got = run(['--nope']);
  assert.equal(got.status, 2);
  assert.equal(got.stderr.trim().split('\n').length, 1);
});
test('missing file', () => {
  const got = run([join(folder, 'none')]);
  assert.equal(got.status, 1);
  assert.equal(got.stderr.trim().split('\n').length, 1);
});
