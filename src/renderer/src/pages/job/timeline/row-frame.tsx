import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime, fullTime } from '../../../lib/format.ts';

export type RowTone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';
const inks: Record<RowTone, string> = {
  plain: 'text-ink-faint',
  accent: 'text-accent-ink',
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
};

/** Time, mark and content: the grid that all rows of the timeline share. */
export function RowFrame({
  at,
  icon: Icon,
  tone,
  children,
}: {
  at: string | null;
  icon: LucideIcon;
  tone: RowTone;
  children: ReactNode;
}) {
  const { i18n } = useTranslation();
  return (
    <div className="grid grid-cols-[4.25rem_1.25rem_minmax(0,1fr)] gap-x-2 py-[0.3125rem]">
      {at === null ? (
        <span />
      ) : (
        <time
          dateTime={at}
          title={fullTime(at, i18n.language)}
          className="pt-px text-xs leading-5 text-ink-faint tabular-nums"
        >
          {clockTime(at, i18n.language)}
        </time>
      )}
      <Icon size={14} strokeWidth={2} aria-hidden="true" className={`mt-[0.1875rem] ${inks[tone]}`} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
