import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Choice } from '../../components/choice.tsx';
import { useStores } from '../../stores/context.ts';
import type { FormValues } from './form-values.ts';

const modes = ['auto', 'dry_run', 'plan_only', 'live'] as const;

export function ModeField({
  mode,
  onChange,
}: {
  mode: FormValues['mode'];
  onChange: (mode: FormValues['mode']) => void;
}) {
  const { t } = useTranslation();
  const { machine } = useStores();
  const doctor = useStore(machine.store, (state) => state.doctor.value);
  const needed =
    mode === 'live'
      ? ['git', 'docker', 'sandbox_image', 'model']
      : mode === 'plan_only'
        ? ['git', 'model']
        : [];
  const missing = doctor?.checks.filter((check) => !check.ok && needed.includes(check.name)) ?? [];
  const names = missing.map((check) => t(`machine.checks.${check.name}`)).join(', ');
  return (
    <div className="flex flex-col gap-1.5">
      <Choice
        legend={t('new_job.mode')}
        options={modes.map((value) => ({ value, label: t(`mode.${value}`) }))}
        value={mode}
        onChange={onChange}
        help={`${t(`mode.${mode}_help`)}${mode === 'auto' && doctor ? ` ${t('mode.auto_now', { mode: t(doctor.ready ? 'mode.live' : 'mode.dry_run') })}` : ''}`}
      />
      {names && (
        <p role="status" className="text-xs text-warn">
          {t('mode.live_not_ready', { what: names })}
        </p>
      )}
    </div>
  );
}
