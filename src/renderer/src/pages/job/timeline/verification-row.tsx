import { FlaskConical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EventMetadata } from '../../../../../shared/events.ts';
import { TestRunView } from '../../../components/test-run.tsx';
import { shortCommit } from '../../../lib/format.ts';
import type { Row } from '../../../lib/timeline-rows.ts';
import { RowFrame } from './row-frame.tsx';

type Verified = Extract<EventMetadata, { event_type: 'verification' }>;

export function VerificationRow({ row, verification }: { row: Row; verification: Verified }) {
  const { t } = useTranslation();
  const { result, on } = verification;
  // Failing tests before the change are what the job is for, not bad news.
  const tone = result.passed ? 'good' : on === 'base' ? 'plain' : 'bad';
  return (
    <RowFrame at={row.event.at} icon={FlaskConical} tone={tone}>
      <p>
        <span className="font-medium">
          {t(on === 'base' ? 'timeline.verified_base' : 'timeline.verified_result')}
        </span>{' '}
        <span className={result.passed ? 'text-good' : 'text-bad'}>
          {result.passed ? t('timeline.passed') : t('timeline.failed')}
        </span>{' '}
        <span className="font-mono text-xs text-ink-faint">{shortCommit(result.commit)}</span>
      </p>
      <div className="mt-1.5 flex flex-col gap-1">
        {result.runs.map((run, index) => (
          <TestRunView key={index} run={run} />
        ))}
      </div>
    </RowFrame>
  );
}
