import { useTranslation } from 'react-i18next';
import type { Quota } from '../../../shared/models.ts';
import { fullTime } from '../lib/format.ts';
import { Gauge } from './gauge.tsx';

/** What the provider says is used up of a plan, window by window. */
export function QuotaGauges({ quota }: { quota: Quota }) {
  const { t, i18n } = useTranslation();
  if (quota.windows.length === 0) return null;
  return (
    <div className="grid grid-cols-2 gap-x-6 gap-y-2 max-md:grid-cols-1">
      {quota.windows.map(({ label, used_percent: used, reset_at: resetAt }) => (
        <Gauge
          key={label}
          label={label}
          percent={used}
          text={
            resetAt === null
              ? t('usage.quota_used', { percent: Math.round(used) })
              : t('usage.quota_until', { percent: Math.round(used), at: fullTime(resetAt, i18n.language) })
          }
        />
      ))}
    </div>
  );
}
