import {
  Camera,
  Circle,
  CircleAlert,
  CircleCheck,
  CircleX,
  ClipboardList,
  FolderGit2,
  GitCommitHorizontal,
  Hand,
  Info,
  type LucideIcon,
  MessageCircle,
  MoveRight,
  Play,
  Terminal,
  UserRound,
  Wallet,
  Wrench,
} from 'lucide-react';
import type { TFunction } from 'i18next';
import type { EventMetadata } from '../../../../../shared/events.ts';
import type { JobState } from '../../../../../shared/job.ts';
import { shortCommit } from '../../../lib/format.ts';
import type { Row } from '../../../lib/timeline-rows.ts';
import type { RowTone } from './row-frame.tsx';

export interface Described {
  icon: LucideIcon;
  tone: RowTone;
  title: string;
  /** Markdown, below the title. */
  detail?: string;
}

const toneOfState: Partial<Record<JobState, RowTone>> = {
  completed: 'good',
  failed: 'bad',
  auto_fixing: 'warn',
};

/** An event in words. An event of a later version shows the engine's own message. */
export function describe({ event, metadata }: Row, t: TFunction): Described {
  if (!metadata) return { icon: Circle, tone: 'plain', title: event.message };
  switch (metadata.event_type) {
    case 'workflow_step':
      return {
        icon: Circle,
        tone: metadata.phase === 'failed' ? 'bad' : 'plain',
        title: stepTitle(metadata, t) ?? event.message,
      };
    case 'agent_decision':
      return {
        icon: UserRound,
        tone: 'plain',
        title: `${t(`role.${metadata.agent_role}`)} · ${metadata.task_name}`,
        detail: metadata.decision,
      };
    case 'state_transition':
      return {
        icon: MoveRight,
        tone: toneOfState[metadata.to_state] ?? 'accent',
        title: t('timeline.state', {
          from: t(`state.${metadata.from_state}`),
          to: t(`state.${metadata.to_state}`),
        }),
        detail: metadata.error,
      };
    case 'workspace_ready':
      return {
        icon: FolderGit2,
        tone: 'plain',
        title: t('timeline.workspace', {
          count: metadata.file_count,
          commit: shortCommit(metadata.base_commit),
        }),
      };
    case 'plan_submitted':
      return {
        icon: ClipboardList,
        tone: 'accent',
        title: `${t('timeline.plan', { version: metadata.version })} · ${t('banner.tasks', { count: metadata.task_count })}`,
      };
    case 'plan_decision':
      return { icon: ClipboardList, ...decision(metadata, t), detail: metadata.reason };
    case 'waiting':
      return {
        icon: Hand,
        tone: 'warn',
        title: t('timeline.waiting', { what: t(`waiting.${metadata.waiting_for}`) }),
      };
    case 'resumed':
      return { icon: Play, tone: 'plain', title: t('timeline.resumed') };
    case 'budget_changed':
      return {
        icon: Wallet,
        tone: 'accent',
        title: t('timeline.budget_changed'),
        detail: budgetText(metadata, t),
      };
    case 'task_status':
      return {
        icon: metadata.status === 'failed' ? CircleX : metadata.status === 'finished' ? CircleCheck : Play,
        tone: metadata.status === 'failed' ? 'bad' : metadata.status === 'finished' ? 'good' : 'plain',
        title: `${t(`timeline.task_${metadata.status}`, { id: metadata.task_id })} · ${metadata.title}`,
        detail: metadata.summary,
      };
    case 'progress':
      return {
        icon: MessageCircle,
        tone: 'plain',
        title: t(`role.${metadata.agent_role}`),
        detail: metadata.text,
      };
    case 'snapshot':
      return {
        icon: Camera,
        tone: 'plain',
        title: t('timeline.snapshot', { number: metadata.number, commit: shortCommit(metadata.commit) }),
      };
    case 'auto_fix':
      return {
        icon: Wrench,
        tone: 'warn',
        title: t('timeline.auto_fix', { round: metadata.round }),
        detail: metadata.reason,
      };
    case 'committed':
      return {
        icon: GitCommitHorizontal,
        tone: 'good',
        title: t('timeline.committed', { commit: shortCommit(metadata.commit), branch: metadata.branch }),
      };
    case 'escalation':
      return {
        icon: CircleAlert,
        tone: metadata.severity === 'info' ? 'plain' : metadata.severity === 'warning' ? 'warn' : 'bad',
        title: `${t('timeline.escalation')} · ${t(`escalations.${metadata.severity}`)}`,
        detail: metadata.reason,
      };
    case 'answered':
      return { icon: MessageCircle, tone: 'accent', title: t('timeline.answered'), detail: metadata.answer };
    case 'notice':
      return { icon: Info, tone: 'plain', title: metadata.text };
    case 'tool_result':
      return { icon: Terminal, tone: metadata.ok ? 'plain' : 'bad', title: metadata.name };
    case 'agent_step':
    case 'verification':
      // These have rows of their own.
      return { icon: Circle, tone: 'plain', title: event.message };
  }
}

type Of<T extends EventMetadata['event_type']> = Extract<EventMetadata, { event_type: T }>;

function stepTitle({ step, phase }: Of<'workflow_step'>, t: TFunction): string | null {
  switch (`${step}:${phase}`) {
    case 'request:received':
      return t('timeline.created');
    case 'pan_out:started':
      return t('timeline.pan_out_started');
    case 'pan_out:completed':
      return t('timeline.pan_out_completed');
    case 'pan_in:completed':
      return t('timeline.pan_in_completed');
    case 'aggregation:completed':
      return t('timeline.aggregation_completed');
    case 'execution:completed':
      return t('timeline.execution_completed');
    case 'execution:failed':
      return t('timeline.execution_failed');
    case 'final_conclusion:completed':
      return t('timeline.final_completed');
    case 'final_conclusion:failed':
      return t('timeline.final_failed');
    default:
      return null;
  }
}

function budgetText({ max_cost_usd: cost, max_tokens: tokens }: Of<'budget_changed'>, t: TFunction): string {
  return t('timeline.budget_limits', {
    cost: cost === null ? t('settings.no_limit') : `$${cost}`,
    tokens: tokens === null ? t('settings.no_limit') : tokens.toLocaleString(),
  });
}

function decision(
  { decision: made, by }: Of<'plan_decision'>,
  t: TFunction,
): Pick<Described, 'tone' | 'title'> {
  if (made === 'rejected') return { tone: 'bad', title: t('timeline.plan_rejected') };
  return {
    tone: 'good',
    title: t(by === 'automatic' ? 'timeline.plan_approved_auto' : 'timeline.plan_approved'),
  };
}
