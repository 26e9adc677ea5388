import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, ProviderInfo } from '../../../../shared/accounts.ts';
import type { AppError } from '../../../../shared/errors.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import { useNotify } from '../../lib/notify.ts';
import { useStores } from '../../stores/context.ts';
import { freeAccountId } from './account-name.ts';

/** A key by paste, checked with a call before it is kept. The key never leaves this form but to the engine. */
export function KeyDialog({
  info,
  accounts,
  onClose,
}: {
  info: ProviderInfo;
  accounts: readonly Account[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const stores = useStores();
  const notify = useNotify();
  const errorText = useErrorText();
  const [key, setKey] = useState('');
  const [accountId, setAccountId] = useState(() => freeAccountId(accounts));
  const [baseUrl, setBaseUrl] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const needsKey = !info.methods.includes('none');
  const save = async (unchecked: boolean): Promise<void> => {
    setBusy(true);
    const result = await stores.accounts.addKey({
      provider: info.provider,
      account_id: accountId.trim(),
      api_key: key.trim(),
      unchecked,
      ...(baseUrl.trim() === '' ? {} : { base_url: baseUrl.trim() }),
    });
    setBusy(false);
    if (!result.ok) return setError(result.error);
    notify.done(result.value.warning || t('accounts.added', { name: result.value.account.name }));
    onClose();
  };
  const canSkipCheck = error?.code === 'unavailable';
  return (
    <ConfirmDialog
      title={t(needsKey ? 'accounts.key_title' : 'accounts.server_title', { name: info.name })}
      help={t(needsKey ? 'accounts.key_help' : 'accounts.server_help')}
      confirmLabel={t(canSkipCheck ? 'accounts.keep_unchecked' : 'accounts.check_and_keep')}
      look="primary"
      busy={busy}
      onConfirm={() => void save(canSkipCheck)}
      onClose={onClose}
    >
      {info.custom_base_url && (
        <Field label={t('accounts.base_url')} help={t('accounts.base_url_help')}>
          {(ids) => (
            <input
              {...ids}
              className="control"
              spellCheck={false}
              placeholder={info.default_base_url ?? 'http://127.0.0.1:8000/v1'}
              value={baseUrl}
              onChange={(event) => setBaseUrl(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label={t(needsKey ? 'accounts.api_key' : 'accounts.api_key_optional')}
        error={error ? errorText(error) : null}
      >
        {(ids) => (
          <input
            {...ids}
            type="password"
            autoComplete="off"
            spellCheck={false}
            className="control"
            value={key}
            required={needsKey}
            onChange={(event) => {
              setKey(event.target.value);
              setError(null);
            }}
          />
        )}
      </Field>
      <Field label={t('accounts.account_id')} help={t('accounts.account_id_help')}>
        {(ids) => (
          <input
            {...ids}
            className="control"
            spellCheck={false}
            value={accountId}
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
            required
            onChange={(event) => setAccountId(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
