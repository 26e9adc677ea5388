import { useTranslation } from 'react-i18next';

/** Lines added and removed. The signs are for the eye, the words for the ear. */
export function Counts({ additions, deletions }: { additions: number; deletions: number }) {
  const { t } = useTranslation();
  return (
    <span className="flex shrink-0 gap-1.5 text-xs font-medium tabular-nums">
      {additions > 0 && (
        <span className="text-good" aria-hidden="true">
          +{additions}
        </span>
      )}
      {deletions > 0 && (
        <span className="text-bad" aria-hidden="true">
          −{deletions}
        </span>
      )}
      <span className="sr-only">
        {t('changes.additions', { count: additions })}, {t('changes.deletions', { count: deletions })}
      </span>
    </span>
  );
}
