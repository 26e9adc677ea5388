import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../../shared/settings.ts';
import type { InputProps } from './setting-row.tsx';

/** A setting that is typed: saved on Enter and on leaving the field, given up on Escape. */
export function TypedInput({
  id,
  describedBy,
  isInvalid,
  isFixed,
  value,
  type,
  unit,
  onSave,
  onEdit,
}: InputProps & {
  value: Settings[keyof Settings];
  /** `limit`: a number, or nothing for none. */
  type: 'text' | 'number' | 'limit';
  unit: string | null;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const save = (): void => {
    if (typed === null || isInvalid) return;
    const text = typed.trim();
    onSave(type === 'text' ? text : numberOf(text, type === 'limit'));
  };
  // What was refused stays in the field, to be put right; what was saved is the value from then on.
  const stored = value === null ? '' : String(value);
  const shown = typed ?? stored;
  const isSaved = typed !== null && typed.trim() === stored;
  return (
    <div className="flex w-56 items-center gap-2">
      <input
        id={id}
        aria-describedby={describedBy}
        aria-invalid={isInvalid || undefined}
        inputMode={type === 'text' ? undefined : 'decimal'}
        placeholder={type === 'limit' ? t('settings.no_limit') : undefined}
        spellCheck={false}
        autoComplete="off"
        disabled={isFixed}
        className={`control min-w-0 ${type !== 'text' ? '!w-28 text-right tabular-nums' : ''}`}
        value={shown}
        onChange={(event) => {
          setTyped(event.target.value);
          onEdit();
        }}
        onBlur={() => {
          save();
          if (isSaved) setTyped(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save();
          if (event.key !== 'Escape') return;
          setTyped(null);
          onEdit();
        }}
      />
      {unit && <span className="text-sm text-ink-faint">{unit}</span>}
    </div>
  );
}

/** An empty field is no number; Number('') would be 0. */
function numberOf(text: string, mayBeNone: boolean): number | null {
  if (text !== '') return Number(text);
  return mayBeNone ? null : Number.NaN;
}
