import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectTestCommands } from '../../../src/main/infra/git/test-commands.ts';
import { makeRepo } from '../../support/repos.ts';
import { jobOf, never, prepared, setUp, setUpJob } from './harness.ts';

describe('collectContext', () => {
  it('tells what is in the repository, from the commit', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), {
      'README.md': '# App',
      'AGENTS.md': 'Be kind.',
      'src/CLAUDE.md': 'Deeper.',
      'src/a.ts': '',
      'src/b.ts': '',
      'docs/readme.md': 'not this one',
      'package.json': '{"scripts":{"test":"node --test"}}',
      'packages/x/package.json': '{}',
      Makefile: 'x'.repeat(20_000),
      'binary/Makefile': Buffer.from([0, 1, 2]),
      '한글/파일.txt': '',
    });
    await symlink('/etc/passwd', join(repo.path, 'CLAUDE.md'));
    await repo.commit('A link');
    const handle = await prepared(workspace, jobOf(repo.path));
    const context = await workspace.collectContext(handle, never);
    expect(context.fileCount).toBe(12);
    expect(context.files).toEqual([...context.files].sort());
    expect(context.files).toContain('한글/파일.txt');
    expect(context.manifests.map((file) => file.path)).toEqual([
      'Makefile',
      'package.json',
      'packages/x/package.json',
    ]);
    expect(context.manifests[0]?.text).toHaveLength(16 * 1024);
    expect(context.instructions).toEqual([
      { path: 'AGENTS.md', text: 'Be kind.' },
      { path: 'src/CLAUDE.md', text: 'Deeper.' },
    ]);
    expect(context.readme).toBe('# App');
    expect(context.moduleMap[0]).toEqual({ path: 'src', files: 3 });
    expect(context.testCommands).toEqual(['npm test']);
  });

  it('lists at most 5,000 files and cuts no character in two', async () => {
    const files = Object.fromEntries(Array.from({ length: 5100 }, (_, n) => [`f/${n}.txt`, '']));
    const { workspace, handle } = await setUpJob({ ...files, 'AGENTS.md': `x${'한'.repeat(6000)}` });
    const context = await workspace.collectContext(handle, never);
    expect(context.files).toHaveLength(5000);
    expect(context.fileCount).toBe(5101);
    expect(context.instructions[0]?.text).toMatch(/^x한+$/);
    expect(context.readme).toBeNull();
  });
});

describe('detectTestCommands', () => {
  const commands = (files: Record<string, string>): string[] =>
    detectTestCommands({ files: Object.keys(files), manifest: (name) => files[name] });
  const node = (extra: object = {}): string => JSON.stringify({ scripts: { test: 'x' }, ...extra });

  it.each<[Record<string, string>, string[]]>([
    [{}, []],
    [{ 'package.json': node() }, ['npm test']],
    [{ 'package.json': node(), 'pnpm-lock.yaml': '' }, ['pnpm test']],
    [{ 'package.json': node(), 'yarn.lock': '' }, ['yarn test']],
    [{ 'package.json': node(), 'bun.lock': '' }, ['bun run test']],
    [{ 'package.json': node({ packageManager: 'pnpm@9.1.0' }), 'yarn.lock': '' }, ['pnpm test']],
    [{ 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' }, []],
    [{ 'package.json': 'not json' }, []],
    [{ 'package.json': 'null' }, []],
    [{ 'test_app.py': '' }, ['python3 -m unittest']],
    [{ 'tests/__init__.py': '', 'tests/test_app.py': '' }, ['python3 -m unittest']],
    [{ 'tests/test_app.py': '' }, ['python3 -m unittest discover -s tests']],
    [{ 'tests/test_app.py': '', 'conftest.py': '' }, ['python3 -m pytest']],
    [{ 'tests/test_app.py': '', 'pyproject.toml': '[tool.pytest.ini_options]' }, ['python3 -m pytest']],
    [{ 'app_test.py': '' }, ['python3 -m pytest']],
    [{ 'app.py': '', 'pyproject.toml': '' }, []],
    [{ 'Cargo.toml': '' }, ['cargo test']],
    [{ 'go.mod': '' }, ['go test ./...']],
    [{ 'pom.xml': '', mvnw: '' }, ['./mvnw -q test']],
    [{ 'build.gradle.kts': '', gradlew: '' }, ['./gradlew test']],
    [{ 'App.sln': '' }, ['dotnet test']],
    [{ Gemfile: '', 'spec/a_spec.rb': '' }, ['bundle exec rspec']],
    [{ 'composer.json': '{"scripts":{"test":"phpunit"}}' }, ['composer test']],
    [{ 'mix.exs': '' }, ['mix test']],
    [{ Makefile: 'build:\n\ntest: build\n\t./run\n' }, ['make test']],
    [{ Makefile: 'test := x\n' }, []],
    [
      { 'package.json': node(), 'go.mod': '', Makefile: 'test:\n' },
      ['npm test', 'go test ./...', 'make test'],
    ],
  ])('%j → %j', (files, expected) => expect(commands(files)).toEqual(expected));
});
