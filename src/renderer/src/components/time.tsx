import { useTranslation } from 'react-i18next';
import { fullTime, relativeTime } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';

export function RelativeTime({ at, className = '' }: { at: string; className?: string }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  return (
    <time dateTime={at} title={fullTime(at, i18n.language)} className={`tabular-nums ${className}`}>
      {relativeTime(at, now, i18n.language) ?? t('time.now')}
    </time>
  );
}
