import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../components/button.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import { useStores } from '../../stores/context.ts';

export function AuditRow() {
  const { t } = useTranslation();
  const { machine } = useStores();
  const { value, error, loading } = useStore(machine.store, (state) => state.audit);
  const errorText = useErrorText();
  const verdict = error
    ? errorText(error)
    : value &&
      (value.ok
        ? t('machine.audit_ok', { count: value.records })
        : t('machine.audit_broken', { number: value.first_broken ?? 0 }));
  const isGood = !error && value?.ok;
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 rounded-xl border border-line px-4 py-3">
      <div className="min-w-56 flex-1">
        <p className="font-medium">{t('machine.audit')}</p>
        <p className="text-xs text-ink-faint">{t('machine.audit_help')}</p>
        <div role="status">
          {verdict && (
            <p className={`mt-1 text-sm font-medium ${isGood ? 'text-good' : 'text-bad'}`}>{verdict}</p>
          )}
          {value && !value.ok && <p className="text-sm break-words text-ink-soft">{value.detail}</p>}
        </div>
      </div>
      <Button busy={loading} onClick={() => void machine.verifyAudit()}>
        {t('machine.audit_verify')}
      </Button>
    </div>
  );
}
