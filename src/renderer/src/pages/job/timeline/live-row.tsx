import { Bot } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useJobPage } from '../../../stores/context.ts';
import { RowFrame } from './row-frame.tsx';

/** What an agent is writing at this moment. Plain text: half-written markdown would jump about. */
export function LiveRow({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const { timeline } = useJobPage();
  const live = useStore(timeline.store, (state) => state.live[agent]);
  if (!live) return null;
  return (
    <RowFrame at={null} icon={Bot} tone="accent">
      <p className="flex items-baseline gap-2 text-sm">
        <span className="font-medium">{t(`role.${live.role}`)}</span>
        <span className="breathe text-xs text-accent-ink">{t('timeline.writing')}</span>
      </p>
      <p className="mt-0.5 max-h-96 overflow-hidden break-words whitespace-pre-wrap text-ink-soft">
        {live.text}
      </p>
    </RowFrame>
  );
}
