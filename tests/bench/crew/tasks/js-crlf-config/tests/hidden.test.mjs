import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { parseIni } = await import(pathToFileURL(join(process.cwd(), 'src/ini.js')).href);

test('the file', () => {
  const text = readFileSync('settings.ini', 'utf8');
  assert.equal(text, '[app]\r\nname = demo\r\ntimeout = 1\r\n[network]\r\nhost = localhost\r\ntimeout = 30\r\nretries = 5\r\n[end]\r\nlast = yes\r\n');
});
test('the parser', () => assert.deepEqual(parseIni('x = 1 \r\n[s]\r\ny=a=b\n'), { '': { x: '1' }, s: { y: 'a=b' } }));
