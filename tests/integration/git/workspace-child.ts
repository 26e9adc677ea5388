import type { Workspace, WorkspaceHandle } from '../../../src/main/app/ports/workspace.ts';
import { createGitWorkspace } from '../../../src/main/infra/git/git-workspace.ts';

/** What a child process of a test does: one call, whose result it prints as JSON. */
export type ChildCall = { dataFolder: string } & (
  | { method: 'prepare'; job: Parameters<Workspace['prepare']>[0] }
  | { method: 'work'; handle: WorkspaceHandle; message: string }
  | { method: 'close'; handle: WorkspaceHandle }
);

async function main(call: ChildCall): Promise<unknown> {
  const log = { info() {}, warn() {}, error() {} };
  const workspace = createGitWorkspace({ dataFolder: call.dataFolder, log });
  switch (call.method) {
    case 'prepare':
      return workspace.prepare(call.job, () => undefined, new AbortController().signal);
    case 'work': {
      const { tree } = await workspace.snapshot(call.handle, 1, call.message);
      return workspace.commit(call.handle, tree, call.message);
    }
    case 'close':
      await workspace.close(call.handle);
      return null;
  }
}

process.stdout.write(JSON.stringify(await main(JSON.parse(process.argv[2] ?? '') as ChildCall)));
