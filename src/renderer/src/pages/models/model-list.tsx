import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedModel } from '../../lib/model-list.ts';
import { useVirtualList } from '../../lib/use-virtual-list.ts';
import { ModelRow } from './model-row.tsx';
import { PriceDialog } from './price-dialog.tsx';

/** Rows exist only while they are near the visible part: a provider may list ten thousand models. */
export function ModelList({ models }: { models: readonly ListedModel[] }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [priced, setPriced] = useState<ListedModel | null>(null);
  const list = useVirtualList({
    count: models.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 72,
    getItemKey: (index) => models[index]?.name ?? index,
    overscan: 6,
  });
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-8 pb-12 max-md:px-4">
      <div
        role="list"
        aria-label={t('models.title')}
        className="relative"
        style={{ height: list.getTotalSize() }}
      >
        {list.getVirtualItems().map(({ index, key, start }) => {
          const model = models[index];
          if (!model) return null;
          return (
            <div
              key={key}
              role="listitem"
              aria-setsize={models.length}
              aria-posinset={index + 1}
              data-index={index}
              ref={list.measureElement}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <ModelRow model={model} onEditPrice={() => setPriced(model)} />
            </div>
          );
        })}
      </div>
      {priced && <PriceDialog model={priced} onClose={() => setPriced(null)} />}
    </div>
  );
}
