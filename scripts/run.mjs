#!/usr/bin/env node
/**
 * The launcher behind every npm script: makes sure of what its verb needs, says what it does, and runs it.
 * Uses nothing but Node ≥ 20, since it starts before anything is installed.
 */
import { SetupError, say } from './lib/log.mjs';
import { checkNode } from './setup/node.mjs';

/**
 * Loaded on demand: the command line is called in scripts, where each millisecond is felt.
 * @type {Record<string, () => Promise<{ run: (args: string[]) => Promise<number> }>>}
 */
const verbs = {
  start: () => import('./verbs/start.mjs'),
  demo: () => import('./verbs/demo.mjs'),
  cli: () => import('./verbs/cli.mjs'),
  test: () => import('./verbs/test.mjs'),
  check: () => import('./verbs/check.mjs'),
  bench: () => import('./verbs/bench.mjs'),
  build: () => import('./verbs/build.mjs'),
};

const [verb = '', ...args] = process.argv.slice(2);

try {
  const load = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!load) {
    say(`usage: node scripts/run.mjs ${Object.keys(verbs).join('|')} [arguments]`);
    process.exit(2);
  }
  checkNode();
  const { run } = await load();
  process.exitCode = await run(args);
} catch (error) {
  say(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
