import { Ban, CircleCheck, CircleX, Hand } from 'lucide-react';
import type { ReactNode } from 'react';

const tones = {
  warn: { box: 'bg-warn-soft', icon: Hand, ink: 'text-warn' },
  bad: { box: 'bg-bad-soft', icon: CircleX, ink: 'text-bad' },
  good: { box: 'bg-good-soft', icon: CircleCheck, ink: 'text-good' },
  idle: { box: 'bg-soft', icon: Ban, ink: 'text-ink-soft' },
};

export function Banner({
  tone,
  title,
  text = '',
  more = '',
  children,
}: {
  tone: keyof typeof tones;
  title: string;
  text?: string;
  more?: string;
  children?: ReactNode;
}) {
  const { box, icon: Icon, ink } = tones[tone];
  return (
    <section
      aria-label={title}
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl px-4 py-3 ${box}`}
    >
      <Icon size={17} aria-hidden="true" className={`shrink-0 self-start translate-y-0.5 ${ink}`} />
      <div className="min-w-60 flex-1">
        <p className="font-medium">{title}</p>
        {text && (
          <p
            tabIndex={text.length > 300 ? 0 : undefined}
            className="max-h-28 overflow-y-auto text-sm break-words whitespace-pre-wrap text-ink-soft"
          >
            {text}
          </p>
        )}
        {more && <p className="mt-1 text-sm text-ink-soft">{more}</p>}
      </div>
      {children}
    </section>
  );
}
