import { Boxes, RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button, LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/states.tsx';
import { listModels, type ModelFilter } from '../../lib/model-list.ts';
import { toHash } from '../../lib/router.ts';
import { useStores } from '../../stores/context.ts';
import { ModelFilters } from './model-filters.tsx';
import { ModelList } from './model-list.tsx';
import { ProviderNotes } from './provider-notes.tsx';
import { PullPanel } from './pull-panel.tsx';

/** All models of all accounts: find one, test it, make it the crew's or the leader's. */
export default function ModelsPage() {
  const { t } = useTranslation();
  const { models } = useStores();
  const { catalog } = useStore(models.store);
  useEffect(() => void models.load(), [models]);
  return (
    <>
      <PageHeader
        title={t('models.title')}
        aside={
          <Button busy={catalog.loading} onClick={() => void models.refresh()}>
            <RefreshCw size={14} aria-hidden="true" />
            {t('models.refresh')}
          </Button>
        }
      />
      <Body />
    </>
  );
}

function Body() {
  const { t } = useTranslation();
  const { models } = useStores();
  const { catalog, prices } = useStore(models.store);
  const [filter, setFilter] = useState<ModelFilter>({
    text: '',
    provider: '',
    needs: [],
    sort: 'recommended',
  });
  const { value, error } = catalog;
  const shown = useMemo(() => (value ? listModels(value, prices, filter) : []), [value, prices, filter]);
  if (error && !value)
    return <ErrorState title={t('models.load_error')} error={error} onRetry={() => void models.load()} />;
  if (!value) return <Skeleton className="px-8 pt-2" />;
  return (
    <>
      <div className="flex flex-col gap-3 px-8 pb-3 max-md:px-4">
        <ProviderNotes catalog={value} />
        <ModelFilters catalog={value} filter={filter} shown={shown.length} onChange={setFilter} />
        <PullPanel />
      </div>
      {shown.length > 0 ? (
        <ModelList models={shown} />
      ) : value.models.length === 0 ? (
        <EmptyState icon={Boxes} title={t('models.empty')} help={t('models.empty_help')}>
          <LinkButton href={toHash.accounts}>{t('models.to_accounts')}</LinkButton>
        </EmptyState>
      ) : (
        <EmptyState icon={Boxes} title={t('models.none_found')} help={t('models.none_found_help')} />
      )}
    </>
  );
}
