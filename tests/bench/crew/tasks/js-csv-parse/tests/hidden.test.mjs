import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { parseCsv } = await import(pathToFileURL(join(process.cwd(), 'src/csv.js')).href);

test('line ends', () => assert.deepEqual(parseCsv('a,b\r\nc,d\r\n'), [['a', 'b'], ['c', 'd']]));
test('quotes', () => assert.deepEqual(parseCsv('"x ""y""","l1\nl2"\nz,'), [['x "y"', 'l1\nl2'], ['z', '']]));
test('empty', () => assert.deepEqual(parseCsv(''), []));
test('empty line inside', () => assert.deepEqual(parseCsv('a\n\nb'), [['a'], [''], ['b']]));
test('unclosed', () => assert.throws(() => parseCsv('a\n"b\nc"\nd,"e\nf'), /unclosed quote on line 4/));
