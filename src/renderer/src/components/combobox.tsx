import { type KeyboardEvent, useId, useState } from 'react';
import type { ControlIds } from './field.tsx';

export interface ComboOption {
  value: string;
  label: string;
  detail?: string;
}

/** A text field with suggestions, after the ARIA pattern "combobox with list autocomplete"; any text may be typed. */
export function Combobox({
  options,
  value,
  listLabel,
  placeholder,
  onChange,
  onBlur,
  ...ids
}: ControlIds & {
  options: readonly ComboOption[];
  value: string;
  listLabel: string;
  placeholder?: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
}) {
  const listId = useId();
  const [isOpen, setOpen] = useState(false);
  const [isTyped, setTyped] = useState(false);
  const [active, setActive] = useState(-1);
  const wanted = value.trim().toLowerCase();
  const shown = isTyped ? options.filter((each) => each.value.toLowerCase().includes(wanted)) : options;
  const isShown = isOpen && shown.length > 0;
  const close = (): void => {
    setOpen(false);
    setTyped(false);
    setActive(-1);
  };
  const choose = (option: ComboOption): void => {
    onChange(option.value);
    close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const option = shown[active];
    if (step !== 0 && shown.length > 0) {
      event.preventDefault();
      setOpen(true);
      setActive(isShown ? (active + step + shown.length) % shown.length : step === 1 ? 0 : shown.length - 1);
    } else if (event.key === 'Enter' && isShown && option && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(option);
    } else if (event.key === 'Escape' && isShown) {
      event.preventDefault();
      close();
    }
  };
  return (
    <div className="relative min-w-0 flex-1">
      <input
        {...ids}
        role="combobox"
        aria-expanded={isShown}
        aria-controls={isShown ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active >= 0 ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        className="control"
        placeholder={placeholder}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          setOpen(true);
          setTyped(true);
          setActive(-1);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => {
          close();
          onBlur?.();
        }}
        onKeyDown={onKeyDown}
      />
      {isShown && (
        <ul
          id={listId}
          role="listbox"
          aria-label={listLabel}
          className="rise absolute inset-x-0 top-full z-20 mt-1 max-h-72 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-float"
        >
          {shown.map((option, index) => (
            <li
              key={option.value}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              className={`cursor-pointer rounded-lg px-2.5 py-1.5 ${index === active ? 'bg-hover' : ''}`}
              // Before the blur that would close the list.
              onPointerDown={(event) => {
                event.preventDefault();
                choose(option);
              }}
              onPointerEnter={() => setActive(index)}
            >
              <span className="block truncate">{option.label}</span>
              {option.detail && option.detail !== option.label && (
                <span className="block truncate text-xs text-ink-faint">{option.detail}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
