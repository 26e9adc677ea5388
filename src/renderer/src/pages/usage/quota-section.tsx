import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { QuotaGauges } from '../../components/quota-gauges.tsx';
import { Section } from '../../components/section.tsx';
import { useStores } from '../../stores/context.ts';

/** What the providers say is used up of each account's plan. */
export function QuotaSection() {
  const { t } = useTranslation();
  const { accounts } = useStores();
  const list = useStore(accounts.store, (state) => state.list.value?.accounts);
  useEffect(() => void accounts.load(), [accounts]);
  const withQuota = (list ?? []).filter((account) => (account.quota?.windows.length ?? 0) > 0);
  if (withQuota.length === 0) return null;
  return (
    <Section title={t('usage.quotas')}>
      <ul className="rounded-xl border border-line">
        {withQuota.map((account) => (
          <li
            key={`${account.provider} ${account.account_id}`}
            className="flex flex-col gap-2 border-line px-4 py-3 not-last:border-b"
          >
            <p className="text-sm">
              <span className="font-medium">{account.name}</span>{' '}
              <span className="text-ink-faint">
                {[t(`providers.${account.provider}`), account.quota?.plan].filter(Boolean).join(' · ')}
              </span>
            </p>
            {account.quota && <QuotaGauges quota={account.quota} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}
