import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, Login, ProviderInfo } from '../../../../shared/accounts.ts';
import { Button } from '../../components/button.tsx';
import { safeLink } from '../../lib/safe-link.ts';
import { useStores } from '../../stores/context.ts';
import { AccountRow } from './account-row.tsx';
import { ConsentDialog } from './consent-dialog.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { StartDialog } from './start-dialog.tsx';

type Open = 'key' | 'sign_in' | 'consent' | null;

/** One provider with its accounts and the ways to add one. */
export function ProviderSection({
  info,
  accounts,
  waiting,
}: {
  info: ProviderInfo;
  accounts: readonly Account[];
  waiting: Login | null;
}) {
  const { t } = useTranslation();
  const stores = useStores();
  const [open, setOpen] = useState<Open>(null);
  const canSignIn = info.methods.some((method) => ['browser', 'device', 'manual'].includes(method));
  const takesKey = info.methods.includes('api_key') || info.methods.includes('none');
  const needsConsent = info.consent !== null && !info.consent.given;
  const keyLink = info.key_url === null ? null : safeLink(info.key_url);
  const begin = (what: 'key' | 'sign_in'): void => setOpen(needsConsent ? 'consent' : what);
  return (
    <section aria-labelledby={`provider-${info.provider}`} className="rounded-xl border border-line">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
        <div className="min-w-48 flex-1">
          <h2 id={`provider-${info.provider}`} className="font-medium">
            {info.name}
          </h2>
          <p className="text-xs text-ink-faint">{t(`accounts.about.${info.provider}`)}</p>
        </div>
        {keyLink && takesKey && (
          <a
            href={keyLink}
            target="_blank"
            rel="noreferrer"
            className="flex items-center gap-1 rounded text-sm text-accent-ink hover:underline"
          >
            {t('accounts.get_key')}
            <ExternalLink size={13} aria-hidden="true" />
          </a>
        )}
        {waiting && (
          <Button onClick={() => stores.accounts.show(waiting)}>{t('accounts.continue_login')}</Button>
        )}
        {takesKey && (
          <Button onClick={() => begin('key')}>
            {t(info.methods.includes('none') ? 'accounts.add_server' : 'accounts.add_key')}
          </Button>
        )}
        {canSignIn && !waiting && <Button onClick={() => begin('sign_in')}>{t('accounts.sign_in')}</Button>}
      </div>
      {info.missing && <p className="px-4 pb-3 text-sm text-warn">{info.missing}</p>}
      {accounts.length > 0 && (
        <ul className="border-t border-line">
          {accounts.map((account) => (
            <AccountRow
              key={account.account_id}
              account={account}
              canSignIn={canSignIn}
              isAlone={accounts.length === 1}
            />
          ))}
        </ul>
      )}
      {open === 'key' && <KeyDialog info={info} accounts={accounts} onClose={() => setOpen(null)} />}
      {open === 'sign_in' && <StartDialog info={info} accounts={accounts} onClose={() => setOpen(null)} />}
      {open === 'consent' && info.consent && (
        <ConsentDialog info={info} text={info.consent.text} onClose={() => setOpen(null)} />
      )}
    </section>
  );
}
