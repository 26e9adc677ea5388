import { stripVTControlCharacters } from 'node:util';

/**
 * `reason` is what the runner says of it: message, difference, place.
 * @typedef {{ name: string, reason: string }} Failure
 * @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[], failures: Failure[] }} Tally
 */

/** @returns {Tally} */
export const emptyTally = () => ({ passed: 0, failed: 0, skipped: [], failures: [] });

/**
 * @param {Tally[]} tallies
 * @returns {Tally}
 */
export function addTallies(tallies) {
  const sum = emptyTally();
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped.push(...tally.skipped);
    sum.failures.push(...tally.failures);
  }
  return sum;
}

/**
 * From vitest's JSON reporter. A file that could not be loaded has no tests and counts as one failure.
 * @param {any} report
 * @param {import('./reasons-reporter.mjs').Reasons} reasons
 * @returns {Tally}
 */
export function vitestTally(report, { byTest, unhandled }) {
  const tally = emptyTally();
  for (const reason of unhandled) fail(tally, 'outside any test', reason);
  for (const file of report.testResults) {
    for (const result of file.assertionResults) addVitestResult(tally, result, byTest, file.name);
    const failedInside = file.assertionResults.some(
      (/** @type {any} */ result) => result.status === 'failed',
    );
    if (file.status === 'failed' && !failedInside) fail(tally, file.name, file.message);
  }
  return tally;
}

/**
 * @param {Tally} tally
 * @param {any} result
 * @param {Record<string, string>} reasons
 * @param {string} file
 */
function addVitestResult(tally, result, reasons, file) {
  const titles = [...result.ancestorTitles, result.title];
  const name = titles.join(' › ');
  if (result.status === 'passed') tally.passed += 1;
  else if (result.status === 'failed') fail(tally, name, reasons[`${file}\n${titles.join(' > ')}`]);
  else tally.skipped.push({ name: withoutReason(name), reason: reasonIn(name) });
}

/**
 * From Playwright's JSON reporter. Flaky cannot happen (no retries); an error outside any test is a failure.
 * @param {any} report
 * @returns {Tally}
 */
export function playwrightTally(report) {
  const tally = emptyTally();
  const visit = (/** @type {any} */ suite, /** @type {string[]} */ path) => {
    const here = suite.title ? [...path, suite.title] : path;
    for (const spec of suite.specs ?? []) addSpec(tally, spec, [...here, spec.title].join(' › '));
    for (const inner of suite.suites ?? []) visit(inner, here);
  };
  for (const suite of report.suites ?? []) visit(suite, []);
  for (const error of report.errors ?? []) fail(tally, 'outside any test', reasonOf(error));
  return tally;
}

/**
 * @param {Tally} tally
 * @param {any} spec
 * @param {string} name
 */
function addSpec(tally, spec, name) {
  for (const test of spec.tests) {
    if (test.status === 'skipped') {
      const note = test.annotations?.find((/** @type {any} */ annotation) => annotation.description);
      tally.skipped.push({ name, reason: note?.description ?? 'marked as skipped' });
    } else if (test.status === 'expected') tally.passed += 1;
    else
      fail(
        tally,
        name,
        test.results?.flatMap((/** @type {any} */ { errors }) => errors.map(reasonOf)).join('\n'),
      );
  }
}

/**
 * Playwright's message holds its call log; `location` is where in the test it was.
 * @param {any} error
 */
const reasonOf = ({ message, location }) =>
  [location && `at ${location.file}:${location.line}`, message].filter(Boolean).join('\n');

/**
 * @param {Tally} tally
 * @param {string} name
 * @param {string} [reason]
 */
function fail(tally, name, reason = '') {
  tally.failed += 1;
  tally.failures.push({ name, reason: stripVTControlCharacters(reason) });
}

/** @param {string} name */
const reasonIn = (name) => /\[skipped: (.*?)\]/.exec(name)?.[1] ?? 'marked as skipped';

/** @param {string} name */
const withoutReason = (name) => name.replace(/ \[skipped: .*?\]/, '');

/** Lines that all failures share, so that the end of a log which somebody cut tells why each happened. */
const reasonLines = 50;

/**
 * The closing lines; the very last is the plain one that CI reads.
 * @param {Tally} tally
 */
export function closingLines(tally) {
  const each = Math.min(15, Math.max(2, Math.floor(reasonLines / tally.failures.length) - 1));
  const failures = tally.failures.flatMap(({ name, reason }) => [
    `FAILED ${name}`,
    ...reason
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, each)
      .map((line) => `    ${line.slice(0, 300)}`),
  ]);
  const skipped = tally.skipped.map(({ name, reason }) => `skipped ${name}: ${reason}`);
  const line = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`;
  return [...skipped, ...failures, line];
}
