import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EscalationView } from '../../../../shared/escalation.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { EscalationCard } from '../../components/escalation-card.tsx';
import { useNotify } from '../../lib/notify.ts';
import { toHash } from '../../lib/router.ts';
import { useStores } from '../../stores/context.ts';

export function NoticeItem({ escalation }: { escalation: EscalationView }) {
  const { t } = useTranslation();
  const { inbox } = useStores();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  const markSeen = async (): Promise<void> => {
    setBusy(true);
    const result = await inbox.markSeen(escalation.escalation_id);
    setBusy(false);
    if (result.ok) notify.done(t('inbox.seen_done'));
    else notify.failed(result.error);
  };
  return (
    <EscalationCard escalation={escalation}>
      <div className="mt-3 flex justify-end gap-2">
        <LinkButton look="quiet" href={toHash.job(escalation.job_id)}>
          {t('inbox.open_job')}
        </LinkButton>
        <Button busy={busy} onClick={() => void markSeen()}>
          {t('inbox.seen')}
        </Button>
      </div>
    </EscalationCard>
  );
}
