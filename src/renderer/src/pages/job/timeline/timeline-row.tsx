import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../../lib/timeline-rows.ts';
import { LongText } from '../../../components/long-text.tsx';
import { AgentStepRow } from './agent-step-row.tsx';
import { describe } from './describe.ts';
import { RowFrame } from './row-frame.tsx';
import { ToolCall } from './tool-call.tsx';
import { VerificationRow } from './verification-row.tsx';

export const TimelineRow = memo(function TimelineRow({ row }: { row: Row }) {
  const { metadata } = row;
  if (metadata?.event_type === 'agent_step') return <AgentStepRow row={row} step={metadata} />;
  if (metadata?.event_type === 'verification') return <VerificationRow row={row} verification={metadata} />;
  return <PlainRow row={row} />;
});

function PlainRow({ row }: { row: Row }) {
  const { t } = useTranslation();
  const { icon, tone, title, detail } = describe(row, t);
  const { metadata } = row;
  const isTransition = metadata?.event_type === 'state_transition';
  return (
    <RowFrame at={row.event.at} icon={icon} tone={tone}>
      {metadata?.event_type === 'tool_result' ? (
        <ToolCall name={metadata.name} summary="" result={metadata} />
      ) : (
        <p className={`break-words ${isTransition ? 'font-medium' : ''}`}>{title}</p>
      )}
      {detail && <LongText text={detail} className="mt-0.5 text-sm text-ink-soft" />}
    </RowFrame>
  );
}
