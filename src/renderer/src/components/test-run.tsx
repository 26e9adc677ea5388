import { Check, ChevronRight, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestRun } from '../../../shared/report.ts';
import { duration } from '../lib/format.ts';

/** One command of the test matrix with its verdict; its output folds out. */
export function TestRunView({ run }: { run: TestRun }) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const verdict = run.timed_out
    ? t('timeline.timed_out')
    : run.passed
      ? t('timeline.passed')
      : t('timeline.failed');
  const Icon = run.passed ? Check : X;
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-2 px-2.5 py-1 text-left transition-colors hover:bg-soft focus-visible:outline-offset-[-2px]"
      >
        <ChevronRight
          size={13}
          aria-hidden="true"
          className={`shrink-0 text-ink-faint transition-transform ${isOpen ? 'rotate-90' : ''}`}
        />
        <span className="min-w-0 flex-1 truncate font-mono text-xs">{run.command}</span>
        <span className="text-xs text-ink-faint tabular-nums">
          {duration(run.duration_ms, i18n.language)}
        </span>
        <span
          className={`flex items-center gap-1 text-xs font-medium ${run.passed ? 'text-good' : 'text-bad'}`}
        >
          <Icon size={13} strokeWidth={2.5} aria-hidden="true" />
          {verdict}
        </span>
      </button>
      {isOpen && (
        <pre
          tabIndex={0}
          role="group"
          aria-label={t('report.output', { command: run.command })}
          className="max-h-80 overflow-auto border-t border-line bg-side px-3 py-2 font-mono text-xs leading-relaxed break-words whitespace-pre-wrap"
        >
          {run.output === '' ? t('timeline.output_empty') : run.output}
        </pre>
      )}
    </div>
  );
}
