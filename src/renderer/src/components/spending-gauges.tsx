import { useTranslation } from 'react-i18next';
import type { Spending } from '../../../shared/usage-report.ts';
import { count } from '../lib/format.ts';
import { usd } from '../lib/money.ts';
import { Gauge } from './gauge.tsx';

/** Cost and tokens, spent and set aside, against their limits where there are any. */
export function SpendingGauges({ spending }: { spending: Spending }) {
  const { t, i18n } = useTranslation();
  const money = (value: number): string => usd(value, i18n.language);
  const tokens = (value: number): string => count(value, i18n.language);
  return (
    <div className="grid grid-cols-2 gap-x-8 gap-y-3 max-md:grid-cols-1">
      <Amount
        label={t('usage.cost')}
        spent={spending.spent_usd}
        reserved={spending.reserved_usd}
        limit={spending.max_cost_usd}
        show={money}
      />
      <Amount
        label={t('usage.tokens')}
        spent={spending.spent_tokens}
        reserved={spending.reserved_tokens}
        limit={spending.max_tokens}
        show={tokens}
      />
      {spending.unpriced_calls > 0 && (
        <p className="col-span-full text-xs text-warn">
          {t('usage.unpriced', { count: spending.unpriced_calls })}
        </p>
      )}
    </div>
  );
}

function Amount({
  label,
  spent,
  reserved,
  limit,
  show,
}: {
  label: string;
  spent: number;
  reserved: number;
  limit: number | null;
  show: (value: number) => string;
}) {
  const { t } = useTranslation();
  const held = reserved > 0 ? t('usage.reserved', { amount: show(reserved) }) : '';
  if (limit === null)
    return (
      <div>
        <p className="text-xs text-ink-soft">{label}</p>
        <p className="text-lg font-semibold tabular-nums">{show(spent)}</p>
        {held && <p className="text-xs text-ink-faint">{held}</p>}
      </div>
    );
  const percent = limit === 0 ? 100 : ((spent + reserved) / limit) * 100;
  return (
    <Gauge
      label={label}
      percent={percent}
      text={[t('usage.of', { spent: show(spent), limit: show(limit) }), held].filter(Boolean).join(' · ')}
    />
  );
}
