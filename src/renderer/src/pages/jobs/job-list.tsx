import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type ListItem, createGrouping } from '../../lib/group-jobs.ts';
import { useShortcuts } from '../../lib/keys.ts';
import { useVirtualList } from '../../lib/use-virtual-list.ts';
import { useStores } from '../../stores/context.ts';
import { JobRow } from './job-row.tsx';

const rowHeight = 60;
const groupHeight = 38;
/** Rows before the end of what is loaded at which more is asked for. */
const ahead = 30;

export function JobList() {
  const { t } = useTranslation();
  const { jobs } = useStores();
  const next = useStore(jobs.store, (state) => state.next);
  const loadingMore = useStore(jobs.store, (state) => state.loadingMore);
  // Most events change one row and neither group nor order: then the list itself is not drawn again.
  const [itemsOf] = useState(createGrouping);
  const items = useStore(jobs.store, itemsOf);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualList({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.kind === 'group' ? groupHeight : rowHeight),
    getItemKey: (index) => keyOf(items[index]),
    overscan: 8,
  });
  const rows = list.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (next !== null && last >= items.length - ahead) void jobs.loadMore();
  }, [jobs, next, last, items.length]);
  const selection = useSelection(items, scroller, (index) => list.scrollToIndex(index, { align: 'auto' }));

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-5 pb-8 max-md:px-2">
      <div className="relative" style={{ height: list.getTotalSize() }}>
        {rows.map(({ index, key, start, size }) => {
          const item = items[index];
          if (!item) return null;
          return (
            <div
              key={key}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)`, height: size }}
            >
              {item.kind === 'group' ? (
                <GroupRow group={item.group} count={item.count} />
              ) : (
                <JobRow jobId={item.jobId} onFocus={selection.select} />
              )}
            </div>
          );
        })}
      </div>
      {loadingMore && (
        <p className="breathe py-3 text-center text-sm text-ink-faint">{t('jobs.loading_more')}</p>
      )}
    </div>
  );
}

const keyOf = (item: ListItem | undefined): string =>
  item === undefined ? '' : item.kind === 'group' ? `group:${item.group}` : item.jobId;

const GroupRow = memo(function GroupRow({
  group,
  count,
}: Omit<Extract<ListItem, { kind: 'group' }>, 'kind'>) {
  const { t } = useTranslation();
  return (
    <h2 className="flex h-full items-end gap-2 px-3 pb-1.5 text-xs font-medium text-ink-faint">
      {t(`jobs.${group}`)}
      <span className="tabular-nums">{count}</span>
    </h2>
  );
});

/** j and k (and the arrows) move through the jobs; Enter opens, since the focus is on a link. */
function useSelection(
  items: readonly ListItem[],
  scroller: React.RefObject<HTMLDivElement | null>,
  reveal: (index: number) => void,
): { select: (jobId: string) => void } {
  const [selected, select] = useState<string | null>(null);
  const move = (step: 1 | -1): void => {
    let index = items.findIndex((item) => item.kind === 'job' && item.jobId === selected);
    do index += index === -1 && step === -1 ? items.length : step;
    while (items[index]?.kind === 'group');
    const item = items[index];
    if (item?.kind !== 'job') return;
    select(item.jobId);
    reveal(index);
    const focus = (): boolean => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-job="${CSS.escape(item.jobId)}"]`);
      row?.focus();
      return row !== undefined && row !== null;
    };
    // At once, since Enter may follow; a row further away exists only after the list has scrolled to it.
    if (!focus()) requestAnimationFrame(focus);
  };
  const down = (): void => move(1);
  const up = (): void => move(-1);
  useShortcuts({ j: down, k: up, ArrowDown: down, ArrowUp: up });
  return { select };
}
