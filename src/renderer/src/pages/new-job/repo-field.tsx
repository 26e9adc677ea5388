import { FolderOpen } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../components/button.tsx';
import { Combobox } from '../../components/combobox.tsx';
import { Field } from '../../components/field.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import { repoName } from '../../lib/format.ts';
import { useStores } from '../../stores/context.ts';
import type { NewJobForm } from './use-new-job-form.ts';

const settleMs = 600;

/** Where to work: a recent repository, a path or address, or a folder picked in the desktop. */
export function RepoField({ form }: { form: NewJobForm }) {
  const { t } = useTranslation();
  const { newJob } = useStores();
  const errorText = useErrorText();
  const { inspected, inspectedRepo } = useStore(newJob.store);
  const { values, errors, recent, change } = form;
  const repo = values.repo.trim();
  useEffect(() => {
    // The one that the form starts with is looked at right away, one being typed when it seems complete.
    const isFirst = newJob.store.getState().inspectedRepo === null;
    const timer = setTimeout(() => void newJob.inspect(repo), isFirst ? 0 : settleMs);
    return () => clearTimeout(timer);
  }, [newJob, repo]);

  const choose = (chosen: string): void => {
    const branch = recent.find((each) => each.repo === chosen)?.base_branch;
    change({ repo: chosen, ...(branch && { base_branch: branch }) });
  };
  const isCurrent = inspectedRepo === repo && repo !== '';
  const { pickFolder } = newJob;
  const pick = async (): Promise<void> => {
    const folder = await pickFolder?.();
    if (folder) choose(folder);
  };
  const refusal = isCurrent && inspected.error ? errorText(inspected.error) : null;
  const help = !isCurrent
    ? undefined
    : inspected.loading
      ? t('new_job.repo_checking')
      : inspected.value && t('new_job.repo_good', { count: inspected.value.branches.length });

  return (
    <Field label={t('new_job.repo')} error={errors.repo ?? refusal} help={help}>
      {(ids) => (
        <div className="flex gap-2">
          <Combobox
            {...ids}
            value={values.repo}
            placeholder={t('new_job.repo_placeholder')}
            listLabel={t('new_job.repo_recent')}
            options={recent.map((each) => ({
              value: each.repo,
              label: repoName(each.repo),
              detail: each.repo,
            }))}
            onChange={choose}
            onBlur={() => void newJob.inspect(repo)}
          />
          {pickFolder && (
            <Button className="!h-[34px]" onClick={() => void pick()}>
              <FolderOpen size={15} aria-hidden="true" />
              {t('new_job.repo_browse')}
            </Button>
          )}
        </div>
      )}
    </Field>
  );
}
