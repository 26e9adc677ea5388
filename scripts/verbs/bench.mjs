import { runForeground } from '../lib/exec.mjs';
import { inRoot, root } from '../lib/paths.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';
import { runtimeNode } from '../setup/node.mjs';
import { withTestEnvironment } from '../setup/test-environment.mjs';

/** @type {Set<import('../lib/suites.mjs').Need>} */
const needs = new Set(['build', 'electron', 'docker', 'session', 'display', 'chromium']);

/**
 * The benchmarks, on the same real parts as the tests.
 * @param {string[]} args names of benchmarks; none means all
 */
export async function run(args) {
  await ensureDependencies();
  return withTestEnvironment(needs, (env) =>
    runForeground(runtimeNode(), [inRoot('tests/bench/main.ts'), ...args], { cwd: root, env }),
  );
}
