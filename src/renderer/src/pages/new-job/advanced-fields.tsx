import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { type BudgetName, budgetNames } from './form-values.ts';
import type { NewJobForm } from './use-new-job-form.ts';

const labelOf = {
  max_state_transitions: 'new_job.transitions',
  max_tool_calls: 'new_job.tool_calls',
  max_cost_usd: 'budget.max_cost',
  max_tokens: 'budget.max_tokens',
} as const;

export function AdvancedFields({ form }: { form: NewJobForm }) {
  const { t } = useTranslation();
  const { values, errors, change } = form;
  const hasError = budgetNames.some((name) => errors[name]);
  return (
    <>
      <Choice
        legend={t('new_job.approval')}
        options={(['manual', 'auto'] as const).map((value) => ({ value, label: t(`approval.${value}`) }))}
        value={values.approval}
        onChange={(approval) => change({ approval })}
        help={t(`approval.${values.approval}_help`)}
      />
      <details className="group" open={hasError || undefined}>
        <summary className="flex w-fit items-center gap-1 rounded-md text-sm font-medium text-ink-soft hover:text-ink">
          <ChevronRight size={15} aria-hidden="true" className="transition-transform group-open:rotate-90" />
          {t('new_job.advanced')}
        </summary>
        <div className="mt-4 flex flex-col gap-6">
          <Choice
            legend={t('new_job.specialists')}
            options={(['all', 'auto'] as const).map((value) => ({ value, label: t(`specialists.${value}`) }))}
            value={values.specialists}
            onChange={(specialists) => change({ specialists })}
            help={t(`specialists.${values.specialists}_help`)}
          />
          <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
            {budgetNames.map((name) => (
              <BudgetField key={name} name={name} form={form} />
            ))}
          </div>
        </div>
      </details>
    </>
  );
}

function BudgetField({ name, form: { values, errors, change } }: { name: BudgetName; form: NewJobForm }) {
  const { t } = useTranslation();
  return (
    <Field label={t(labelOf[name])} error={errors[name]}>
      {(ids) => (
        <input
          {...ids}
          inputMode="decimal"
          className="control"
          placeholder={t('new_job.from_settings')}
          value={values[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}
