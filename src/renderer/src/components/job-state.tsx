import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Hand,
  LoaderCircle,
  type LucideIcon,
  MessageCircleQuestion,
} from 'lucide-react';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState, WaitingFor } from '../../../shared/job.ts';

type Tone = 'idle' | 'busy' | 'warn' | 'good' | 'bad';

const toneOf: Record<JobState, Tone> = {
  received: 'idle',
  context_collecting: 'busy',
  planning: 'busy',
  awaiting_plan_approval: 'busy',
  executing: 'busy',
  auto_fixing: 'busy',
  reporting: 'busy',
  completed: 'good',
  failed: 'bad',
  canceled: 'idle',
};
const text: Record<Tone, string> = {
  idle: 'text-ink-faint',
  busy: 'text-accent-ink',
  warn: 'text-warn',
  good: 'text-good',
  bad: 'text-bad',
};
const pill: Record<Tone, string> = {
  idle: 'bg-soft text-ink-soft',
  busy: 'bg-accent-soft text-accent-ink',
  warn: 'bg-warn-soft text-warn',
  good: 'bg-good-soft text-good',
  bad: 'bg-bad-soft text-bad',
};

interface Props {
  state: JobState;
  waitingFor: WaitingFor | null;
}

const iconOf = ({ state, waitingFor }: Props): LucideIcon => {
  if (waitingFor) return waitingFor === 'answer' ? MessageCircleQuestion : Hand;
  if (state === 'received') return CircleDashed;
  if (state === 'completed') return CircleCheck;
  if (state === 'failed') return CircleX;
  return state === 'canceled' ? Ban : LoaderCircle;
};

/** The state at a glance, beside a pill that says it in words. */
export function JobStateIcon({ state, waitingFor }: Props) {
  const icon = iconOf({ state, waitingFor });
  const tone = waitingFor ? 'warn' : toneOf[state];
  const spin = icon === LoaderCircle ? 'turn' : '';
  const className = `shrink-0 ${text[tone]} ${spin}`;
  return createElement(icon, { size: 17, strokeWidth: 2, 'aria-hidden': true, className });
}

export function JobStatePill({ state, waitingFor }: Props) {
  const { t } = useTranslation();
  const tone = waitingFor ? 'warn' : toneOf[state];
  return (
    <span className={`rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${pill[tone]}`}>
      {waitingFor ? t(`waiting.${waitingFor}`) : t(`state.${state}`)}
    </span>
  );
}
