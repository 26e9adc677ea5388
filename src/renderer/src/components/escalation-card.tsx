import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Escalation } from '../../../shared/escalation.ts';
import { LongText } from './long-text.tsx';
import { RelativeTime } from './time.tsx';

const looks = {
  info: { icon: Info, tone: 'text-ink-soft' },
  warning: { icon: TriangleAlert, tone: 'text-warn' },
  critical: { icon: CircleAlert, tone: 'text-bad' },
};

export function EscalationCard({ escalation, children }: { escalation: Escalation; children?: ReactNode }) {
  const { t } = useTranslation();
  const { icon: Icon, tone } = looks[escalation.severity];
  return (
    <article className="rounded-xl border border-line px-4 py-3.5">
      <p className="flex items-center gap-2 text-sm">
        <Icon size={15} aria-hidden="true" className={tone} />
        <span className={`font-medium ${tone}`}>{t(`escalations.${escalation.severity}`)}</span>
        <RelativeTime at={escalation.at} className="text-xs text-ink-faint" />
      </p>
      <LongText text={escalation.reason} className="mt-1.5" />
      {children}
    </article>
  );
}
