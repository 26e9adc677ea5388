import { FileDiff as FileDiffIcon, RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { IconButton } from '../../../components/button.tsx';
import { Choice } from '../../../components/choice.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../../components/states.tsx';
import type { JobParts } from '../../../stores/job-page.ts';
import { useJobPage } from '../../../stores/context.ts';
import { parseDiff } from '../../../lib/diff.ts';
import type { DiffView } from '../../../lib/diff-rows.ts';
import { Counts } from './counts.tsx';
import { DiffPane } from './diff-pane.tsx';

export function ChangesTab() {
  const { t } = useTranslation();
  const page = useJobPage();
  const { value, error, loading } = useStore(page.store, (state) => state.diff);
  useEffect(() => page.want('diff'), [page]);
  if (value && (value.files.length > 0 || value.diff !== '')) return <Changes diff={value} />;
  // A job without a workspace has nothing to compare: that is not a failure.
  if (error && error.code !== 'not_found')
    return (
      <ErrorState title={t('changes.load_error')} error={error} onRetry={() => page.reloadPart('diff')} />
    );
  if (loading) return <Skeleton className="px-8 pt-6" />;
  return <EmptyState icon={FileDiffIcon} title={t('changes.empty')} help={t('changes.empty_help')} />;
}

function Changes({ diff }: { diff: JobParts['diff'] }) {
  const { t } = useTranslation();
  const page = useJobPage();
  const [view, setView] = useState<DiffView>('unified');
  const parsed = useMemo(() => parseDiff(diff.diff), [diff.diff]);
  const additions = diff.files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = diff.files.reduce((sum, file) => sum + file.deletions, 0);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-3 border-b border-line px-8 py-2 text-sm max-md:px-4">
        <span>{t('changes.files', { count: diff.files.length })}</span>
        <Counts additions={additions} deletions={deletions} />
        <span className="flex-1" />
        <Choice
          legend={t('changes.view')}
          hideLegend
          options={(['unified', 'split'] as const).map((value) => ({ value, label: t(`changes.${value}`) }))}
          value={view}
          onChange={setView}
        />
        <IconButton label={t('changes.refresh')} onClick={() => page.reloadPart('diff')}>
          <RefreshCw size={14} aria-hidden="true" />
        </IconButton>
      </div>
      {diff.truncated && (
        <p role="status" className="bg-warn-soft px-8 py-1.5 text-sm text-warn max-md:px-4">
          {t('changes.truncated')}
        </p>
      )}
      <DiffPane files={parsed} listed={diff.files} view={view} />
    </div>
  );
}
