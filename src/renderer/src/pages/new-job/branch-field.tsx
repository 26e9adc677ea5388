import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Combobox } from '../../components/combobox.tsx';
import { Field } from '../../components/field.tsx';
import { useStores } from '../../stores/context.ts';
import type { NewJobForm } from './use-new-job-form.ts';

/** The branch to start from: one of the repository's when it could be looked at, else whatever is typed. */
export function BranchField({ form: { values, errors, change } }: { form: NewJobForm }) {
  const { t } = useTranslation();
  const { newJob } = useStores();
  const known = useStore(newJob.store, (state) => state.inspected.value);
  const adopt = useEffectEvent((branches: readonly string[], head: string | null) => {
    if (head !== null && !branches.includes(values.base_branch)) change({ base_branch: head });
  });
  useEffect(() => {
    if (known) adopt(known.branches, known.head_branch);
  }, [known]);
  return (
    <Field label={t('new_job.branch')} error={errors.base_branch}>
      {(ids) => (
        <Combobox
          {...ids}
          value={values.base_branch}
          listLabel={t('new_job.branch')}
          options={(known?.branches ?? []).map((branch) => ({ value: branch, label: branch }))}
          onChange={(base_branch) => change({ base_branch })}
        />
      )}
    </Field>
  );
}
