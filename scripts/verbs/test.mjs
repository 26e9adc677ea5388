import { mkdirSync, readFileSync } from 'node:fs';
import { wasInterrupted } from '../lib/exec.mjs';
import { say } from '../lib/log.mjs';
import { inCache, inRoot, root } from '../lib/paths.mjs';
import { listFiles } from '../lib/stamp.mjs';
import { neededParts, parseTestArgs, selectTests } from '../lib/suites.mjs';
import { addTallies, closingLines } from '../lib/summary.mjs';
import { runPlaywright, runVitest } from '../lib/test-runners.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';
import { withTestEnvironment } from '../setup/test-environment.mjs';

/**
 * Sets up the real parts the chosen tests ask for, runs vitest and then Playwright, takes all of it down
 * again, and ends in the one plain line with the counts. No test at all is a failure.
 * @param {string[]} args see `parseTestArgs`
 */
export async function run(args) {
  await ensureDependencies();
  const filter = parseTestArgs(args);
  const files = selectTests(listFiles(root, ['tests']), filter);
  if (files.length === 0) say(`no test file matches: ${args.join(' ')}`);
  mkdirSync(inCache('results'), { recursive: true });
  const sources = files
    .filter((file) => !file.startsWith('tests/unit/'))
    .map((file) => readFileSync(inRoot(file), 'utf8'));
  const needs = neededParts(sources);
  const total = await withTestEnvironment(needs, async (env) => {
    const inBrowser = files.filter((file) => file.startsWith('tests/e2e/'));
    const inNode = files.filter((file) => !file.startsWith('tests/e2e/'));
    const tallies = [];
    if (inNode.length) tallies.push(await runVitest(inNode, filter, env));
    if (inBrowser.length && !wasInterrupted()) tallies.push(await runPlaywright(inBrowser, filter, env));
    return addTallies(tallies);
  });
  process.stdout.write(`\n${closingLines(total).join('\n')}\n`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}
