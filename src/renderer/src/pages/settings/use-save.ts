import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingName, Settings } from '../../../../shared/settings.ts';
import { useErrorText } from '../../lib/error-text.ts';
import { useNotify } from '../../lib/notify.ts';
import { useStores } from '../../stores/context.ts';

/** Saves one setting, says so with a way back, and keeps what was wrong with the last try. */
export function useSave(
  name: SettingName,
  before: Settings[SettingName],
): { save: (value: Settings[SettingName]) => Promise<void>; error: string | null; forget: () => void } {
  const { t } = useTranslation();
  const { settings } = useStores();
  const notify = useNotify();
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);

  async function save(value: Settings[SettingName]): Promise<void> {
    setError(null);
    if (value === before) return;
    const result = await settings.save(name, value);
    if (!result.ok)
      return setError(result.error === 'invalid' ? t('settings.invalid') : errorText(result.error));
    notify.done(t('settings.saved', { name: t(`settings.field.${name}`) }), {
      label: t('common.undo'),
      run: () => void settings.save(name, before),
    });
  }
  return { save, error, forget: () => setError(null) };
}
