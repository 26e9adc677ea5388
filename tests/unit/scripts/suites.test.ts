import { describe, expect, it } from 'vitest';
import { neededParts, parseTestArgs, selectTests } from '../../../scripts/lib/suites.mjs';

describe('the arguments of npm test', () => {
  it('takes every suite when none is named', () => {
    expect(parseTestArgs([]).suites).toEqual(['unit', 'contract', 'integration', 'e2e']);
  });

  it('tells suites, words and the pattern apart', () => {
    expect(parseTestArgs(['integration', 'store', '-t', 'keeps order'])).toEqual({
      suites: ['integration'],
      words: ['store'],
      pattern: 'keeps order',
    });
  });
});

describe('the choice of test files', () => {
  const files = [
    'tests/unit/domain/plan.test.ts',
    'tests/integration/store/jobs.test.ts',
    'tests/integration/docker/sandbox.test.ts',
    'tests/e2e/desktop.spec.ts',
    'tests/support/parts.ts',
  ];

  it('keeps to the suites and the words', () => {
    expect(selectTests(files, { suites: ['integration'], words: ['store'] })).toEqual([
      'tests/integration/store/jobs.test.ts',
    ]);
  });

  it('leaves out what is not a test', () => {
    expect(
      selectTests(files, { suites: ['unit', 'contract', 'integration', 'e2e'], words: [] }),
    ).toHaveLength(4);
  });
});

describe('the parts that tests ask for', () => {
  it.each([
    ["describeWithDocker('sandbox', () => {})", ['docker']],
    ["describeWithRegistry('pull', () => {})", ['registry']],
    ["needs('build', 'chromium')", ['chromium', 'build']],
    ["describeWithElectron('window', () => {})", ['session', 'electron', 'display', 'build']],
    ["it('mentions docker in words only', () => {})", []],
  ])('%s', (source, parts) => {
    expect([...neededParts([source])].sort()).toEqual([...parts].sort());
  });
});
