import { describe, expect, it } from 'vitest';
import { addTallies, closingLines, playwrightTally, vitestTally } from '../../../scripts/lib/summary.mjs';

const vitestReport = {
  testResults: [
    {
      name: 'a.test.ts',
      status: 'failed',
      assertionResults: [
        { ancestorTitles: ['store'], title: 'keeps order', status: 'passed' },
        {
          ancestorTitles: ['store'],
          title: 'survives',
          status: 'failed',
        },
        { ancestorTitles: ['sandbox [skipped: no Docker engine]'], title: 'runs', status: 'skipped' },
        { ancestorTitles: [], title: 'later', status: 'todo' },
      ],
    },
    { name: 'broken.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
  ],
};

const reasons = {
  byTest: { 'a.test.ts\nstore > survives': 'Error: expected 1 to be 2\n    at store.test.ts:7:1' },
  unhandled: [],
};

const playwrightReport = {
  suites: [
    {
      title: 'desktop.spec.ts',
      specs: [
        { title: 'shows', tests: [{ status: 'expected' }] },
        {
          title: 'fails',
          tests: [
            {
              status: 'unexpected',
              results: [
                {
                  errors: [
                    {
                      message: '\u001b[31mnot focused\u001b[39m\n\n  call log',
                      location: { file: 'a.ts', line: 3 },
                    },
                  ],
                },
              ],
            },
          ],
        },
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
    const tally = vitestTally(vitestReport, reasons);
    expect(tally).toMatchObject({
      passed: 1,
      failed: 2,
      failures: [{ name: 'store › survives' }, { name: 'broken.test.ts', reason: 'no such module' }],
    });
  });

  it('counts an error outside any test', () => {
    const tally = vitestTally({ testResults: [] }, { byTest: {}, unhandled: ['Error: late\n    at x'] });
    expect(tally).toMatchObject({ failed: 1, failures: [{ name: 'outside any test' }] });
  });

  it('takes the reason of a skip out of the title', () => {
    expect(vitestTally(vitestReport, reasons).skipped).toEqual([
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
  const total = addTallies([vitestTally(vitestReport, reasons), playwrightTally(playwrightReport)]);
  const lines = closingLines(total);
  expect(lines.at(-1)).toBe('3 passed, 4 failed, 3 skipped');
  expect(lines[0]).toBe('skipped sandbox › runs: no Docker engine');
  expect(lines.slice(3, -1)).toEqual([
    'FAILED store › survives',
    '    Error: expected 1 to be 2',
    '        at store.test.ts:7:1',
    'FAILED broken.test.ts',
    '    no such module',
    'FAILED desktop.spec.ts › fails',
    '    at a.ts:3',
    '    not focused',
    '      call log',
    'FAILED outside any test',
    '    SyntaxError: x',
    '      at y',
  ]);
});

it('tells the reasons of many failures in as many lines as a cut log keeps', () => {
  const reason = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
  const tally = (count: number) => ({
    passed: 0,
    failed: count,
    skipped: [],
    failures: Array.from({ length: count }, (_, index) => ({ name: `test ${index}`, reason })),
  });
  expect(closingLines(tally(1))).toHaveLength(1 + 15 + 1);
  expect(closingLines(tally(5)).length).toBeLessThanOrEqual(60);
  expect(closingLines(tally(100))).toHaveLength(100 * 3 + 1);
});
