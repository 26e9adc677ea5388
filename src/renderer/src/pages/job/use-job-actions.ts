import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Result } from '../../../../shared/errors.ts';
import { useNotify } from '../../lib/notify.ts';
import { navigate, toHash } from '../../lib/router.ts';
import { useJobPage, useStores } from '../../stores/context.ts';

export interface JobActions {
  busy: boolean;
  approve: (version?: number) => Promise<void>;
  reject: (reason: string) => Promise<void>;
  cancel: (reason: string) => Promise<void>;
  answer: (escalationId: string, answer: string) => Promise<boolean>;
  raise: (limits: { max_cost_usd?: number | null; max_tokens?: number | null }) => Promise<void>;
  retry: () => Promise<void>;
}

/** What a person can do with the job of this page; each says how it went. */
export function useJobActions(): JobActions {
  const { t } = useTranslation();
  const page = useJobPage();
  const { inbox } = useStores();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);

  async function run<T>(act: () => Promise<Result<T>>, done: string): Promise<Result<T>> {
    setBusy(true);
    const result = await act();
    setBusy(false);
    if (result.ok) notify.done(done);
    else notify.failed(result.error);
    void inbox.refresh();
    return result;
  }

  return {
    busy,
    approve: async (version) => void (await run(() => page.approve(version), t('banner.approved'))),
    reject: async (reason) => void (await run(() => page.reject(reason), t('banner.rejected'))),
    cancel: async (reason) => void (await run(() => page.cancel(reason), t('job.canceled'))),
    answer: async (escalationId, answer) =>
      (await run(() => page.answer(escalationId, answer), t('banner.answered'))).ok,
    raise: async (limits) => void (await run(() => page.raise(limits), t('budget.raised'))),
    async retry() {
      const result = await run(page.retry, t('job.retried'));
      if (result.ok) navigate(toHash.job(result.value.job_id));
    },
  };
}
