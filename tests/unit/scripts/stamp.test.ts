import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  contentHash,
  isCurrent,
  listFiles,
  quickHash,
  readStamp,
  writeStamp,
} from '../../../scripts/lib/stamp.mjs';

let root = '';
const stampFile = (): string => join(root, '.cache', 'stamp.json');
const files = (): string[] => listFiles(root, ['src', 'missing', 'package.json']);
const stampNow = (): void =>
  writeStamp(stampFile(), { quick: quickHash(root, files()), content: contentHash(root, files()) });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stamp-'));
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  writeFileSync(join(root, 'src', 'deep', 'a.ts'), 'one');
  writeFileSync(join(root, 'package.json'), '{}');
  stampNow();
});
afterEach(() => rmSync(root, { recursive: true }));

it('lists files of folders, in order, without the missing', () => {
  expect(files()).toEqual(['package.json', join('src', 'deep', 'a.ts')]);
});

it('holds while nothing changes', () => {
  expect(isCurrent(stampFile(), root, files())).toBe(true);
});

it('survives a touch, and learns the new time', () => {
  const before = readStamp(stampFile());
  utimesSync(join(root, 'package.json'), 1, 1);
  expect(isCurrent(stampFile(), root, files())).toBe(true);
  expect(readStamp(stampFile())?.quick).not.toBe(before?.quick);
});

it('breaks on new content, a new file, and another salt', () => {
  expect(isCurrent(stampFile(), root, files(), 'salt')).toBe(false);
  writeFileSync(join(root, 'src', 'b.ts'), '');
  expect(isCurrent(stampFile(), root, files())).toBe(false);
  stampNow();
  writeFileSync(join(root, 'src', 'b.ts'), 'changed');
  expect(isCurrent(stampFile(), root, files())).toBe(false);
});
