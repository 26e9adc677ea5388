import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../../../shared/accounts.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useNotify } from '../../lib/notify.ts';
import { useStores } from '../../stores/context.ts';

/** Sign out, or forget an account with all that is kept of it. Its usage stays in the books. */
export function SignOutDialog({
  account,
  forget,
  onClose,
}: {
  account: Account;
  forget: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { accounts } = useStores();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    const { provider, account_id } = account;
    const result = await accounts.signOut({ provider, account_id, forget });
    if (result.ok) notify.done(result.value.detail || t('accounts.signed_out', { name: account.name }));
    else notify.failed(result.error);
    onClose();
  };
  return (
    <ConfirmDialog
      title={t(forget ? 'accounts.forget_title' : 'accounts.sign_out_title', { name: account.name })}
      help={t(forget ? 'accounts.forget_help' : 'accounts.sign_out_help')}
      confirmLabel={t(forget ? 'accounts.forget' : 'accounts.sign_out')}
      look="danger"
      busy={busy}
      onConfirm={() => void act()}
      onClose={onClose}
    />
  );
}
