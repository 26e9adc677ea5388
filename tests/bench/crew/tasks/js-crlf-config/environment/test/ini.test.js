import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseIni } from '../src/ini.js';

test('values are clean', () => assert.equal(parseIni('a = 1\r\n[b]\r\nc = 2\r\n').b.c, '2'));
test('the settings', () => assert.equal(parseIni(readFileSync('settings.ini', 'utf8')).network.timeout, '30'));
