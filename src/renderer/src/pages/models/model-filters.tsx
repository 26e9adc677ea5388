import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Catalog } from '../../../../shared/models.ts';
import { count } from '../../lib/format.ts';
import { capabilities, modelSorts, type ModelFilter, type ModelSort } from '../../lib/model-list.ts';

export function ModelFilters({
  catalog,
  filter,
  shown,
  onChange,
}: {
  catalog: Catalog;
  filter: ModelFilter;
  shown: number;
  onChange: (filter: ModelFilter) => void;
}) {
  const { t, i18n } = useTranslation();
  const toggle = (capability: (typeof capabilities)[number]): readonly (typeof capabilities)[number][] =>
    filter.needs.includes(capability)
      ? filter.needs.filter((other) => other !== capability)
      : [...filter.needs, capability];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <div className="relative min-w-56 flex-1">
        <Search
          size={15}
          aria-hidden="true"
          className="absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint"
        />
        <input
          type="search"
          aria-label={t('models.search')}
          placeholder={t('models.search')}
          className="control !pl-8"
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
        />
      </div>
      <select
        aria-label={t('models.provider')}
        className="control !w-auto"
        value={filter.provider}
        onChange={(event) => onChange({ ...filter, provider: event.target.value })}
      >
        <option value="">{t('models.all_providers')}</option>
        {catalog.providers.map(({ provider }) => (
          <option key={provider} value={provider}>
            {t(`providers.${provider as 'ollama'}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('models.sort')}
        className="control !w-auto"
        value={filter.sort}
        onChange={(event) => onChange({ ...filter, sort: event.target.value as ModelSort })}
      >
        {modelSorts.map((sort) => (
          <option key={sort} value={sort}>
            {t(`models.sorts.${sort}`)}
          </option>
        ))}
      </select>
      <fieldset className="flex gap-1">
        <legend className="sr-only">{t('models.needs')}</legend>
        {capabilities.map((capability) => (
          <button
            key={capability}
            type="button"
            aria-pressed={filter.needs.includes(capability)}
            className="h-8 rounded-lg border border-line-strong px-2.5 text-sm text-ink-soft hover:bg-hover aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent-ink"
            onClick={() => onChange({ ...filter, needs: toggle(capability) })}
          >
            {t(`models.can.${capability}`)}
          </button>
        ))}
      </fieldset>
      <p role="status" className="text-xs text-ink-faint tabular-nums">
        {t('models.shown', {
          shown: count(shown, i18n.language),
          all: count(catalog.models.length, i18n.language),
        })}
      </p>
    </div>
  );
}
