import { mkdirSync } from 'node:fs';
import { capture } from '../lib/exec.mjs';
import { say } from '../lib/log.mjs';
import { cacheDir, inCache, inRoot, root } from '../lib/paths.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';
import { runtimeEnv, runtimeNode } from '../setup/node.mjs';

/** @typedef {{ name: string, script: string, args: string[] }} Check */

/** The two long ones first, so that two at a time end about together. @type {Check[]} */
const checks = [
  { name: 'lint', script: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  {
    name: 'types',
    script: 'typescript/bin/tsc',
    args: ['--noEmit', '--incremental', '--tsBuildInfoFile', inCache('tsc.tsbuildinfo')],
  },
  {
    name: 'format',
    script: 'prettier/bin/prettier.cjs',
    args: ['--check', '.', '--log-level', 'warn', '--cache', '--cache-location', inCache('prettier')],
  },
  {
    name: 'layers',
    script: 'dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'src', 'tests', 'scripts'],
  },
  { name: 'unused code', script: 'knip/bin/knip.js', args: ['--no-progress', '--no-config-hints'] },
];

/**
 * Every check runs, also after one has failed: one round shows all there is to mend.
 * @param {string[]} args names of checks; none means all
 */
export async function run(args) {
  await ensureDependencies();
  mkdirSync(cacheDir, { recursive: true });
  const chosen = args.length
    ? checks.filter((check) => args.some((arg) => check.name.startsWith(arg)))
    : checks;
  if (chosen.length === 0) {
    say(`no such check: ${args.join(' ')} (there are: ${checks.map((check) => check.name).join(', ')})`);
    return 2;
  }
  const queue = [...chosen];
  const results = await Promise.all([worker(queue), worker(queue)]);
  const failed = results.flat().filter((result) => !result.ok);
  say(failed.length ? `check failed: ${failed.map((result) => result.name).join(', ')}` : 'check passed');
  return failed.length ? 1 : 0;
}

/** @param {Check[]} queue shared by the workers */
async function worker(queue) {
  /** @type {{ name: string, ok: boolean }[]} */
  const done = [];
  for (let next = queue.shift(); next; next = queue.shift()) done.push(await runCheck(next));
  return done;
}

/** @param {Check} check */
async function runCheck({ name, script, args }) {
  const started = Date.now();
  const result = await capture(runtimeNode(), [inRoot('node_modules', script), ...args], {
    cwd: root,
    env: runtimeEnv(),
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  say(`${result.code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (result.code !== 0) process.stdout.write(`${result.stdout}${result.stderr}\n`);
  return { name, ok: result.code === 0 };
}
