import type { AppError } from '../../../../shared/errors.ts';
import { type Approval, type JobMode, maxGoalLength } from '../../../../shared/job.ts';
import type { InputOf } from '../../../../shared/operations.ts';

export interface FormValues {
  goal: string;
  repo: string;
  base_branch: string;
  /** `auto`: the engine chooses by the settings. */
  mode: JobMode | 'auto';
  model: string;
  approval: Approval;
  specialists: 'all' | 'auto';
  /** As typed; empty means the setting. */
  max_state_transitions: string;
  max_tool_calls: string;
  max_cost_usd: string;
  max_tokens: string;
}
export type FormErrors = Partial<Record<keyof FormValues | 'other', string>>;

export const budgetRange = {
  max_cost_usd: { min: 0, max: 1_000_000, whole: false },
  max_tokens: { min: 0, max: 1e12, whole: true },
  max_tool_calls: { min: 0, max: 100_000, whole: true },
  max_state_transitions: { min: 1, max: 1000, whole: true },
} as const;
export type BudgetName = keyof typeof budgetRange;
export const budgetNames = Object.keys(budgetRange) as BudgetName[];

/** What is wrong, before anything is sent; the page words it. */
export type Problem =
  | { field: 'goal'; why: 'goal_empty' }
  | { field: 'goal'; why: 'goal_long'; count: number; max: number }
  | { field: 'repo'; why: 'repo_empty' }
  | { field: 'base_branch'; why: 'branch_empty' }
  | { field: BudgetName; why: 'number'; min: number; max: number };

export function findProblems(values: FormValues): Problem[] {
  const problems: Problem[] = [];
  if (values.goal.trim() === '') problems.push({ field: 'goal', why: 'goal_empty' });
  else if (values.goal.length > maxGoalLength)
    problems.push({ field: 'goal', why: 'goal_long', count: values.goal.length, max: maxGoalLength });
  if (values.repo.trim() === '') problems.push({ field: 'repo', why: 'repo_empty' });
  if (values.base_branch.trim() === '') problems.push({ field: 'base_branch', why: 'branch_empty' });
  for (const field of budgetNames) {
    const { min, max, whole } = budgetRange[field];
    const typed = values[field].trim();
    if (typed === '') continue;
    const number = Number(typed);
    if (!Number.isFinite(number) || (whole && !Number.isInteger(number)) || number < min || number > max)
      problems.push({ field, why: 'number', min, max });
  }
  return problems;
}

/** What is left to the settings is left out. */
export function toInput(values: FormValues, settingsModel: string): InputOf<'jobs.create'> {
  const number = (typed: string): number | undefined => (typed.trim() === '' ? undefined : Number(typed));
  const model = values.model.trim();
  return {
    goal: values.goal,
    repo: values.repo.trim(),
    base_branch: values.base_branch.trim(),
    approval: values.approval,
    specialists: values.specialists,
    mode: values.mode === 'auto' ? undefined : values.mode,
    model: model === '' || model === settingsModel ? undefined : model,
    max_state_transitions: number(values.max_state_transitions),
    max_tool_calls: number(values.max_tool_calls),
    max_cost_usd: number(values.max_cost_usd),
    max_tokens: number(values.max_tokens),
  };
}

/** The engine's answer at the fields it speaks of: `loc` is the place on the wire, then the field. */
export function errorsOf(error: AppError, text: string): FormErrors {
  const errors: FormErrors = {};
  for (const { loc, msg } of error.fields ?? []) {
    const field = loc.find((part): part is keyof FormValues => fieldNames.has(part));
    errors[field ?? 'other'] ??= msg;
  }
  return Object.keys(errors).length > 0 ? errors : { other: text };
}
const fieldNames: ReadonlySet<unknown> = new Set<keyof FormValues>([
  'goal',
  'repo',
  'base_branch',
  'mode',
  'model',
  'approval',
  'specialists',
  'max_state_transitions',
  'max_tool_calls',
  'max_cost_usd',
  'max_tokens',
]);
