import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { ReasonDialog } from '../../components/reason-dialog.tsx';
import { useShortcuts } from '../../lib/keys.ts';
import { useJobActions } from './use-job-actions.ts';

/** Approve or reject. Only the version that was read is approved; the keys are for the page of one job. */
export function PlanDecision({
  version,
  withKeys = true,
}: {
  version: number | undefined;
  withKeys?: boolean;
}) {
  const { t } = useTranslation();
  const { approve, reject, busy } = useJobActions();
  const [isAsking, setAsking] = useState(false);
  const onApprove = (): void => {
    if (!busy && version !== undefined) void approve(version);
  };
  useShortcuts(withKeys ? { a: onApprove, r: () => setAsking(true) } : {});
  return (
    <div className="flex gap-2">
      <Button onClick={() => setAsking(true)}>
        {t('banner.reject')}
        {withKeys && <Kbd>R</Kbd>}
      </Button>
      <Button look="primary" onClick={onApprove} busy={busy} disabled={version === undefined}>
        {t('banner.approve')}
        {withKeys && <Kbd onAccent>A</Kbd>}
      </Button>
      {isAsking && (
        <ReasonDialog
          title={t('banner.reject_title')}
          help={t('banner.reject_help')}
          label={t('banner.reject_reason')}
          confirmLabel={t('banner.reject')}
          busy={busy}
          onClose={() => setAsking(false)}
          onConfirm={(reason) => void reject(reason).then(() => setAsking(false))}
        />
      )}
    </div>
  );
}
