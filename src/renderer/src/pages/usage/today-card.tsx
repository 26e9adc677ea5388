import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Spending } from '../../../../shared/usage-report.ts';
import { Section } from '../../components/section.tsx';
import { SpendingGauges } from '../../components/spending-gauges.tsx';
import { LinkButton } from '../../components/button.tsx';
import { toHash } from '../../lib/router.ts';
import { useStores } from '../../stores/context.ts';

const hasLimit = (spending: Spending): boolean =>
  spending.max_cost_usd !== null || spending.max_tokens !== null;

/** Today against its limits, as a whole and of each account that has one. */
export function TodayCard() {
  const { t } = useTranslation();
  const { usage } = useStores();
  const today = useStore(usage.store, (state) => state.today.value);
  if (!today) return null;
  const limited = today.accounts.filter(({ spending }) => hasLimit(spending));
  return (
    <Section title={t('usage.today')}>
      <div className="flex flex-col gap-4 rounded-xl border border-line p-4">
        <SpendingGauges spending={today.spending} />
        {!hasLimit(today.spending) && (
          <div className="flex flex-wrap items-center gap-3 text-sm text-ink-soft">
            <span className="flex-1">{t('usage.no_limit_help')}</span>
            <LinkButton href={toHash.settings}>{t('usage.set_limit')}</LinkButton>
          </div>
        )}
        {limited.map(({ provider, account_id: accountId, spending }) => (
          <div key={`${provider} ${accountId}`} className="flex flex-col gap-2 border-t border-line pt-3">
            <h3 className="text-sm font-medium">
              {t(`providers.${provider as 'ollama'}`)} · {accountId}
            </h3>
            <SpendingGauges spending={spending} />
          </div>
        ))}
      </div>
    </Section>
  );
}
