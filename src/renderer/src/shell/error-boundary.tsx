import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';

/** The last resort for a defect of a page: the rest of the window goes on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Crash /> : this.props.children;
  }
}

function Crash() {
  const { t } = useTranslation();
  return (
    <div role="alert" className="m-auto flex max-w-md flex-col items-center gap-3 p-8 text-center">
      <h1 className="text-base font-semibold">{t('errors.crash')}</h1>
      <p className="text-ink-soft">{t('errors.crash_help')}</p>
      <Button onClick={() => window.location.reload()}>{t('connection.reload')}</Button>
    </div>
  );
}
