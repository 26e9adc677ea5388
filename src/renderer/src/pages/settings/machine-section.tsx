import { CircleAlert, CircleCheck, CircleMinus } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/section.tsx';
import { ErrorState, Skeleton } from '../../components/states.tsx';
import { type Check, isNeeded, missingFor } from '../../lib/readiness.ts';
import { useStores } from '../../stores/context.ts';
import { AuditRow } from './audit-row.tsx';

/** What this machine has and lacks, and what to do about each. */
export function MachineSection() {
  const { t } = useTranslation();
  const { machine } = useStores();
  const { value, error, loading } = useStore(machine.store, (state) => state.doctor);
  useEffect(() => void machine.check(), [machine]);
  const isReady = value !== null && missingFor('live', value.checks).length === 0;
  return (
    <Section title={t('machine.title')}>
      {value ? (
        <>
          <div className="flex items-center justify-between gap-3">
            <p className={`text-sm font-medium ${isReady ? 'text-good' : 'text-warn'}`}>
              {isReady ? t('machine.ready') : t('machine.not_ready')}
            </p>
            <Button busy={loading} onClick={() => void machine.check()}>
              {t('machine.recheck')}
            </Button>
          </div>
          <ul className="rounded-xl border border-line">
            {value.checks.map((check) => (
              <CheckRow key={check.name} check={check} />
            ))}
          </ul>
        </>
      ) : error ? (
        <ErrorState title={t('machine.load_error')} error={error} onRetry={() => void machine.check()} />
      ) : (
        <Skeleton rows={4} />
      )}
      <AuditRow />
    </Section>
  );
}

function CheckRow({ check }: { check: Check }) {
  const { t } = useTranslation();
  const [Icon, tone] = check.ok
    ? [CircleCheck, 'text-good']
    : check.required || isNeeded('live', check.name)
      ? [CircleAlert, check.required ? 'text-bad' : 'text-warn']
      : [CircleMinus, 'text-ink-faint'];
  return (
    <li className="flex gap-3 border-line px-4 py-3 not-last:border-b">
      <Icon size={16} aria-hidden="true" className={`mt-0.5 shrink-0 ${tone}`} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <span className="font-medium">{t(`machine.checks.${check.name}`)}</span>
          {!check.required && (
            <span className="text-xs text-ink-faint">
              {t(isNeeded('live', check.name) ? 'machine.for_live' : 'machine.optional')}
            </span>
          )}
          <span className="sr-only">{check.ok ? t('machine.ok') : t('machine.missing')}</span>
        </p>
        <p className="text-sm break-words text-ink-soft">{check.detail}</p>
        {check.advice && <p className="mt-1 text-sm break-words">{check.advice}</p>}
      </div>
    </li>
  );
}
