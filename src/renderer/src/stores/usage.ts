import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { Result } from '../../../shared/errors.ts';
import type { OutputOf } from '../../../shared/operations.ts';
import type { UsageGroup, UsageReport } from '../../../shared/usage-report.ts';
import { type Loadable, notLoaded, settle, startLoading } from './loadable.ts';

export const usageSpans = [7, 30, 90] as const;
export type UsageSpan = (typeof usageSpans)[number];

export interface UsageState {
  by: UsageGroup;
  /** Days shown, today included. */
  days: UsageSpan;
  report: Loadable<UsageReport>;
  today: Loadable<OutputOf<'usage.today'>>;
}

/** The ISO date of a local day. */
export const localDay = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

export function spanOf(days: number, now: Date): { from: string; to: string } {
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1);
  return { from: localDay(from), to: localDay(now) };
}

/** What was used and what it cost, by day, model, job, account or role. */
export function createUsage(client: CrewClient) {
  const store = createStore<UsageState>(() => ({
    by: 'day',
    days: 30,
    report: notLoaded,
    today: notLoaded,
  }));
  const { getState: get, setState: set } = store;

  const load = async (): Promise<void> => {
    const { by, days } = get();
    set({ report: startLoading(get().report), today: startLoading(get().today) });
    const [report, today] = await Promise.all([
      client.call('usage.report', { by, ...spanOf(days, new Date()) }),
      client.call('usage.today', {}),
    ]);
    // A later choice has its own answer coming.
    if (get().by !== by || get().days !== days) return;
    set({ report: settle(get().report, report), today: settle(get().today, today) });
  };

  return {
    store,
    load,
    async choose(some: Partial<Pick<UsageState, 'by' | 'days'>>): Promise<void> {
      set(some);
      await load();
    },
    exportCsv: (): Promise<Result<OutputOf<'usage.csv'>>> =>
      client.call('usage.csv', spanOf(get().days, new Date())),
  };
}
export type UsageStore = ReturnType<typeof createUsage>;
