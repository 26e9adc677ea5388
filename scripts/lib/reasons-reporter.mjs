import { writeFileSync } from 'node:fs';

/**
 * What vitest's JSON reporter leaves out, for the last lines of a run: the differences between what was expected and
 * what came, by file and name of the test, and errors outside any test.
 * @typedef {{ byTest: Record<string, string>, unhandled: string[] }} Reasons
 * @typedef {{ message?: string, stack?: string, diff?: string }} VitestError
 */

/** A reporter of vitest's. Writes `Reasons` to the file named in DEV_CREW_TEST_REASONS. */
export default class ReasonsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly VitestError[]} errors
   */
  onTestRunEnd(modules, errors) {
    /** @type {Reasons} */
    const reasons = { byTest: {}, unhandled: errors.map(reasonOf) };
    for (const module of modules)
      for (const test of module.children.allTests('failed'))
        reasons.byTest[`${module.moduleId}\n${test.fullName}`] = (test.result().errors ?? [])
          .map(reasonOf)
          .join('\n');
    writeFileSync(process.env.DEV_CREW_TEST_REASONS ?? '', JSON.stringify(reasons));
  }
}

/** @param {VitestError} error */
function reasonOf({ message = '', stack = '', diff = '' }) {
  const places = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/node_modules|node:|<anonymous>/.test(line));
  return [message, places.slice(0, 2).join('\n'), diff].join('\n');
}
