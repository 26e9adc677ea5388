import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../components/button.tsx';
import { useStores } from '../stores/context.ts';

/** Says when what is shown may be old. Nothing while the first connection is still being made. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const { feed } = useStores();
  const { status, wasOpen } = useStore(feed.store);
  const text =
    status === 'closed'
      ? t('connection.closed')
      : status === 'connecting' && wasOpen
        ? t('connection.reconnecting')
        : '';
  return (
    <div role="status">
      {text && (
        <div className="flex items-center justify-center gap-3 border-b border-line bg-warn-soft px-4 py-1.5 text-sm text-warn">
          <span>{text}</span>
          {status === 'closed' && (
            <Button onClick={() => window.location.reload()}>{t('connection.reload')}</Button>
          )}
        </div>
      )}
    </div>
  );
}
