import type { Settings } from '../../../shared/settings.ts';
import { nextMidnight } from '../../domain/local-day.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import type { Wait } from '../../domain/wait.ts';
import type { EventBus } from '../event-bus.ts';
import type { Journal } from '../journal.ts';
import { secretDigest } from '../models/final-answer.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { Ledger } from '../usage/ledger.ts';
import { resumeJob } from './resume-job.ts';
import { waitFact } from './wait-fact.ts';

export interface WaitWatcherDeps {
  store: Store;
  journal: Journal;
  bus: EventBus;
  clock: Clock;
  log: Log;
  ledger: Pick<Ledger, 'fits' | 'onSettled'>;
  credentials: Pick<Credentials, 'active'>;
  settings: () => Pick<Settings, 'fallback_model'>;
}

export interface WaitWatcher {
  start(): void;
  stop(): Promise<void>;
  /** Limits, accounts or settings have changed: resolves when every job that may go on has been told to. */
  look(): Promise<void>;
}

/**
 * Longest time between two looks, in ms: while a laptop sleeps its timers stand still, and midnight must not be missed
 * by as much as it slept.
 */
const longestSleepMs = 15 * 60_000;

/**
 * Lets jobs go on by themselves that wait for a budget, an account or a quota, as soon as what they wait for is there:
 * a call was settled below its worst case, a limit was raised, a day has begun, somebody has signed in. It looks when
 * something has happened and at midnight, and never polls. A quota that ends in its own time needs none of this: the
 * queue has the time.
 */
export function createWaitWatcher(deps: WaitWatcherDeps): WaitWatcher {
  const { bus, clock, ledger, log } = deps;
  const life = new AbortController();
  const stops: (() => void)[] = [];
  let fallback = '';
  let looking: Promise<void> = Promise.resolve();
  let isAsked = false;

  const lookOnce = async (): Promise<void> => {
    isAsked = false;
    if (life.signal.aborted) return;
    const before = fallback;
    fallback = deps.settings().fallback_model;
    const hasNewFallback = fallback !== '' && fallback !== before;
    try {
      await lookAtAll(deps, hasNewFallback, life.signal);
    } catch (error) {
      if (!life.signal.aborted) log.error('waiting jobs were not looked at', { error: String(error) });
    }
  };
  /** One look at a time; what happens during one leads to one more. */
  const look = (): Promise<void> => {
    if (!isAsked) looking = looking.then(lookOnce);
    isAsked = true;
    return looking;
  };
  const lookAtMidnights = async (): Promise<void> => {
    for (;;) {
      const now = clock.now();
      await clock.sleep(Math.min(nextMidnight(now) - now, longestSleepMs), life.signal);
      await look();
    }
  };
  return {
    look,
    start: () => {
      fallback = deps.settings().fallback_model;
      const soon = (): void => void look();
      stops.push(ledger.onSettled(soon), bus.onWake(soon));
      lookAtMidnights().catch(() => undefined);
      soon();
    },
    stop: async () => {
      life.abort(new Error('stopping'));
      stops.splice(0).forEach((stop) => stop());
      await looking;
    },
  };
}

async function lookAtAll(deps: WaitWatcherDeps, hasNewFallback: boolean, signal: AbortSignal): Promise<void> {
  const { jobs } = deps.store.tables;
  for (const job of jobs.waitingFor('budget')) {
    const wait = waitOf(deps, job);
    if (wait?.kind === 'budget' && deps.ledger.fits(wait.call, wait))
      await resumeJob(deps, job.jobId, 'Going on: the next call fits into the limits');
  }
  const usable = accountsOf(deps, signal);
  for (const job of [...jobs.waitingFor('answer'), ...jobs.waitingFor('quota')]) {
    const wait = waitOf(deps, job);
    if (wait === null || wait.kind === 'budget') continue;
    const canUseFallback = wait.kind === 'quota' && hasNewFallback;
    if (canUseFallback || (await usable(wait)))
      await resumeJob(deps, job.jobId, 'Going on: a model can be called again');
  }
}

const waitOf = ({ store }: WaitWatcherDeps, job: JobRecord): Wait | null =>
  waitFact.get(store.tables, job.jobId)?.wait ?? null;

/** Is there an account to call with; asked once for each provider, however many jobs wait for it. */
function accountsOf({ credentials }: WaitWatcherDeps, signal: AbortSignal) {
  const asked = new Map<string, ReturnType<Credentials['active']>>();
  return async (wait: Exclude<Wait, { kind: 'budget' }>): Promise<boolean> => {
    const found = asked.get(wait.provider) ?? credentials.active(wait.provider, signal);
    asked.set(wait.provider, found);
    const credential = await found;
    if (!credential.ok) return false;
    // The secret that was refused would be refused again, and again.
    return wait.kind === 'quota' || wait.refused !== secretDigest(credential.value);
  };
}
