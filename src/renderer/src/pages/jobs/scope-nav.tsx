import { useTranslation } from 'react-i18next';
import { toHash } from '../../lib/router.ts';
import { type Scope, scopes } from '../../stores/jobs.ts';

/** Which jobs to show: links, so that the address and the way back know it. */
export function ScopeNav({ scope }: { scope: Scope }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('jobs.scope')} className="flex flex-wrap gap-0.5">
      {scopes.map((each) => (
        <a
          key={each}
          href={toHash.jobs(each)}
          aria-current={each === scope ? 'true' : undefined}
          className={`rounded-lg px-2.5 py-1 text-sm transition-colors ${
            each === scope ? 'bg-hover font-medium text-ink' : 'text-ink-soft hover:bg-soft hover:text-ink'
          }`}
        >
          {t(`jobs.${each}`)}
        </a>
      ))}
    </nav>
  );
}
