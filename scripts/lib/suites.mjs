/**
 * What `npm test -- …` may name: suites, then words that the paths of test files must contain, then
 * `-t <pattern>` for the names of tests.
 */
export const suiteNames = /** @type {const} */ (['unit', 'contract', 'integration', 'e2e']);

/** @typedef {typeof suiteNames[number]} Suite */

/**
 * @param {string[]} args
 * @returns {{ suites: Suite[], words: string[], pattern: string | null }}
 */
export function parseTestArgs(args) {
  /** @type {Suite[]} */
  const suites = [];
  /** @type {string[]} */
  const words = [];
  let pattern = null;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const suite = suiteNames.find((name) => name === arg);
    if (suite) suites.push(suite);
    else if (arg === '-t') pattern = args[(index += 1)] ?? null;
    else words.push(arg);
  }
  return { suites: suites.length ? suites : [...suiteNames], words, pattern };
}

/**
 * The test files of the chosen suites whose path contains any of the words.
 * @param {string[]} files relative to the checkout
 * @param {{ suites: Suite[], words: string[] }} filter
 */
export function selectTests(files, { suites, words }) {
  return files
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(test|spec)\.tsx?$/.test(file))
    .filter((file) => suites.some((suite) => file.startsWith(`tests/${suite}/`)))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
}

/** @typedef {'build' | 'electron' | 'docker' | 'registry' | 'session' | 'display' | 'chromium'} Need */

/**
 * Only the parts that the chosen files name are set up: asking for them by `describeWith…`, `needs(…)` or
 * `part(…)` is the one way in, and it takes the engine 8 s to come up.
 * @param {string[]} sources the texts of the test files
 * @returns {Set<Need>}
 */
export function neededParts(sources) {
  /** @type {Record<Need, RegExp>} */
  const asks = {
    docker: /describeWithDocker|\b(needs|part)\([^)]*'docker'/,
    registry: /describeWithRegistry|\b(needs|part)\([^)]*'registry'/,
    session: /describeWith(Keyring|Dbus|Electron)|\b(needs|part)\([^)]*'(keyring|dbus|electron)'/,
    electron: /describeWithElectron|\b(needs|part)\([^)]*'electron'/,
    display: /describeWithElectron|\b(needs|part)\([^)]*'(display|electron)'/,
    chromium: /\b(needs|part)\([^)]*'chromium'/,
    build: /describeWith(Build|Electron)|\b(needs|part)\([^)]*'(build|electron)'/,
  };
  const needs = /** @type {Need[]} */ (Object.keys(asks));
  return new Set(needs.filter((need) => sources.some((source) => asks[need].test(source))));
}
