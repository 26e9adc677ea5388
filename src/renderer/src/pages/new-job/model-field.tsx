import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Combobox } from '../../components/combobox.tsx';
import { Field } from '../../components/field.tsx';
import { useStores } from '../../stores/context.ts';

export function ModelField({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const { newJob } = useStores();
  const catalog = useStore(newJob.store, (state) => state.models.value);
  const options = (catalog?.models ?? []).map((model) => ({
    value: `${model.provider}/${model.model_id}`,
    label: model.display_name,
    detail: `${model.provider}/${model.model_id} · ${model.usage_hint}`,
  }));
  return (
    <Field label={t('new_job.model')} help={t('new_job.model_help')} error={error}>
      {(ids) => (
        <Combobox
          {...ids}
          value={value}
          listLabel={t('new_job.model')}
          options={options}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
