import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Markdown } from './markdown.tsx';

const shortest = 700;

/** Markdown that is cut until one asks for all of it. */
export function LongText({ text, className = '' }: { text: string; className?: string }) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > shortest * 1.5;
  const shown = isLong && !isWhole ? `${text.slice(0, shortest).trimEnd()}…` : text;
  return (
    <div className={className}>
      <Markdown text={shown} />
      {isLong && (
        <button
          type="button"
          aria-expanded={isWhole}
          className="mt-1 rounded text-sm text-accent-ink hover:underline"
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? t('common.show_less') : t('common.show_more')}
        </button>
      )}
    </div>
  );
}
