import { type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { hasToken, keepToken } from '../client/token.ts';
import { Logo } from './logo.tsx';

/** Asks for the token of this server, then starts over with it. */
export function TokenPage() {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const [wasRefused] = useState(() => hasToken(sessionStorage));
  const connect = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (token.trim() === '') return;
    keepToken(sessionStorage, token);
    window.location.reload();
  };
  return (
    <main className="grid h-full place-items-center overflow-auto bg-side p-6">
      <form
        onSubmit={connect}
        className="rise flex w-96 max-w-full flex-col gap-4 rounded-2xl border border-line bg-raised p-7 shadow-float"
      >
        <Logo size={32} />
        <h1 className="text-lg font-semibold">{t('token.title')}</h1>
        <p className="text-ink-soft">{t('token.help')}</p>
        <pre className="rounded-lg bg-soft px-3 py-2 font-mono text-sm">dev-crew token</pre>
        <Field label={t('token.label')} error={wasRefused ? t('token.refused') : null}>
          {(ids) => (
            <input
              {...ids}
              type="password"
              autoFocus
              autoComplete="off"
              spellCheck={false}
              className="control font-mono"
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" disabled={token.trim() === ''}>
          {t('token.connect')}
        </Button>
      </form>
    </main>
  );
}
