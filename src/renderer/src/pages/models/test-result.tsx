import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../../shared/errors.ts';
import type { ModelTest } from '../../../../shared/models.ts';
import { useErrorText } from '../../lib/error-text.ts';
import { duration } from '../../lib/format.ts';

/** How a one-click test ended: does it answer, does it call tools, how fast. */
export function TestResult({ test }: { test: ModelTest | AppError }) {
  const { t, i18n } = useTranslation();
  const errorText = useErrorText();
  const isWell = !('code' in test) && test.ok && test.calls_tools;
  const Icon = isWell ? CircleCheck : CircleAlert;
  return (
    <p role="status" className="flex items-start gap-1.5 text-sm">
      <Icon
        size={15}
        aria-hidden="true"
        className={`mt-0.5 shrink-0 ${isWell ? 'text-good' : 'text-warn'}`}
      />
      <span className="min-w-0 break-words">{'code' in test ? errorText(test) : told(test)}</span>
    </p>
  );

  function told(result: ModelTest): string {
    const speed = [
      result.first_token_ms === null
        ? null
        : t('models.first_token', { time: duration(result.first_token_ms, i18n.language) }),
      result.tokens_per_second === null
        ? null
        : t('models.speed', { tokens: Math.round(result.tokens_per_second) }),
    ];
    const verdict = !result.ok
      ? t('models.test_failed')
      : t(result.calls_tools ? 'models.calls_tools' : 'models.no_tools');
    return [verdict, ...speed, result.detail].filter(Boolean).join(' · ');
  }
}
