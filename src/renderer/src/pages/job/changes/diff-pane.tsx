import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileDiff } from '../../../lib/diff.ts';
import { type DiffView, diffRows } from '../../../lib/diff-rows.ts';
import { useShortcuts } from '../../../lib/keys.ts';
import { useVirtualList } from '../../../lib/use-virtual-list.ts';
import { DiffRowView } from './diff-row.tsx';
import { FileList, type ListedFile } from './file-list.tsx';

const toggled = (set: ReadonlySet<string>, value: string): ReadonlySet<string> =>
  set.has(value) ? new Set([...set].filter((each) => each !== value)) : new Set([...set, value]);

/** Files on the left, all their changes as one long virtual list on the right; j and k go from file to file. */
export function DiffPane({
  files,
  listed,
  view,
}: {
  files: readonly FileDiff[];
  listed: readonly ListedFile[];
  view: DiffView;
}) {
  const { t } = useTranslation();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => diffRows(files, view, folded, unfolded), [files, view, folded, unfolded]);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualList({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'file' ? 44 : 20),
    getItemKey: (index) => `${view}\n${rows[index]?.key ?? ''}`,
    overscan: 24,
  });
  const visible = list.getVirtualItems();
  const offset = list.scrollOffset ?? 0;
  const top = visible.find((item) => item.end > offset + 4)?.index ?? 0;
  const current = rows.findLast((row, index) => index <= top && row.kind === 'file')?.key ?? null;
  const goTo = (path: string): void => {
    const index = rows.findIndex((row) => row.kind === 'file' && row.key === path);
    if (index >= 0) list.scrollToIndex(index, { align: 'start' });
  };
  const step = (by: 1 | -1) => () => {
    const path = files[files.findIndex((file) => file.path === current) + by]?.path;
    if (path !== undefined) goTo(path);
  };
  useShortcuts({ j: step(1), k: step(-1) });

  return (
    <div className="flex min-h-0 flex-1">
      <FileList files={listed} current={current} onPick={goTo} />
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t('job.changes')}
        className="min-w-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        <div className="relative" style={{ height: list.getTotalSize() + 80 }}>
          <div
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${visible[0]?.start ?? 0}px)` }}
          >
            {visible.map(({ index, key }) => {
              const row = rows[index];
              return (
                row && (
                  <div key={key} data-index={index} ref={list.measureElement}>
                    <DiffRowView
                      row={row}
                      onFold={(path) => setFolded(toggled(folded, path))}
                      onShow={(path) => setUnfolded(toggled(unfolded, path))}
                    />
                  </div>
                )
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}
