import { Bot } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EventMetadata } from '../../../../../shared/events.ts';
import { LongText } from '../../../components/long-text.tsx';
import type { Row } from '../../../lib/timeline-rows.ts';
import { RowFrame } from './row-frame.tsx';
import { ToolCall } from './tool-call.tsx';

type AgentStep = Extract<EventMetadata, { event_type: 'agent_step' }>;

/** What an agent said in one step, and the tools it called with what came of them. */
export function AgentStepRow({ row, step }: { row: Row; step: AgentStep }) {
  const { t } = useTranslation();
  const tokens = step.prompt_tokens + step.completion_tokens;
  return (
    <RowFrame at={row.event.at} icon={Bot} tone="accent">
      <p className="flex items-baseline gap-2 text-sm">
        <span className="font-medium">{t(`role.${step.agent_role}`)}</span>
        {step.task_id && <span className="text-xs text-ink-faint">{step.task_id}</span>}
        {tokens > 0 && (
          <span className="text-xs text-ink-faint tabular-nums">
            {t('timeline.tokens', { count: tokens })}
          </span>
        )}
      </p>
      {step.text.trim() !== '' && <LongText text={step.text} className="mt-0.5" />}
      {step.tool_calls.length > 0 && (
        <div className="mt-1.5 flex flex-col gap-1">
          {step.tool_calls.map((call) => (
            <ToolCall
              key={call.call_id}
              name={call.name}
              summary={call.summary}
              result={row.results[call.call_id]}
            />
          ))}
        </div>
      )}
    </RowFrame>
  );
}
