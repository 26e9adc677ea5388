import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { PageHeader } from '../../components/page.tsx';
import { ErrorState, Skeleton } from '../../components/states.tsx';
import { useStores } from '../../stores/context.ts';
import { LoginDialog } from './login-dialog.tsx';
import { ProviderSection } from './provider-section.tsx';
import { SecretsBanner } from './secrets-banner.tsx';

/** Accounts of every provider: sign in, keys, limits, quotas. */
export default function AccountsPage() {
  const { t } = useTranslation();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl">
        <PageHeader title={t('accounts.title')} />
        <p className="px-8 text-ink-soft max-md:px-4">{t('accounts.help')}</p>
        <Body />
      </div>
    </div>
  );
}

function Body() {
  const { t } = useTranslation();
  const { accounts } = useStores();
  const { list, login } = useStore(accounts.store);
  useEffect(() => void accounts.load(), [accounts]);
  const { value, error } = list;
  if (error && !value)
    return <ErrorState title={t('accounts.load_error')} error={error} onRetry={() => void accounts.load()} />;
  if (!value) return <Skeleton className="px-8 pt-6" />;
  return (
    <div className="flex flex-col gap-5 px-8 pt-5 pb-20 max-md:px-4">
      <SecretsBanner secrets={value.secrets} />
      {value.providers.map((provider) => (
        <ProviderSection
          key={provider.provider}
          info={provider}
          accounts={value.accounts.filter((account) => account.provider === provider.provider)}
          waiting={value.logins.find((each) => each.provider === provider.provider) ?? null}
        />
      ))}
      {login && <LoginDialog key={login.login_id} login={login} />}
    </div>
  );
}
