import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProviderInfo } from '../../../../shared/accounts.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useNotify } from '../../lib/notify.ts';
import { useStores } from '../../stores/context.ts';

/** What a provider's terms mean, to be accepted knowingly before anything is sent to it. */
export function ConsentDialog({
  info,
  text,
  onClose,
}: {
  info: ProviderInfo;
  text: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { settings, accounts } = useStores();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  const accept = async (): Promise<void> => {
    setBusy(true);
    const result = await settings.save('antigravity_consent', true);
    if (!result.ok && result.error !== 'invalid') notify.failed(result.error);
    await accounts.load();
    onClose();
  };
  return (
    <ConfirmDialog
      title={t('accounts.consent_title', { name: info.name })}
      help={text}
      confirmLabel={t('accounts.consent_accept')}
      look="danger"
      busy={busy}
      onConfirm={() => void accept()}
      onClose={onClose}
    />
  );
}
