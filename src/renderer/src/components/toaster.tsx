import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../stores/context.ts';
import type { Toast } from '../stores/toasts.ts';
import { Button, IconButton } from './button.tsx';

/** What failed, and what can be taken back, stays for longer. */
const shownMs = ({ tone, action }: Toast): number => (tone === 'bad' || action ? 12_000 : 6_000);

/** Short messages. They wait while the pointer or the focus is on them. */
export function Toaster() {
  const { t } = useTranslation();
  const { toasts } = useStores();
  const shown = useStore(toasts.store, (state) => state.toasts);
  return (
    <section
      aria-label={t('common.notifications')}
      className="pointer-events-none fixed right-4 bottom-4 z-50"
    >
      <ol aria-live="polite" className="flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2">
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onDismiss={() => toasts.dismiss(toast.id)} />
        ))}
      </ol>
    </section>
  );
}

function ToastCard({ toast, onDismiss }: { toast: Toast; onDismiss: () => void }) {
  const { t } = useTranslation();
  const { toasts } = useStores();
  const [isHeld, setHeld] = useState(false);
  const { id, tone, text, detail, action } = toast;
  const forMs = shownMs(toast);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => toasts.dismiss(id), forMs);
    return () => clearTimeout(timer);
  }, [isHeld, id, forMs, toasts]);
  const Icon = tone === 'good' ? CircleCheck : CircleAlert;
  return (
    <li
      className="rise pointer-events-auto flex items-start gap-2.5 rounded-xl border border-line bg-raised py-2.5 pr-2 pl-3 shadow-float"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon
        size={17}
        aria-hidden="true"
        className={`mt-1 shrink-0 ${tone === 'good' ? 'text-good' : 'text-bad'}`}
      />
      <div className="min-w-0 flex-1 pt-0.5">
        <p className="font-medium break-words">{text}</p>
        {detail && <p className="text-sm break-words text-ink-soft">{detail}</p>}
      </div>
      {action && (
        <Button
          look="quiet"
          className="!h-7 !px-2 text-accent-ink"
          onClick={() => {
            onDismiss();
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('common.dismiss')} onClick={onDismiss}>
        <X size={15} aria-hidden="true" />
      </IconButton>
    </li>
  );
}
