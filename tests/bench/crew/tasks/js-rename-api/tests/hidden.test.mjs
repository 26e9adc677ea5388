import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const load = (path) => import(pathToFileURL(join(process.cwd(), path)).href);

test('renamed', async () => {
  const users = await load('src/users.js');
  assert.equal(users.findUser(1).name, 'Mina');
  assert.equal('getUser' in users, false);
  assert.equal((await load('src/greet.js')).greet(1), 'Hello Mina');
  assert.deepEqual((await load('src/report.js')).names([2]), ['Jun']);
});
for (const path of ['README.md', 'src/users.js', 'src/greet.js', 'src/report.js', 'test/users.test.js'])
  test(`no old name in ${path}`, () => assert.doesNotMatch(readFileSync(path, 'utf8'), /getUser/));
