import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProviderId } from '../../../../shared/models.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import type { ListedModel } from '../../lib/model-list.ts';
import { readLimit } from '../../lib/read-limit.ts';
import { useStores } from '../../stores/context.ts';

const fields = ['input_usd', 'cached_input_usd', 'output_usd'] as const;

/** The price of a model, US dollars a million tokens; the user's own word wins over all others. */
export function PriceDialog({ model, onClose }: { model: ListedModel; onClose: () => void }) {
  const { t } = useTranslation();
  const { models } = useStores();
  const errorText = useErrorText();
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(fields.map((field) => [field, model.price?.[field]?.toString() ?? ''])),
  );
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const valueOf = (field: (typeof fields)[number]) => readLimit(typed[field] ?? '', false);
  const save = async (isReset: boolean): Promise<void> => {
    const [input, cached, output] = fields.map(valueOf);
    if (input === 'invalid' || cached === 'invalid' || output === 'invalid') return;
    setBusy(true);
    const price = isReset
      ? null
      : { input_usd: input ?? null, cached_input_usd: cached ?? null, output_usd: output ?? null };
    const result = await models.setPrice(model.provider as ProviderId, model.model_id, price);
    setBusy(false);
    if (result.ok) onClose();
    else setError(errorText(result.error));
  };
  return (
    <ConfirmDialog
      title={t('models.price_title', { name: model.display_name })}
      help={
        model.price
          ? t(`models.price_source.${model.price.source}`, { day: model.price.as_of })
          : t('models.price_help')
      }
      confirmLabel={t('common.save')}
      look="primary"
      busy={busy}
      onConfirm={() => void save(false)}
      onClose={onClose}
    >
      {fields.map((field) => (
        <Field
          key={field}
          label={t(`models.${field}`)}
          error={
            valueOf(field) === 'invalid' ? t('accounts.limit_invalid') : field === 'output_usd' ? error : null
          }
        >
          {(ids) => (
            <input
              {...ids}
              inputMode="decimal"
              className="control"
              placeholder={t('models.unknown')}
              value={typed[field] ?? ''}
              onChange={(event) => setTyped((before) => ({ ...before, [field]: event.target.value }))}
            />
          )}
        </Field>
      ))}
      {model.price?.source === 'user' && (
        <Button look="quiet" className="self-start" onClick={() => void save(true)}>
          {t('models.price_reset')}
        </Button>
      )}
    </ConfirmDialog>
  );
}
