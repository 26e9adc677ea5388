import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/errors.ts';
import { useStores } from '../stores/context.ts';
import type { Toast } from '../stores/toasts.ts';
import { useErrorText } from './error-text.ts';

/** Short messages about what the person has just done. */
export function useNotify(): {
  done: (text: string, action?: Toast['action']) => void;
  failed: (error: AppError) => void;
} {
  const { toasts } = useStores();
  const { t } = useTranslation();
  const errorText = useErrorText();
  return {
    done: (text, action) => toasts.show({ tone: 'good', text, action }),
    failed: (error) => toasts.show({ tone: 'bad', text: t('errors.title'), detail: errorText(error) }),
  };
}
