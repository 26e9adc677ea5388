import { CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../../../shared/accounts.ts';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { QuotaGauges } from '../../components/quota-gauges.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { fullTime } from '../../lib/format.ts';
import { useNotify } from '../../lib/notify.ts';
import { useStores } from '../../stores/context.ts';
import { EditDialog } from './edit-dialog.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';

/** One account: who, in what state, which one is used, what is left of its plan. */
export function AccountRow({
  account,
  canSignIn,
  isAlone,
}: {
  account: Account;
  canSignIn: boolean;
  isAlone: boolean;
}) {
  const { t, i18n } = useTranslation();
  const { accounts } = useStores();
  const notify = useNotify();
  const [open, setOpen] = useState<'edit' | 'sign_out' | 'forget' | null>(null);
  const { provider, account_id: accountId } = account;
  const isOk = account.state === 'ok';
  const Icon = isOk ? CircleCheck : CircleAlert;
  const activate = async (): Promise<void> => {
    const result = await accounts.update({ provider, account_id: accountId, active: true });
    if (!result.ok) notify.failed(result.error);
  };
  const signInAgain = async (): Promise<void> => {
    const result = await accounts.startLogin({ provider, account_id: accountId });
    if (!result.ok) notify.failed(result.error);
  };
  return (
    <li className="flex flex-col gap-2 border-line px-4 py-3 not-last:border-b">
      <div className="flex flex-wrap items-center gap-3">
        <Icon size={16} aria-hidden="true" className={`shrink-0 ${isOk ? 'text-good' : 'text-warn'}`} />
        <div className="min-w-48 flex-1">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{account.name}</span>
            {account.active && !isAlone && (
              <span className="rounded-full bg-accent-soft px-2 text-xs leading-5 font-medium text-accent-ink">
                {t('accounts.in_use')}
              </span>
            )}
            <span className="text-xs text-ink-faint">{describe(account, t('accounts.key_kind'))}</span>
          </p>
          {!isOk && (
            <p className="text-sm text-warn">{account.detail || t(`accounts.state.${account.state}`)}</p>
          )}
          {account.blocked_until && (
            <p className="text-sm text-warn">
              {t('accounts.blocked', { at: fullTime(account.blocked_until, i18n.language) })}
            </p>
          )}
          <LimitsLine account={account} />
          {account.last_used_at && (
            <p className="text-xs text-ink-faint">
              {t('accounts.last_used')} <RelativeTime at={account.last_used_at} />
            </p>
          )}
        </div>
        {!isOk && canSignIn && (
          <Button look="primary" onClick={() => void signInAgain()}>
            {t('accounts.sign_in_again')}
          </Button>
        )}
        {!account.active && <Button onClick={() => void activate()}>{t('accounts.use')}</Button>}
        <Menu
          label={t('accounts.more', { name: account.name })}
          items={[
            { label: t('accounts.edit'), run: () => setOpen('edit') },
            ...(isOk && account.kind !== 'none'
              ? [{ label: t('accounts.sign_out'), run: () => setOpen('sign_out') }]
              : []),
            { label: t('accounts.forget'), danger: true, run: () => setOpen('forget') },
          ]}
        />
      </div>
      {account.quota && <QuotaGauges quota={account.quota} />}
      {open === 'edit' && <EditDialog account={account} onClose={() => setOpen(null)} />}
      {(open === 'sign_out' || open === 'forget') && (
        <SignOutDialog account={account} forget={open === 'forget'} onClose={() => setOpen(null)} />
      )}
    </li>
  );
}

const describe = (account: Account, keyKind: string): string =>
  [
    account.email === account.name ? null : account.email,
    account.kind === 'api_key' ? keyKind : null,
    account.plan ?? account.quota?.plan,
    account.base_url,
    account.account_id === 'default' ? null : account.account_id,
  ]
    .filter(Boolean)
    .join(' · ');

function LimitsLine({ account }: { account: Account }) {
  const { t, i18n } = useTranslation();
  const { max_cost_usd_per_day: cost, max_tokens_per_day: tokens } = account;
  if (cost === null && tokens === null) return null;
  const parts = [
    cost === null ? null : t('accounts.limit_cost', { cost: cost.toFixed(2) }),
    tokens === null ? null : t('accounts.limit_tokens', { tokens: tokens.toLocaleString(i18n.language) }),
  ];
  return <p className="text-xs text-ink-faint">{parts.filter(Boolean).join(' · ')}</p>;
}
