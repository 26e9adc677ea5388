import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/errors.ts';

/** What to say of a failure: the engine's own words, or ours where nothing of the engine's came through. */
export function useErrorText(): (error: AppError) => string {
  const { t } = useTranslation();
  return ({ code, message, correlation_id }) => {
    if (message === '') return code === 'unavailable' ? t('errors.unreachable') : t(`errors.${code}`);
    return correlation_id ? `${message} ${t('errors.correlation', { id: correlation_id })}` : message;
  };
}
