import { CircleAlert, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Catalog } from '../../../../shared/models.ts';
import { RelativeTime } from '../../components/time.tsx';

/** Providers whose list could not be had or is old. Those without an account say nothing here. */
export function ProviderNotes({ catalog }: { catalog: Catalog }) {
  const { t } = useTranslation();
  const troubled = catalog.providers.filter(
    (provider) => (provider.last_error !== null || provider.stale) && provider.last_refresh_at !== null,
  );
  if (troubled.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 rounded-xl bg-warn-soft px-4 py-2.5 text-sm">
      {troubled.map((provider) => {
        const Icon = provider.last_error === null ? Clock : CircleAlert;
        return (
          <li key={`${provider.provider} ${provider.account_id}`} className="flex items-start gap-2">
            <Icon size={15} aria-hidden="true" className="mt-0.5 shrink-0 text-warn" />
            <span className="min-w-0 break-words">
              <span className="font-medium">{t(`providers.${provider.provider as 'ollama'}`)}</span>
              {': '}
              {provider.last_error ?? t('models.stale')}
              {provider.last_success_at && provider.model_count > 0 && (
                <span className="text-ink-faint">
                  {' '}
                  {t('models.last_known')} <RelativeTime at={provider.last_success_at} />
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
