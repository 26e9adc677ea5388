import { CircleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/errors.ts';
import { useErrorText } from '../lib/error-text.ts';
import { Button } from './button.tsx';

export function EmptyState({
  icon: Icon,
  title,
  help,
  isPage = false,
  children,
}: {
  icon: LucideIcon;
  title: string;
  help: string;
  /** The title is that of the whole page. */
  isPage?: boolean;
  children?: ReactNode;
}) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div className="rise mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-20 text-center">
      <span className="mb-2 grid size-12 place-items-center rounded-2xl bg-accent-soft text-accent-ink">
        <Icon size={22} strokeWidth={1.75} aria-hidden="true" />
      </span>
      <Title className="text-base font-semibold">{title}</Title>
      {help && <p className="text-ink-soft">{help}</p>}
      {children && <div className="mt-4">{children}</div>}
    </div>
  );
}

export function ErrorState({
  title,
  error,
  isPage = false,
  onRetry,
}: {
  title: string;
  error: AppError;
  isPage?: boolean;
  onRetry: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-20 text-center">
      <span className="mb-2 grid size-12 place-items-center rounded-2xl bg-bad-soft text-bad">
        <CircleAlert size={22} strokeWidth={1.75} aria-hidden="true" />
      </span>
      <Title className="text-base font-semibold">{title}</Title>
      <p className="text-ink-soft">{errorText(error)}</p>
      <Button className="mt-4" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}

/** Grey lines in the shape of what is coming. */
export function Skeleton({ rows = 6, className = '' }: { rows?: number; className?: string }) {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      aria-label={t('common.loading')}
      className={`breathe flex flex-col gap-5 ${className}`}
    >
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex items-center gap-3">
          <span className="size-4 rounded-full bg-hover" />
          <span className="flex flex-1 flex-col gap-2">
            <span className={`h-3 rounded bg-hover ${index % 3 === 0 ? 'w-3/5' : 'w-2/5'}`} />
            <span className="h-2.5 w-1/4 rounded bg-soft" />
          </span>
        </div>
      ))}
    </div>
  );
}
