import { createElement } from 'react';
import type { DiffLine } from '../../../lib/diff.ts';
import type { Side } from '../../../lib/diff-rows.ts';

export const lineTone: Record<DiffLine['kind'], string> = {
  context: '',
  add: 'bg-add-line',
  del: 'bg-del-line',
};
const markTone: Record<DiffLine['kind'], string> = { context: '', add: 'bg-add-word', del: 'bg-del-word' };
const tagOf = { context: 'span', add: 'ins', del: 'del' } as const;
const signOf = { context: ' ', add: '+', del: '−' };

export function LineNumber({ value }: { value: number | null }) {
  return <span className="pr-2 text-right text-ink-faint tabular-nums select-none">{value}</span>;
}

/** Code is shown as text, never as markup: it comes from anywhere. */
export function LineText({ side: { line, mark } }: { side: Side }) {
  const [from, to] = mark ?? [0, 0];
  return (
    <span className="flex min-w-0 pr-3">
      <span aria-hidden="true" className="w-4 shrink-0 text-ink-faint select-none">
        {signOf[line.kind]}
      </span>
      {createElement(
        tagOf[line.kind],
        { className: 'min-w-0 flex-1 whitespace-pre-wrap no-underline [overflow-wrap:anywhere]' },
        mark ? line.text.slice(0, from) : line.text,
        mark && (
          <mark className={`rounded-xs text-inherit ${markTone[line.kind]}`}>
            {line.text.slice(from, to)}
          </mark>
        ),
        mark && line.text.slice(to),
      )}
    </span>
  );
}
