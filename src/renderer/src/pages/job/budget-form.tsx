import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button, LinkButton } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { SpendingGauges } from '../../components/spending-gauges.tsx';
import { readLimit } from '../../lib/read-limit.ts';
import { toHash } from '../../lib/router.ts';
import { budgetOf, type BudgetShortfall } from '../../stores/inbox.ts';
import { useJobPage } from '../../stores/context.ts';
import { useJobActions } from './use-job-actions.ts';

/** What a job that waits for its budget needs: a higher limit, or an end. */
export function BudgetForm() {
  const { t } = useTranslation();
  const page = useJobPage();
  const { busy, cancel } = useJobActions();
  const { escalations, spending } = useStore(page.store);
  useEffect(() => {
    page.want('escalations');
    page.want('spending');
  }, [page]);
  const asked = escalations.value?.map(budgetOf).findLast((budget) => budget !== null) ?? null;
  if (asked === null) return null;
  return (
    <div className="flex w-full flex-col gap-3">
      <p className="text-sm text-ink-soft">{t(`budget.limit.${asked.limit}`)}</p>
      {asked.limit === 'job' && spending.value && <SpendingGauges spending={spending.value} />}
      <div className="flex flex-wrap items-end gap-2">
        {asked.limit === 'job' ? (
          // Anew for another shortfall, so that it proposes what that one needs.
          <RaiseField key={`${asked.unit} ${asked.raise_to}`} asked={asked} />
        ) : (
          <LinkButton look="primary" href={asked.limit === 'day' ? toHash.settings : toHash.accounts}>
            {t('budget.raise')}
          </LinkButton>
        )}
        <Button look="danger" busy={busy} onClick={() => void cancel(t('budget.title'))}>
          {t('budget.stop')}
        </Button>
      </div>
      {asked.limit !== 'job' && <p className="text-xs text-ink-faint">{t(`budget.${asked.limit}_help`)}</p>}
    </div>
  );
}

/** Twice the limit, or what the next call needs if that is more: a raise that must be repeated at once helps nobody. */
const proposed = ({ max, raise_to: least, unit }: BudgetShortfall): string => {
  const value = Math.max(max * 2, least);
  return unit === 'usd' ? String(Math.ceil(value * 100) / 100) : String(Math.ceil(value));
};

function RaiseField({ asked }: { asked: BudgetShortfall }) {
  const { t } = useTranslation();
  const { busy, raise } = useJobActions();
  const [typed, setTyped] = useState(() => proposed(asked));
  const limit = readLimit(typed, asked.unit === 'tokens');
  const isLow = typeof limit === 'number' && limit < asked.raise_to;
  const send = (): void => {
    if (limit === 'invalid' || isLow) return;
    void raise(asked.unit === 'usd' ? { max_cost_usd: limit } : { max_tokens: limit });
  };
  return (
    <form
      className="flex flex-1 items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) send();
      }}
    >
      <div className="min-w-44 flex-1">
        <Field
          label={t(asked.unit === 'usd' ? 'budget.max_cost' : 'budget.max_tokens')}
          error={
            limit === 'invalid'
              ? t('accounts.limit_invalid')
              : isLow
                ? t('budget.too_low', { least: asked.raise_to })
                : null
          }
        >
          {(ids) => (
            <input
              {...ids}
              inputMode="decimal"
              className="control"
              placeholder={t('accounts.no_limit')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" look="primary" busy={busy} disabled={limit === 'invalid' || isLow}>
        {t('budget.raise')}
      </Button>
    </form>
  );
}
