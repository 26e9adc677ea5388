import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../../../shared/accounts.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import { useStores } from '../../stores/context.ts';
import { readLimit } from '../../lib/read-limit.ts';

/** Name and limits of a day of one account. */
export function EditDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const { accounts } = useStores();
  const errorText = useErrorText();
  const [name, setName] = useState(account.name);
  const [cost, setCost] = useState(account.max_cost_usd_per_day?.toString() ?? '');
  const [tokens, setTokens] = useState(account.max_tokens_per_day?.toString() ?? '');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const maxCost = readLimit(cost, false);
  const maxTokens = readLimit(tokens, true);
  const save = async (): Promise<void> => {
    if (maxCost === 'invalid' || maxTokens === 'invalid' || name.trim() === '') return;
    setBusy(true);
    const result = await accounts.update({
      provider: account.provider,
      account_id: account.account_id,
      name: name.trim(),
      max_cost_usd_per_day: maxCost,
      max_tokens_per_day: maxTokens,
    });
    setBusy(false);
    if (result.ok) onClose();
    else setError(errorText(result.error));
  };
  return (
    <ConfirmDialog
      title={t('accounts.edit_title', { name: account.name })}
      help={t('accounts.edit_help')}
      confirmLabel={t('common.save')}
      look="primary"
      busy={busy}
      onConfirm={() => void save()}
      onClose={onClose}
    >
      <Field label={t('accounts.name')} error={name.trim() === '' ? t('accounts.name_empty') : error}>
        {(ids) => (
          <input
            {...ids}
            className="control"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <LimitField
        label={t('accounts.max_cost')}
        value={cost}
        isInvalid={maxCost === 'invalid'}
        onChange={setCost}
      />
      <LimitField
        label={t('accounts.max_tokens')}
        value={tokens}
        isInvalid={maxTokens === 'invalid'}
        onChange={setTokens}
      />
    </ConfirmDialog>
  );
}

function LimitField({
  label,
  value,
  isInvalid,
  onChange,
}: {
  label: string;
  value: string;
  isInvalid: boolean;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Field label={label} error={isInvalid ? t('accounts.limit_invalid') : null}>
      {(ids) => (
        <input
          {...ids}
          inputMode="decimal"
          className="control"
          placeholder={t('accounts.no_limit')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
