/** What the manifests of a repository tell about running its tests. Pure. */
export interface ProjectFacts {
  /** Every tracked file, relative, with `/`. */
  files: readonly string[];
  /** Text of a manifest at the repository's root, or undefined. */
  manifest: (name: string) => string | undefined;
}

/**
 * Commands that run the tests, to be run with `sh -c` in the repository's root, the most telling first. Empty when
 * nothing tells. A Makefile's `test` comes last: it usually calls one of the others.
 */
export function detectTestCommands(facts: ProjectFacts): string[] {
  const detectors = [node, deno, python, rust, go, jvm, dotnet, ruby, php, elixir, make];
  return [...new Set(detectors.flatMap((detect) => detect(facts)))];
}

const has = (facts: ProjectFacts, name: string): boolean => facts.files.includes(name);

function node(facts: ProjectFacts): string[] {
  const text = facts.manifest('package.json');
  if (text === undefined) return [];
  let pkg: { scripts?: { test?: unknown }; packageManager?: unknown };
  try {
    pkg = JSON.parse(text) as typeof pkg;
  } catch {
    return [];
  }
  const script = pkg?.scripts?.test;
  if (typeof script !== 'string' || script === '' || script.includes('no test specified')) return [];
  const wanted = typeof pkg.packageManager === 'string' ? pkg.packageManager.split('@')[0] : undefined;
  if (wanted === 'pnpm' || (!wanted && has(facts, 'pnpm-lock.yaml'))) return ['pnpm test'];
  if (wanted === 'yarn' || (!wanted && has(facts, 'yarn.lock'))) return ['yarn test'];
  if (wanted === 'bun' || (!wanted && (has(facts, 'bun.lock') || has(facts, 'bun.lockb'))))
    return ['bun run test'];
  return ['npm test'];
}

const deno = (facts: ProjectFacts): string[] =>
  has(facts, 'deno.json') || has(facts, 'deno.jsonc') ? ['deno test'] : [];

function python(facts: ProjectFacts): string[] {
  const tests = facts.files.filter((file) => /(?:^|\/)(?:test[^/]*|[^/]*_test)\.py$/.test(file));
  if (usesPytest(facts)) return ['python3 -m pytest'];
  if (tests.length === 0) return [];
  // unittest's own discovery knows only test*.py, in packages below the folder it starts in.
  const discovered = tests.filter((file) => /(?:^|\/)test[^/]*\.py$/.test(file));
  if (discovered.length === 0) return ['python3 -m pytest'];
  const reachable = discovered.some((file) => {
    const folders = file.split('/').slice(0, -1);
    return folders.every((_, depth) => has(facts, [...folders.slice(0, depth + 1), '__init__.py'].join('/')));
  });
  if (reachable) return ['python3 -m unittest'];
  const start = (discovered[0] ?? '').split('/')[0] ?? 'tests';
  return [`python3 -m unittest discover -s ${quote(start)}`];
}

function usesPytest(facts: ProjectFacts): boolean {
  if (facts.files.some((file) => /(?:^|\/)(?:conftest\.py|pytest\.ini)$/.test(file))) return true;
  const told = [
    'pyproject.toml',
    'setup.cfg',
    'tox.ini',
    'requirements.txt',
    'requirements-dev.txt',
    'Pipfile',
  ];
  return told.some((name) => /\bpytest\b/.test(facts.manifest(name) ?? ''));
}

const rust = (facts: ProjectFacts): string[] => (has(facts, 'Cargo.toml') ? ['cargo test'] : []);
const go = (facts: ProjectFacts): string[] => (has(facts, 'go.mod') ? ['go test ./...'] : []);

function jvm(facts: ProjectFacts): string[] {
  if (has(facts, 'pom.xml')) return [has(facts, 'mvnw') ? './mvnw -q test' : 'mvn -q test'];
  if (has(facts, 'build.gradle') || has(facts, 'build.gradle.kts')) {
    return [has(facts, 'gradlew') ? './gradlew test' : 'gradle test'];
  }
  return [];
}

const dotnet = (facts: ProjectFacts): string[] =>
  facts.files.some((file) => /^[^/]+\.(?:sln|slnx|csproj|fsproj)$/.test(file)) ? ['dotnet test'] : [];

function ruby(facts: ProjectFacts): string[] {
  if (!has(facts, 'Gemfile')) return [];
  if (facts.files.some((file) => file.startsWith('spec/'))) return ['bundle exec rspec'];
  return has(facts, 'Rakefile') ? ['bundle exec rake test'] : [];
}

const php = (facts: ProjectFacts): string[] =>
  /"scripts"[\s\S]*"test"\s*:/.test(facts.manifest('composer.json') ?? '') ? ['composer test'] : [];

const elixir = (facts: ProjectFacts): string[] => (has(facts, 'mix.exs') ? ['mix test'] : []);

function make(facts: ProjectFacts): string[] {
  if (/^test\s*:(?!=)/m.test(facts.manifest('Makefile') ?? facts.manifest('makefile') ?? ''))
    return ['make test'];
  return /^test\s*.*:(?!=)/m.test(facts.manifest('justfile') ?? '') ? ['just test'] : [];
}

const quote = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
