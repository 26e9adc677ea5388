import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

/** The browser's own dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function ModalDialog({
  title,
  children,
  onClose,
}: {
  title: string;
  children: ReactNode;
  onClose: () => void;
}) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  // A layout effect: closing gives the focus back only while the dialog is still in the page.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="rise m-auto w-[28rem] max-w-[calc(100vw-2rem)] rounded-xl border border-line bg-raised p-5 text-ink shadow-float"
    >
      <div className="flex flex-col gap-3">
        <h2 id={`${id}-title`} className="text-base font-semibold">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
