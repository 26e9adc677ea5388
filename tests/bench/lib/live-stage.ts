import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { sandboxImage } from '../../support/parts.ts';
import { makeRepo } from '../../support/repos.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../../support/scenarios/add-bug.ts';

/** What live jobs need beside an engine: the scripted model, which plays the same for any number of jobs. */
export interface LiveStage {
  env: Record<string, string>;
  /** Input of `jobs.create` for a job in a repository of its own. */
  job(number: number): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function setLiveStage(folder: string): Promise<LiveStage> {
  const script = addBugScript();
  const exchanges = script.exchanges.map((exchange) => ({ ...exchange, times: 'any' as const }));
  const model: ModelServer = await startModelServer({ ...script, exchanges });
  return {
    env: { DEV_CREW_OLLAMA_BASE_URL: model.url, DEV_CREW_DOCKER_IMAGE: sandboxImage() },
    job: async (number) => {
      const repo = await makeRepo(join(folder, `repo-${number}`), addBugFiles);
      return { goal: addBugGoal, repo: repo.path, mode: 'live', approval: 'auto', specialists: 'auto' };
    },
    close: () => model.close(),
  };
}
