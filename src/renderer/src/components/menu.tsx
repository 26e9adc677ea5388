import { EllipsisVertical } from 'lucide-react';
import { useId, useRef } from 'react';
import { IconButton } from './button.tsx';

export interface MenuItem {
  label: string;
  danger?: boolean;
  run: () => void;
}

/** More actions of one thing. The browser's own popover closes on Escape and on a click elsewhere. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  return (
    <span className="relative">
      <IconButton label={label} popoverTarget={id} style={{ anchorName: `--${id.replace(/\W/g, '')}` }}>
        <EllipsisVertical size={16} aria-hidden="true" />
      </IconButton>
      <div
        ref={list}
        id={id}
        popover="auto"
        aria-label={label}
        style={{
          positionAnchor: `--${id.replace(/\W/g, '')}`,
          positionArea: 'block-end span-inline-start',
        }}
        className="m-0 mt-1 min-w-44 rounded-xl border border-line bg-raised p-1 text-ink shadow-float"
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            className={`block w-full rounded-lg px-2.5 py-1.5 text-left text-sm hover:bg-hover focus-visible:bg-hover ${item.danger ? 'text-bad' : ''}`}
            onClick={() => {
              list.current?.hidePopover();
              item.run();
            }}
          >
            {item.label}
          </button>
        ))}
      </div>
    </span>
  );
}
