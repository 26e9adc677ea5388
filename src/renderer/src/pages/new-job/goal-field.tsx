import { useTranslation } from 'react-i18next';
import { Field } from '../../components/field.tsx';

export function GoalField({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Field label={t('new_job.goal')} help={t('new_job.goal_help')} error={error}>
      {(ids) => (
        <textarea
          {...ids}
          autoFocus
          required
          rows={6}
          className="control field-sizing-content max-h-[40vh] min-h-32 resize-y !px-3.5 !py-2.5 text-[0.9375rem]"
          placeholder={t('new_job.goal_placeholder')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
