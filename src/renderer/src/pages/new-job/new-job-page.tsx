import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../components/button.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { PageHeader } from '../../components/page.tsx';
import { Skeleton } from '../../components/states.tsx';
import { useStores } from '../../stores/context.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { BranchField } from './branch-field.tsx';
import { GoalField } from './goal-field.tsx';
import { ModeField } from './mode-field.tsx';
import { ModelField } from './model-field.tsx';
import { RepoField } from './repo-field.tsx';
import { useNewJobForm } from './use-new-job-form.ts';

export default function NewJobPage() {
  const { newJob, machine } = useStores();
  const recent = useStore(newJob.store, (state) => state.recent);
  useEffect(() => {
    void newJob.load();
    void machine.check();
  }, [newJob, machine]);
  // The form starts with the last repository, so that a goal and Ctrl+Enter are enough.
  const isReady = !recent.loading && (recent.value !== null || recent.error !== null);
  return isReady ? <Form /> : <Skeleton className="p-8" rows={4} />;
}

function Form() {
  const { t } = useTranslation();
  const form = useNewJobForm();
  const { values, errors, change, submit, submitting } = form;
  return (
    <form
      noValidate
      className="min-h-0 flex-1 overflow-y-auto"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void submit();
      }}
    >
      <div className="mx-auto max-w-2xl pb-24">
        <PageHeader title={t('new_job.title')} />
        <div className="flex flex-col gap-6 px-8 max-md:px-4">
          <GoalField value={values.goal} error={errors.goal} onChange={(goal) => change({ goal })} />
          <div className="grid grid-cols-[2fr_1fr] items-start gap-4 max-md:grid-cols-1">
            <RepoField form={form} />
            <BranchField form={form} />
          </div>
          <ModeField mode={values.mode} onChange={(mode) => change({ mode })} />
          <ModelField value={values.model} error={errors.model} onChange={(model) => change({ model })} />
          <AdvancedFields form={form} />
        </div>
      </div>
      <div className="sticky bottom-0 border-t border-line bg-bg">
        <div className="mx-auto flex max-w-2xl items-center justify-end gap-3 px-8 py-3 max-md:px-4">
          {errors.other && (
            <p role="alert" className="flex-1 text-sm text-bad">
              {errors.other}
            </p>
          )}
          <Button type="submit" look="primary" busy={submitting}>
            {submitting ? t('new_job.submitting') : t('new_job.submit')}
            <Kbd onAccent>Ctrl ↵</Kbd>
          </Button>
        </div>
      </div>
    </form>
  );
}
