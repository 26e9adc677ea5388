import { type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

/**
 * A question that must be answered first. The browser's own dialog keeps the focus inside, closes on Escape and gives
 * the focus back. `onConfirm` is called once; the caller closes.
 */
export function ConfirmDialog({
  title,
  help,
  confirmLabel,
  keepLabel,
  look,
  busy,
  children,
  onConfirm,
  onClose,
}: {
  title: string;
  help: string;
  confirmLabel: string;
  keepLabel?: string;
  look: 'primary' | 'danger';
  busy: boolean;
  children?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  // A layout effect: closing gives the focus back only while the dialog is still in the page.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!busy) onConfirm();
  };
  return (
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-help`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="rise m-auto w-[26rem] max-w-[calc(100vw-2rem)] rounded-xl border border-line bg-raised p-5 text-ink shadow-float"
    >
      <form
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
        }}
        className="flex flex-col gap-3"
      >
        <h2 id={`${id}-title`} className="text-base font-semibold">
          {title}
        </h2>
        <p id={`${id}-help`} className="text-ink-soft">
          {help}
        </p>
        {children}
        <div className="mt-2 flex justify-end gap-2">
          <Button onClick={onClose}>{keepLabel ?? t('common.cancel')}</Button>
          <Button type="submit" look={look} busy={busy}>
            {confirmLabel}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
