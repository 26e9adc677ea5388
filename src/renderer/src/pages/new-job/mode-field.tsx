import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Choice } from '../../components/choice.tsx';
import { missingFor } from '../../lib/readiness.ts';
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
  const { machine, settings } = useStores();
  // A job without a mode takes that of the settings, so "automatic" can only be had where they say so.
  const setting = useStore(settings.store, (state) => state.view.value?.values.default_mode) ?? 'auto';
  const offered = modes.filter((each) => each !== 'auto' || setting === 'auto');
  const doctor = useStore(machine.store, (state) => state.doctor.value);
  const checks = doctor?.checks ?? [];
  const names = mode === 'auto' ? [] : missingFor(mode, checks).map((name) => t(`machine.checks.${name}`));
  const chosen = missingFor('live', checks).length > 0 ? t('mode.dry_run') : t('mode.live');
  const now = mode === 'auto' && doctor ? ` ${t('mode.auto_now', { mode: chosen })}` : '';
  return (
    <div className="flex flex-col gap-1.5">
      <Choice
        legend={t('new_job.mode')}
        options={offered.map((value) => ({ value, label: t(`mode.${value}`) }))}
        value={mode}
        onChange={onChange}
        help={`${t(`mode.${mode}_help`)}${now}`}
      />
      {names.length > 0 && (
        <p role="status" className="text-xs text-warn">
          {t('mode.live_not_ready', { what: names.join(', ') })}
        </p>
      )}
    </div>
  );
}
