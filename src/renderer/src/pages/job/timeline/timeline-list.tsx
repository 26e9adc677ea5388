import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../../components/button.tsx';
import { useShortcuts } from '../../../lib/keys.ts';
import { useVirtualList } from '../../../lib/use-virtual-list.ts';
import { useJobPage } from '../../../stores/context.ts';
import { LiveRow } from './live-row.tsx';
import { TimelineRow } from './timeline-row.tsx';

/** Pixels from the end within which the list counts as being at its end. */
const endZone = 60;
/** Rows from the start at which older ones are asked for. */
const ahead = 40;

/** Rows of the job, then what agents are writing. Stays at the end while it is there. */
export function TimelineList() {
  const { t } = useTranslation();
  const { timeline } = useJobPage();
  const rows = useStore(timeline.store, (state) => state.rows);
  const hasOlder = useStore(timeline.store, (state) => state.hasOlder);
  const loadingOlder = useStore(timeline.store, (state) => state.loadingOlder);
  const writing = useStore(timeline.store, (state) => Object.keys(state.live).join('\n'));
  const agents = writing === '' ? [] : writing.split('\n');
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  // Whether the reader has moved away from the end by hand since it was last there.
  const moved = useRef(false);
  const total = rows.length + agents.length;
  const list = useVirtualList({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => 34,
    getItemKey: (index) => rows[index]?.key ?? `live:${agents[index - rows.length] ?? ''}`,
    overscan: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endZone,
    onChange: (instance) => {
      const atEnd = instance.isAtEnd(endZone);
      setAtEnd(atEnd);
      if (atEnd) moved.current = false;
      timeline.follow(atEnd);
    },
  });
  const visible = list.getVirtualItems();
  const first = visible[0]?.index ?? 0;
  useEffect(() => {
    if (hasOlder && !loadingOlder && first < ahead && !isAtEnd) void timeline.loadOlder();
  }, [timeline, hasOlder, loadingOlder, first, isAtEnd]);
  const toEnd = (): void => list.scrollToIndex(total - 1, { align: 'end' });
  // Rows get their real heights one by one, and what stands above the list comes and goes: until the reader moves, the
  // end stays in sight.
  useEffect(() => {
    if (!moved.current && !isAtEnd) list.scrollToIndex(total - 1, { align: 'end' });
  });
  const move = (): void => {
    moved.current = true;
  };
  const scrollBy = (share: number): void => {
    const view = scroller.current;
    move();
    view?.scrollBy({ top: share * view.clientHeight });
  };
  useShortcuts({ j: () => scrollBy(0.25), k: () => scrollBy(-0.25), e: toEnd });

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {loadingOlder && (
        <p
          role="status"
          className="absolute inset-x-0 top-2 z-10 mx-auto w-fit rounded-full border border-line bg-raised px-3 py-1 text-xs text-ink-soft shadow-soft"
        >
          {t('timeline.loading_older')}
        </p>
      )}
      <div
        ref={scroller}
        onWheel={move}
        onTouchMove={move}
        onPointerDown={move}
        onKeyDown={move}
        tabIndex={0}
        aria-label={t('timeline.list')}
        role="region"
        className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        <div className="relative max-w-5xl" style={{ height: list.getTotalSize() + 48 }}>
          <div
            role="list"
            className="absolute inset-x-0 top-4 px-8 max-md:px-4"
            style={{ transform: `translateY(${visible[0]?.start ?? 0}px)` }}
          >
            {visible.map(({ index, key }) => {
              const row = rows[index];
              return (
                <div key={key} role="listitem" data-index={index} ref={list.measureElement}>
                  {row ? <TimelineRow row={row} /> : <LiveRow agent={agents[index - rows.length] ?? ''} />}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {!isAtEnd && (
        <Button
          className="rise absolute inset-x-0 bottom-4 mx-auto w-fit !rounded-full shadow-float"
          onClick={toEnd}
        >
          <ArrowDown size={14} aria-hidden="true" />
          {t('timeline.to_end')}
        </Button>
      )}
    </div>
  );
}
