import { Lock, TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { AddressWarning, Settings } from '../../../../shared/settings.ts';
import type { SettingControl } from './layout.ts';
import { SettingInput } from './setting-input.tsx';
import { useSave } from './use-save.ts';

export interface InputProps {
  id: string;
  describedBy: string;
  isInvalid: boolean;
  isFixed: boolean;
  onSave: (value: Settings[keyof Settings]) => void;
  /** What was typed is no longer what was refused. */
  onEdit: () => void;
}

/** One setting: what it is on the left, its value on the right. Saved as soon as it is changed. */
export function SettingRow({
  control,
  value,
  fixedBy,
  warnings,
}: {
  control: SettingControl;
  value: Settings[keyof Settings];
  fixedBy: string | null;
  /** What works, but at a risk. */
  warnings: readonly AddressWarning[];
}) {
  const { t } = useTranslation();
  const id = useId();
  const { name } = control;
  const { save, error, forget } = useSave(name, value);
  const described = [error !== null && 'error', warnings.length > 0 && 'warning', 'help'];
  const describedBy = described.flatMap((part) => (part === false ? [] : [`${id}-${part}`])).join(' ');
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-line px-4 py-3 not-last:border-b">
      <div className="min-w-56 flex-1">
        <label htmlFor={id} className="font-medium">
          {t(`settings.field.${name}`)}
        </label>
        <p id={`${id}-help`} className="text-xs text-ink-faint">
          {t(`settings.help.${name}`)}
          {control.kind === 'number' && ` ${t('settings.range', { min: control.min, max: control.max })}`}
        </p>
        {fixedBy !== null && (
          <p className="mt-1 flex items-center gap-1.5 text-xs text-warn">
            <Lock size={12} aria-hidden="true" />
            {t('settings.fixed', { variable: fixedBy })}
          </p>
        )}
        {warnings.length > 0 && (
          <p id={`${id}-warning`} className="mt-1 flex gap-1.5 text-xs text-warn">
            <TriangleAlert size={12} aria-hidden="true" className="mt-0.5 shrink-0" />
            {warnings.map((warning) => t(`settings.warning.${warning}`)).join(' ')}
          </p>
        )}
        {error && (
          <p id={`${id}-error`} role="alert" className="mt-1 text-sm text-bad">
            {error}
          </p>
        )}
      </div>
      <SettingInput
        control={control}
        value={value}
        id={id}
        describedBy={describedBy}
        isInvalid={error !== null}
        isFixed={fixedBy !== null}
        onSave={(next) => void save(next)}
        onEdit={forget}
      />
    </div>
  );
}
