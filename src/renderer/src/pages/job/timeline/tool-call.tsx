import { Check, ChevronRight, LoaderCircle, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { duration } from '../../../lib/format.ts';
import type { ToolResult } from '../../../lib/timeline-rows.ts';

/** One call of a tool, folded: its output is one click or Enter away. */
export function ToolCall({
  name,
  summary,
  result,
}: {
  name: string;
  summary: string;
  result: ToolResult | undefined;
}) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const state = !result
    ? t('timeline.tool_running')
    : result.ok
      ? t('timeline.tool_ok')
      : t('timeline.tool_failed');
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        disabled={!result}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-2 px-2.5 py-1 text-left text-sm transition-colors enabled:hover:bg-soft focus-visible:outline-offset-[-2px]"
      >
        <ChevronRight
          size={13}
          aria-hidden="true"
          className={`shrink-0 text-ink-faint transition-transform ${isOpen ? 'rotate-90' : ''} ${result ? '' : 'invisible'}`}
        />
        <span className="font-mono text-xs">{name}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink-soft">{summary}</span>
        {result && (
          <span className="text-xs text-ink-faint tabular-nums">
            {duration(result.duration_ms, i18n.language)}
          </span>
        )}
        <ResultMark result={result} />
        <span className="sr-only">{state}</span>
      </button>
      {isOpen && result && (
        <pre
          tabIndex={0}
          className="max-h-80 overflow-auto border-t border-line bg-side px-3 py-2 font-mono text-xs leading-relaxed whitespace-pre-wrap break-words"
        >
          {result.output === '' ? t('timeline.output_empty') : result.output}
        </pre>
      )}
    </div>
  );
}

function ResultMark({ result }: { result: ToolResult | undefined }) {
  if (!result) return <LoaderCircle size={13} aria-hidden="true" className="shrink-0 turn text-ink-faint" />;
  return result.ok ? (
    <Check size={13} strokeWidth={2.5} aria-hidden="true" className="shrink-0 text-good" />
  ) : (
    <X size={13} strokeWidth={2.5} aria-hidden="true" className="shrink-0 text-bad" />
  );
}
