import { useState } from 'react';
import type { Settings } from '../../../../shared/settings.ts';
import type { InputProps } from './setting-row.tsx';

/** A setting that is typed: saved on Enter and on leaving the field, given up on Escape. */
export function TypedInput({
  id,
  describedBy,
  isInvalid,
  isFixed,
  value,
  isNumber,
  unit,
  onSave,
  onEdit,
}: InputProps & { value: Settings[keyof Settings]; isNumber: boolean; unit: string | null }) {
  const [typed, setTyped] = useState<string | null>(null);
  const save = (): void => {
    if (typed === null || isInvalid) return;
    const text = typed.trim();
    // An empty field is no number; Number('') would be 0.
    onSave(isNumber ? (text === '' ? Number.NaN : Number(text)) : text);
  };
  // What was refused stays in the field, to be put right; what was saved is the value from then on.
  const shown = typed ?? String(value);
  const isSaved = typed !== null && typed.trim() === String(value);
  return (
    <div className="flex w-56 items-center gap-2">
      <input
        id={id}
        aria-describedby={describedBy}
        aria-invalid={isInvalid || undefined}
        inputMode={isNumber ? 'decimal' : undefined}
        spellCheck={false}
        autoComplete="off"
        disabled={isFixed}
        className={`control min-w-0 ${isNumber ? '!w-28 text-right tabular-nums' : ''}`}
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
