import { readFileSync, rmSync } from 'node:fs';
import { runtimeNode } from '../setup/node.mjs';
import { runForeground } from './exec.mjs';
import { inCache, inRoot, root } from './paths.mjs';
import { emptyTally, playwrightTally, vitestTally } from './summary.mjs';

/** @typedef {import('./summary.mjs').Tally} Tally */

/**
 * @param {string[]} files
 * @param {{ pattern: string | null }} filter
 * @param {NodeJS.ProcessEnv} env
 */
export async function runVitest(files, { pattern }, env) {
  const report = inCache('results', `vitest-${process.pid}.json`);
  const reasons = inCache('results', `reasons-${process.pid}.json`);
  const reporters = ['default', 'json', inRoot('scripts/lib/reasons-reporter.mjs')];
  const args = ['run', ...reporters.map((name) => `--reporter=${name}`), `--outputFile.json=${report}`];
  if (pattern) args.push('-t', pattern);
  const code = await node(inRoot('node_modules/vitest/vitest.mjs'), [...args, ...files], {
    ...env,
    DEV_CREW_TEST_REASONS: reasons,
  });
  const tally = collect('vitest', code, report, (found) =>
    vitestTally(found, JSON.parse(readFileSync(reasons, 'utf8'))),
  );
  rmSync(reasons, { force: true });
  return tally;
}

/**
 * @param {string[]} files
 * @param {{ pattern: string | null }} filter
 * @param {NodeJS.ProcessEnv} env
 */
export async function runPlaywright(files, { pattern }, env) {
  const report = inCache('results', `playwright-${process.pid}.json`);
  const args = ['test', '--reporter=list,json'];
  if (pattern) args.push('-g', pattern);
  const code = await node(inRoot('node_modules/@playwright/test/cli.js'), [...args, ...files], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return collect('playwright', code, report, playwrightTally);
}

/**
 * @param {string} script
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
const node = (script, args, env) =>
  runForeground(runtimeNode(), [script, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });

/**
 * The exit code has the last word: a runner that fails without a failed test (an unhandled rejection, a
 * crash before its report) is a failure.
 * @param {string} name
 * @param {number} code
 * @param {string} report
 * @param {(report: any) => Tally} read
 * @returns {Tally}
 */
function collect(name, code, report, read) {
  try {
    const tally = read(JSON.parse(readFileSync(report, 'utf8')));
    if (code === 0 || tally.failed > 0) return tally;
    return failure(`${name} ended with exit ${code} outside any test`, tally);
  } catch {
    return failure(`${name} ended with exit ${code} without a report`);
  } finally {
    rmSync(report, { force: true });
  }
}

/**
 * @param {string} name
 * @param {Tally} [tally]
 * @returns {Tally}
 */
const failure = (name, tally = emptyTally()) => ({
  ...tally,
  failed: 1,
  failures: [{ name, reason: 'its own output above says why' }],
});
