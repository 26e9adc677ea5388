import { useId } from 'react';

export interface ChoiceOption<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

/** One of a few, side by side: radio buttons that look like one control. */
export function Choice<T extends string>({
  legend,
  hideLegend = false,
  options,
  value,
  onChange,
  help,
}: {
  legend: string;
  hideLegend?: boolean;
  options: readonly ChoiceOption<T>[];
  value: T;
  onChange: (value: T) => void;
  help?: string;
}) {
  const name = useId();
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5" aria-describedby={help ? `${name}-help` : undefined}>
      <legend className={hideLegend ? 'sr-only' : 'mb-1.5 text-sm font-medium'}>{legend}</legend>
      <div className="inline-flex w-fit max-w-full flex-wrap gap-0.5 rounded-lg bg-soft p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="relative cursor-pointer rounded-md px-3 py-1 text-sm text-ink-soft transition-colors hover:text-ink has-checked:bg-chosen has-checked:font-medium has-checked:text-ink has-checked:shadow-soft has-focus-visible:outline-2 has-focus-visible:outline-accent has-disabled:cursor-default has-disabled:opacity-55"
          >
            <input
              type="radio"
              className="absolute inset-0 cursor-[inherit] opacity-0"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
      {help && (
        <p id={`${name}-help`} className="text-xs text-ink-faint">
          {help}
        </p>
      )}
    </fieldset>
  );
}
