import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import type { FileDiff } from '../../../lib/diff.ts';
import type { DiffRow, Side } from '../../../lib/diff-rows.ts';
import { Counts } from './counts.tsx';
import { FileName } from './file-list.tsx';
import { LineNumber, LineText, lineTone } from './line.tsx';

export const DiffRowView = memo(function DiffRowView({
  row,
  onFold,
  onShow,
}: {
  row: DiffRow;
  onFold: (path: string) => void;
  onShow: (path: string) => void;
}) {
  const { t } = useTranslation();
  switch (row.kind) {
    case 'file':
      return <FileRow file={row.file} isFolded={row.isFolded} onFold={onFold} />;
    case 'none':
      return <p className="px-4 py-4 text-sm text-ink-faint">{t('changes.binary')}</p>;
    case 'big':
      return (
        <p className="flex items-center gap-3 px-4 py-4 text-sm text-ink-soft">
          {t('changes.big', { count: row.file.additions + row.file.deletions })}
          <Button onClick={() => onShow(row.file.path)}>{t('changes.big_show')}</Button>
        </p>
      );
    case 'hunk':
      return (
        <p className="truncate bg-soft px-4 py-0.5 font-mono text-xs leading-5 text-ink-faint">
          @@ {row.hunk.oldStart} → {row.hunk.newStart} {row.hunk.place}
        </p>
      );
    case 'line':
      return <UnifiedLine side={row.side} />;
    case 'pair':
      return (
        <div className="grid grid-cols-2">
          <SplitLine side={row.left} at="left" />
          <SplitLine side={row.right} at="right" />
        </div>
      );
  }
});

function FileRow({
  file,
  isFolded,
  onFold,
}: {
  file: FileDiff;
  isFolded: boolean;
  onFold: (path: string) => void;
}) {
  const { t } = useTranslation();
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  return (
    <h2 className="border-y border-line bg-side">
      <button
        type="button"
        aria-expanded={!isFolded}
        onClick={() => onFold(file.path)}
        className="flex h-10 w-full items-center gap-2 px-4 text-left text-sm focus-visible:outline-offset-[-2px]"
      >
        <Chevron size={14} aria-hidden="true" className="shrink-0 text-ink-faint" />
        <span className="flex min-w-0 flex-1 items-center gap-2 font-medium">
          {file.oldPath !== null && <span className="truncate text-ink-faint">{file.oldPath} →</span>}
          <FileName path={file.path} />
        </span>
        {file.status !== 'modified' && (
          <span className="text-xs text-ink-faint">{t(`changes.${file.status}`)}</span>
        )}
        <Counts additions={file.additions} deletions={file.deletions} />
      </button>
    </h2>
  );
}

function UnifiedLine({ side }: { side: Side }) {
  const { line } = side;
  return (
    <div
      className={`grid grid-cols-[3.25rem_3.25rem_minmax(0,1fr)] font-mono text-xs leading-5 ${lineTone[line.kind]}`}
    >
      <LineNumber value={line.oldNo} />
      <LineNumber value={line.newNo} />
      <LineText side={side} />
    </div>
  );
}

function SplitLine({ side, at }: { side: Side | null; at: 'left' | 'right' }) {
  const border = at === 'right' ? 'border-l border-line' : '';
  if (!side) return <div className={`bg-soft ${border}`} />;
  const { line } = side;
  return (
    <div
      className={`grid grid-cols-[3.25rem_minmax(0,1fr)] font-mono text-xs leading-5 ${border} ${lineTone[line.kind]}`}
    >
      <LineNumber value={at === 'left' ? line.oldNo : line.newNo} />
      <LineText side={side} />
    </div>
  );
}
