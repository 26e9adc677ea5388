import { describe, expect, it } from 'vitest';
import { addTallies, closingLines, playwrightTally, vitestTally } from '../../../scripts/lib/summary.mjs';

const vitestReport = {
  testResults: [
    {
      name: 'a.test.ts',
      status: 'failed',
      assertionResults: [
        { ancestorTitles: ['store'], title: 'keeps order', status: 'passed' },
        { ancestorTitles: ['store'], title: 'survives', status: 'failed' },
        { ancestorTitles: ['sandbox [skipped: no Docker engine]'], title: 'runs', status: 'skipped' },
        { ancestorTitles: [], title: 'later', status: 'todo' },
      ],
    },
    { name: 'broken.test.ts', status: 'failed', assertionResults: [] },
  ],
};

const playwrightReport = {
  suites: [
    {
      title: 'desktop.spec.ts',
      specs: [
        { title: 'shows', tests: [{ status: 'expected' }] },
        { title: 'fails', tests: [{ status: 'unexpected' }] },
        {
          title: 'rests',
          tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'no display' }] }],
        },
      ],
      suites: [{ title: 'inner', specs: [{ title: 'deep', tests: [{ status: 'expected' }] }] }],
    },
  ],
  errors: [{ message: 'SyntaxError: x\n  at y' }],
};

describe('the counts from vitest', () => {
  it('counts a file that could not be loaded as one failure', () => {
    const tally = vitestTally(vitestReport);
    expect(tally).toMatchObject({ passed: 1, failed: 2, failures: ['store › survives', 'broken.test.ts'] });
  });

  it('takes the reason of a skip out of the title', () => {
    expect(vitestTally(vitestReport).skipped).toEqual([
      { name: 'sandbox › runs', reason: 'no Docker engine' },
      { name: 'later', reason: 'marked as skipped' },
    ]);
  });
});

describe('the counts from Playwright', () => {
  it('goes through nested suites and errors outside tests', () => {
    const tally = playwrightTally(playwrightReport);
    expect(tally).toMatchObject({ passed: 2, failed: 2 });
    expect(tally.skipped).toEqual([{ name: 'desktop.spec.ts › rests', reason: 'no display' }]);
  });
});

it('closes with one plain line over both', () => {
  const total = addTallies([vitestTally(vitestReport), playwrightTally(playwrightReport)]);
  const lines = closingLines(total);
  expect(lines.at(-1)).toBe('3 passed, 4 failed, 3 skipped');
  expect(lines[0]).toBe('skipped sandbox › runs: no Docker engine');
});
