import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, parse, sep } from 'node:path';

/**
 * True when a file at `path` would lie inside of the workspace, links resolved: an agent, a commit or a backup of the
 * repository would take it along. A workspace that is a whole disk is none: an app started from a menu stands there.
 */
export function isInsideWorkspace(path: string, workspaceRoot: string): boolean {
  const root = realPathOf(workspaceRoot);
  if (root === parse(root).root) return false;
  const file = realPathOf(path);
  return file === root || file.startsWith(root + sep);
}

/** Of what exists of a path the real place, with the rest as it is. */
function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOf(parent), basename(path));
}
