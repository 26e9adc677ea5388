import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../../shared/settings.ts';
import type { SettingControl } from './layout.ts';
import type { InputProps } from './setting-row.tsx';
import { TypedInput } from './typed-input.tsx';

type Props = InputProps & { value: Settings[keyof Settings] };

export function SettingInput({ control, ...props }: Props & { control: SettingControl }) {
  const { t } = useTranslation();
  switch (control.kind) {
    case 'options':
      return <Options {...props} options={control.options} />;
    case 'toggle':
      return <Toggle {...props} />;
    case 'number':
      return (
        <TypedInput
          {...props}
          type="number"
          unit={control.unit ? t(`settings.unit.${control.unit}`) : null}
        />
      );
    case 'limit':
      return <TypedInput {...props} type="limit" unit={t(`settings.unit.${control.unit}`)} />;
    case 'text':
      return <TypedInput {...props} type="text" unit={null} />;
  }
}

function Options({
  id,
  describedBy,
  isFixed,
  value,
  onSave,
  options,
}: Props & { options: Extract<SettingControl, { kind: 'options' }>['options'] }) {
  const { t } = useTranslation();
  return (
    <span className="relative">
      <select
        id={id}
        aria-describedby={describedBy}
        disabled={isFixed}
        className="control !w-56 appearance-none !pr-8"
        value={String(value)}
        onChange={(event) => {
          const chosen = options.find((option) => option === event.target.value);
          if (chosen) onSave(chosen);
        }}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {t(`settings.options.${option}`)}
          </option>
        ))}
      </select>
      <ChevronDown
        size={14}
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-ink-faint"
      />
    </span>
  );
}

function Toggle({ id, describedBy, isFixed, value, onSave }: Props) {
  const { t } = useTranslation();
  const isOn = value === true;
  return (
    <button
      id={id}
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-describedby={describedBy}
      disabled={isFixed}
      title={isOn ? t('settings.on') : t('settings.off')}
      onClick={() => onSave(!isOn)}
      className={`relative h-6 w-10 rounded-full transition-colors disabled:opacity-55 ${isOn ? 'bg-accent' : 'bg-line-strong'}`}
    >
      <span
        className={`absolute top-1 left-1 size-4 rounded-full bg-white shadow-soft transition-transform ${isOn ? 'translate-x-4' : ''}`}
      />
    </button>
  );
}
