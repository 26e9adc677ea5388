import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ModelPull } from '../../../../shared/models.ts';
import { Button } from '../../components/button.tsx';
import { Gauge } from '../../components/gauge.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import { useStores } from '../../stores/context.ts';

/** Lets Ollama fetch a model, and shows how far it is. */
export function PullPanel() {
  const { t } = useTranslation();
  const { models } = useStores();
  const errorText = useErrorText();
  const pulls = useStore(models.store, (state) => state.pulls);
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const pull = async (): Promise<void> => {
    const result = await models.pull(name.trim());
    setError(result.ok ? null : errorText(result.error));
    if (result.ok) setName('');
  };
  return (
    <details
      className="rounded-xl border border-line px-4 py-2"
      open={pulls.some((each) => each.state === 'pulling') || undefined}
    >
      <summary className="flex w-fit items-center gap-1.5 text-sm font-medium text-ink-soft hover:text-ink">
        <Download size={14} aria-hidden="true" />
        {t('models.pull_title')}
      </summary>
      <form
        className="mt-2 flex gap-2 pb-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void pull();
        }}
      >
        <input
          aria-label={t('models.pull_name')}
          className="control"
          spellCheck={false}
          placeholder="qwen3:8b"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={name.trim() === ''}>
          {t('models.pull')}
        </Button>
      </form>
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {pulls.map((each) => (
          <PullRow key={each.model} pull={each} />
        ))}
      </ul>
    </details>
  );
}

function PullRow({ pull }: { pull: ModelPull }) {
  const { t } = useTranslation();
  const { models } = useStores();
  const { completed_bytes: done, total_bytes: total } = pull;
  const isRunning = pull.state === 'pulling';
  return (
    <li className="flex items-center gap-3 py-1">
      <div className="min-w-0 flex-1">
        {isRunning && done !== null && total !== null && total > 0 ? (
          <Gauge
            isProgress
            label={`${pull.model} · ${pull.status}`}
            percent={(done / total) * 100}
            text={t('models.pull_progress', { done: gigabytes(done), total: gigabytes(total) })}
          />
        ) : (
          <p className="text-sm break-words">
            <span className="font-medium">{pull.model}</span>{' '}
            <span className={pull.state === 'failed' ? 'text-bad' : 'text-ink-soft'}>
              {pull.error ?? (isRunning ? pull.status : t(`models.pull_state.${pull.state}`))}
            </span>
          </p>
        )}
      </div>
      {isRunning && (
        <Button look="quiet" onClick={() => void models.cancelPull(pull.model)}>
          {t('common.cancel')}
        </Button>
      )}
    </li>
  );
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);
