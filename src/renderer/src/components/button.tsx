import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-white hover:bg-accent-hover border-transparent shadow-soft',
  plain: 'bg-raised text-ink border-line-strong hover:bg-hover shadow-soft',
  quiet: 'bg-transparent text-ink-soft border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-raised text-bad border-line-strong hover:bg-bad-soft shadow-soft',
};
const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg border text-sm font-medium whitespace-nowrap ' +
  'transition-colors disabled:opacity-55';

export function Button({
  look = 'plain',
  busy = false,
  className = '',
  disabled,
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={`${base} ${looks[look]} h-8 px-3 ${className}`}
    >
      {children}
    </button>
  );
}

/** A button of one icon; the label is for those who cannot see it, and shows on hover. */
export function IconButton({
  label,
  children,
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { label: string; children: ReactNode }) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={`${base} ${looks.quiet} size-7 ${className}`}
    >
      {children}
    </button>
  );
}

export function LinkButton({
  href,
  look = 'plain',
  children,
  className = '',
}: {
  href: string;
  look?: Look;
  children: ReactNode;
  className?: string;
}) {
  return (
    <a href={href} className={`${base} ${looks[look]} h-8 px-3 ${className}`}>
      {children}
    </a>
  );
}
