import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { OutputOf } from '../../../../shared/operations.ts';
import { useErrorText } from '../../lib/error-text.ts';
import { useNotify } from '../../lib/notify.ts';
import { navigate, toHash } from '../../lib/router.ts';
import { useStores } from '../../stores/context.ts';
import {
  type FormErrors,
  type FormValues,
  type Problem,
  errorsOf,
  findProblems,
  toInput,
} from './form-values.ts';

export interface NewJobForm {
  values: FormValues;
  errors: FormErrors;
  submitting: boolean;
  recent: OutputOf<'repos.recent'>['repos'];
  change: (some: Partial<FormValues>) => void;
  submit: () => Promise<void>;
}

export function useNewJobForm(): NewJobForm {
  const { t } = useTranslation();
  const { newJob, settings, jobs } = useStores();
  const notify = useNotify();
  const errorText = useErrorText();
  const submitting = useStore(newJob.store, (state) => state.submitting);
  const recent = useStore(newJob.store, (state) => state.recent.value?.repos) ?? [];
  const defaults = useStore(settings.store, (state) => state.view.value?.values);
  const [typed, setTyped] = useState<Partial<FormValues>>({});
  const [errors, setErrors] = useState<FormErrors>({});
  const [refusals, setRefusals] = useState(0);
  // Where the first mistake is, there the person goes on; the field is marked before this runs.
  useEffect(() => {
    if (refusals > 0) document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus();
  }, [refusals]);
  const values: FormValues = {
    goal: '',
    repo: recent[0]?.repo ?? '',
    base_branch: recent[0]?.base_branch ?? 'main',
    mode: defaults?.default_mode ?? 'auto',
    model: defaults?.model ?? '',
    approval: defaults?.default_approval ?? 'manual',
    specialists: 'all',
    max_state_transitions: '',
    max_tool_calls: '',
    max_cost_usd: '',
    max_tokens: '',
    ...typed,
  };

  const wording = (problem: Problem): string => {
    if (problem.why === 'goal_long')
      return t('new_job.goal_long', { count: problem.count, max: problem.max });
    if (problem.why === 'number') return t('new_job.number', { min: problem.min, max: problem.max });
    return t(`new_job.${problem.why}`);
  };
  const show = (found: FormErrors): void => {
    setErrors(found);
    setRefusals((before) => before + 1);
  };

  return {
    values,
    errors,
    submitting,
    recent,
    change(some) {
      setTyped((before) => ({ ...before, ...some }));
      setErrors((before) =>
        Object.fromEntries(Object.entries(before).filter(([field]) => field !== 'other' && !(field in some))),
      );
    },
    async submit() {
      if (newJob.store.getState().submitting) return;
      const problems = findProblems(values);
      if (problems.length > 0)
        return show(Object.fromEntries(problems.map((problem) => [problem.field, wording(problem)])));
      const result = await newJob.submit(toInput(values, defaults?.model ?? ''));
      if (!result.ok) return show(errorsOf(result.error, errorText(result.error)));
      notify.done(t('new_job.created'));
      void jobs.refresh();
      navigate(toHash.job(result.value.job_id));
    },
  };
}
