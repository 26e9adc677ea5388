import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { Result } from '../../../shared/errors.ts';
import { createAccounts } from './accounts.ts';
import { type Scheduler, createFeed } from './feed.ts';
import { createInbox } from './inbox.ts';
import { createJobPage } from './job-page.ts';
import { createJobs } from './jobs.ts';
import { createMachine } from './machine.ts';
import { createModels } from './models.ts';
import { createNewJob } from './new-job.ts';
import { createSettings } from './settings.ts';
import { createToasts } from './toasts.ts';
import { createUsage } from './usage.ts';

export interface StoresDeps {
  client: CrewClient;
  schedule: Scheduler;
  newKey: () => string;
}

/** All state of the pages, over one client and one subscription. */
export function createStores({ client, schedule, newKey }: StoresDeps) {
  const session = createStore<{ needsToken: boolean }>(() => ({ needsToken: false }));
  const guarded: CrewClient = {
    ...client,
    async call(name, input) {
      const result = await client.call(name, input);
      if (isRefused(result)) session.setState({ needsToken: true });
      return result;
    },
  };
  const feed = createFeed(guarded, schedule);
  return {
    session,
    feed,
    jobs: createJobs(guarded, feed),
    inbox: createInbox(guarded, feed),
    settings: createSettings(guarded),
    machine: createMachine(guarded),
    accounts: createAccounts(guarded),
    models: createModels(guarded),
    usage: createUsage(guarded),
    newJob: createNewJob(guarded, newKey),
    toasts: createToasts(),
    jobPage: (jobId: string) => createJobPage(guarded, feed, jobId),
  };
}
export type Stores = ReturnType<typeof createStores>;

const isRefused = (result: Result<unknown>): boolean => !result.ok && result.error.code === 'unauthenticated';
