import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseRepoAddress } from '../../domain/repo-address.ts';
import { WorkspaceError } from './errors.ts';

export interface SourceOptions {
  /** Where relative paths start. */
  workspaceRoot: string;
  /** What `~` stands for. */
  home: string;
  /** `https://github.com`, or a stand-in for tests; no slash at its end. */
  githubBaseUrl: string;
}

/** A folder of this machine, or an address to mirror. */
export type RepoSource = { kind: 'local'; path: string } | { kind: 'remote'; url: string };

/** What a person typed, told apart by looking at the disk: an existing path wins over `owner/name`. */
export async function findSource(repo: string, options: SourceOptions): Promise<RepoSource> {
  const parsed = parseRepoAddress(repo);
  if (!parsed.ok) throw new WorkspaceError(parsed.error.code, parsed.error.message);
  const address = parsed.value;
  switch (address.kind) {
    case 'url':
      return { kind: 'remote', url: address.url };
    case 'path':
      return { kind: 'local', path: absolutePath(address.path, options) };
    case 'github': {
      const path = resolve(options.workspaceRoot, address.path);
      const there = await lstat(path).then(
        () => true,
        () => false,
      );
      if (there) return { kind: 'local', path };
      return { kind: 'remote', url: `${options.githubBaseUrl}/${address.owner}/${address.name}.git` };
    }
  }
}

function absolutePath(path: string, options: SourceOptions): string {
  if (path === '~') return options.home;
  if (path.startsWith('~/') || path.startsWith('~\\')) return join(options.home, path.slice(2));
  return resolve(options.workspaceRoot, path);
}
