import type { RepoContext, WorkspaceHandle } from '../../app/ports/workspace.ts';
import type { Git } from './git.ts';
import { splitNul } from './present-files.ts';
import { detectTestCommands } from './test-commands.ts';

const maxFiles = 5000;
const maxTextBytes = 16 * 1024;
/** Larger files are not read at all: no manifest is that long. */
const maxBlobBytes = 1024 * 1024;
const maxManifests = 40;
const maxInstructions = 40;
const maxModules = 100;

const manifestName =
  /^(?:package\.json|deno\.jsonc?|pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.txt|Pipfile|tox\.ini|pytest\.ini|Cargo\.toml|go\.mod|[Mm]akefile|justfile|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|Gemfile|mix\.exs|CMakeLists\.txt|[^/]+\.(?:sln|slnx|csproj|fsproj))$/;
const instructionName = /^(?:AGENTS|CLAUDE)\.md$/i;
const readmeName = /^readme(?:\.(?:md|markdown|rst|txt|adoc))?$/i;

interface Entry {
  path: string;
  blob: string;
}

/**
 * The repository as the job found it. Names and texts come from the base commit's objects, so nothing that lies in
 * the worktree (a symlink, a device, a file that grows) is ever opened.
 */
export async function collectContext(
  git: Git,
  handle: WorkspaceHandle,
  signal: AbortSignal,
): Promise<RepoContext> {
  const entries = await listCommit(git, handle, signal);
  const files = entries.map((entry) => entry.path).sort();
  const pick = (pattern: RegExp, limit: number): Entry[] =>
    entries
      .filter((entry) => entry.blob !== '' && pattern.test(entry.path.slice(entry.path.lastIndexOf('/') + 1)))
      .sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1))
      .slice(0, limit);
  const manifests = pick(manifestName, maxManifests);
  const instructions = pick(instructionName, maxInstructions);
  const readmes = pick(readmeName, 1).filter((entry) => depth(entry.path) === 0);
  const texts = await readBlobs(git, handle, [...manifests, ...instructions, ...readmes], signal);
  const asText = (entry: Entry): { path: string; text: string }[] => {
    const text = texts.get(entry.blob);
    return text === undefined ? [] : [{ path: entry.path, text: cut(text) }];
  };
  const rootManifest = (name: string): string | undefined => {
    const entry = manifests.find((candidate) => candidate.path === name);
    return entry && texts.get(entry.blob)?.toString('utf8');
  };
  return {
    files: files.slice(0, maxFiles),
    fileCount: files.length,
    manifests: manifests.flatMap(asText),
    instructions: instructions.flatMap(asText),
    readme: readmes.flatMap(asText)[0]?.text ?? null,
    moduleMap: moduleMap(files),
    testCommands: detectTestCommands({ files, manifest: rootManifest }),
  };
}

const depth = (path: string): number => path.split('/').length - 1;

/** Every file of the base commit; `blob` is empty for symlinks and submodules. */
async function listCommit(git: Git, handle: WorkspaceHandle, signal: AbortSignal): Promise<Entry[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', handle.baseCommit];
  const out = await git.output({ args, cwd: handle.gitDir, gitDir: handle.gitDir, signal });
  return splitNul(out).map((line) => {
    const tab = line.indexOf(9);
    const [mode = '', , object = ''] = line.toString('latin1', 0, tab).split(' ');
    return { path: line.toString('utf8', tab + 1), blob: mode.startsWith('100') ? object : '' };
  });
}

/** Contents by object id; those over `maxBlobBytes` and those that are not text are left out. */
async function readBlobs(
  git: Git,
  handle: WorkspaceHandle,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(entries.map((entry) => entry.blob))];
  const texts = new Map<string, Buffer>();
  if (wanted.length === 0) return texts;
  const batch = (mode: string, ids: readonly string[]): Promise<Buffer> =>
    git.output({
      args: ['cat-file', mode],
      cwd: handle.gitDir,
      gitDir: handle.gitDir,
      input: Buffer.from(ids.map((id) => `${id}\n`).join('')),
      signal,
    });
  const sizes = (await batch('--batch-check', wanted)).toString('utf8').split('\n');
  const small = wanted.filter((_, index) => Number(sizes[index]?.split(' ')[2] ?? Infinity) <= maxBlobBytes);
  if (small.length === 0) return texts;
  const out = await batch('--batch', small);
  for (let at = 0; at < out.length;) {
    const end = out.indexOf(10, at);
    const [id = '', , size = '0'] = out.toString('utf8', at, end).split(' ');
    const content = out.subarray(end + 1, end + 1 + Number(size));
    if (!content.includes(0)) texts.set(id, content);
    at = end + 2 + Number(size);
  }
  return texts;
}

/** At most 16 KiB, not cut within a character. */
function cut(text: Buffer): string {
  if (text.length <= maxTextBytes) return text.toString('utf8');
  let end = maxTextBytes;
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return text.toString('utf8', 0, end);
}

function moduleMap(files: readonly string[]): { path: string; files: number }[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const slash = file.indexOf('/');
    if (slash > 0) counts.set(file.slice(0, slash), (counts.get(file.slice(0, slash)) ?? 0) + 1);
  }
  return [...counts]
    .map(([path, count]) => ({ path, files: count }))
    .sort((a, b) => b.files - a.files || (a.path < b.path ? -1 : 1))
    .slice(0, maxModules);
}
