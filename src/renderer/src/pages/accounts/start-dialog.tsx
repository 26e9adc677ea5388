import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  loginMethods,
  type Account,
  type LoginMethod,
  type ProviderInfo,
} from '../../../../shared/accounts.ts';
import type { AppError } from '../../../../shared/errors.ts';
import { Choice } from '../../components/choice.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import { useStores } from '../../stores/context.ts';
import { freeAccountId } from './account-name.ts';

/** Before a sign-in: how, and under which name; a client id where the provider asks for one of the user's own. */
export function StartDialog({
  info,
  accounts,
  onClose,
}: {
  info: ProviderInfo;
  accounts: readonly Account[];
  onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const stores = useStores();
  const errorText = useErrorText();
  const offered = loginMethods.filter((method) => info.methods.includes(method));
  const [method, setMethod] = useState<LoginMethod>(offered[0] ?? 'browser');
  const [accountId, setAccountId] = useState(() => freeAccountId(accounts));
  const [clientId, setClientId] = useState('');
  const [clientSecret, setClientSecret] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const start = async (): Promise<void> => {
    setBusy(true);
    const result = await stores.accounts.startLogin({
      provider: info.provider,
      account_id: accountId.trim(),
      method,
      language: i18n.language === 'ko' ? 'ko' : 'en',
      ...(clientId.trim() === '' ? {} : { client_id: clientId.trim() }),
      ...(clientSecret.trim() === '' ? {} : { client_secret: clientSecret.trim() }),
    });
    setBusy(false);
    if (result.ok) onClose();
    else setError(result.error);
  };
  return (
    <ConfirmDialog
      title={t('accounts.start_title', { name: info.name })}
      help={t(`accounts.method_help.${method}`)}
      confirmLabel={t('accounts.sign_in')}
      look="primary"
      busy={busy}
      onConfirm={() => void start()}
      onClose={onClose}
    >
      {offered.length > 1 && (
        <Choice
          legend={t('accounts.method')}
          options={offered.map((value) => ({ value, label: t(`accounts.methods.${value}`) }))}
          value={method}
          onChange={setMethod}
        />
      )}
      {info.missing && (
        <>
          <TextField label={t('accounts.client_id')} value={clientId} onChange={setClientId} />
          <TextField
            label={t('accounts.client_secret')}
            value={clientSecret}
            isSecret
            onChange={setClientSecret}
          />
        </>
      )}
      <Field
        label={t('accounts.account_id')}
        help={t('accounts.account_id_help')}
        error={error ? errorText(error) : null}
      >
        {(ids) => (
          <input
            {...ids}
            className="control"
            spellCheck={false}
            value={accountId}
            required
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
            onChange={(event) => setAccountId(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}

function TextField({
  label,
  value,
  isSecret = false,
  onChange,
}: {
  label: string;
  value: string;
  isSecret?: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      {(ids) => (
        <input
          {...ids}
          type={isSecret ? 'password' : 'text'}
          autoComplete="off"
          spellCheck={false}
          className="control"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
