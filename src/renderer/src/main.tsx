import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { config } from 'zod';
import { App } from './app.tsx';
import { chooseClient } from './client/choose.ts';
import { createI18n } from './i18n/index.ts';
import { rememberedLanguage, rememberedTheme, showTheme } from './lib/appearance.ts';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { StoresContext } from './stores/context.ts';
import { createFrameScheduler } from './stores/feed.ts';
import { createStores } from './stores/index.ts';

// Compiled parsers need eval, which the content security policy forbids.
config({ jitless: true });

showTheme(rememberedTheme());
const i18n = createI18n(rememberedLanguage());
const stores = createStores({
  client: chooseClient(window),
  schedule: createFrameScheduler(),
  newKey: () => crypto.randomUUID(),
});
// The pages and their subscription live as long as the document.
stores.feed.start();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <I18nextProvider i18n={i18n}>
    <StoresContext value={stores}>
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </StoresContext>
  </I18nextProvider>,
);
