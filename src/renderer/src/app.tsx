import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Toaster } from './components/toaster.tsx';
import { Skeleton } from './components/states.tsx';
import { showLanguage, showTheme } from './lib/appearance.ts';
import { useShortcuts } from './lib/keys.ts';
import { type Route, navigate, parseRoute, toHash, useHash } from './lib/router.ts';
import { JobsPage } from './pages/jobs/jobs-page.tsx';
import { ConnectionBanner } from './shell/connection-banner.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Sidebar } from './shell/sidebar.tsx';
import { TokenPage } from './shell/token-page.tsx';
import { useStores } from './stores/context.ts';

const NewJobPage = lazy(() => import('./pages/new-job/new-job-page.tsx'));
const JobPageView = lazy(() => import('./pages/job/job-page.tsx'));
const InboxPage = lazy(() => import('./pages/inbox/inbox-page.tsx'));
const UsagePage = lazy(() => import('./pages/usage/usage-page.tsx'));
const ModelsPage = lazy(() => import('./pages/models/models-page.tsx'));
const AccountsPage = lazy(() => import('./pages/accounts/accounts-page.tsx'));
const SettingsPage = lazy(() => import('./pages/settings/settings-page.tsx'));

export function App() {
  const { session } = useStores();
  const needsToken = useStore(session, (state) => state.needsToken);
  useAppearance();
  return needsToken ? <TokenPage /> : <Shell />;
}

function Shell() {
  const { t } = useTranslation();
  const route = parseRoute(useHash());
  useShortcuts({
    n: () => navigate(toHash.newJob),
    'g j': () => navigate(toHash.jobs()),
    'g i': () => navigate(toHash.inbox),
    'g u': () => navigate(toHash.usage),
    'g m': () => navigate(toHash.models),
    'g a': () => navigate(toHash.accounts),
    'g s': () => navigate(toHash.settings),
  });
  return (
    <div className="flex h-full">
      <button
        type="button"
        className="sr-only z-50 rounded-lg bg-raised px-3 py-2 focus:not-sr-only focus:absolute focus:m-2"
        onClick={() => document.getElementById('content')?.focus()}
      >
        {t('app.skip')}
      </button>
      <Sidebar route={route} />
      <div className="flex min-w-0 flex-1 flex-col">
        <ConnectionBanner />
        <main id="content" tabIndex={-1} className="relative flex min-h-0 flex-1 flex-col outline-none">
          <ErrorBoundary key={route.page === 'job' ? route.jobId : route.page}>
            <Suspense fallback={<Skeleton className="p-8" />}>
              <Page route={route} />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <Toaster />
    </div>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'jobs':
      return <JobsPage scope={route.scope} />;
    case 'job':
      return <JobPageView key={route.jobId} jobId={route.jobId} tab={route.tab} />;
    case 'new':
      return <NewJobPage />;
    case 'inbox':
      return <InboxPage />;
    case 'usage':
      return <UsagePage />;
    case 'models':
      return <ModelsPage />;
    case 'accounts':
      return <AccountsPage />;
    case 'settings':
      return <SettingsPage />;
    case 'unknown':
      return <NotFound />;
  }
}

/** Theme and language follow the settings at once. */
function useAppearance(): void {
  const { settings } = useStores();
  const { i18n } = useTranslation();
  const values = useStore(settings.store, (state) => state.view.value?.values);
  useEffect(() => void settings.load(), [settings]);
  useEffect(() => {
    if (!values) return;
    showTheme(values.theme);
    const language = showLanguage(values.language);
    if (language !== i18n.language) void i18n.changeLanguage(language);
  }, [values, i18n]);
}
