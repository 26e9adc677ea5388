import { CircleCheck, CircleX, ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Login } from '../../../../shared/accounts.ts';
import type { AppError } from '../../../../shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Field } from '../../components/field.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { useErrorText } from '../../lib/error-text.ts';
import { clockTime } from '../../lib/format.ts';
import { safeLink } from '../../lib/safe-link.ts';
import { isUnderWay } from '../../stores/accounts.ts';
import { useStores } from '../../stores/context.ts';

/** A sign-in under way: open the provider's page, then wait for the answer, or paste it. Closing it lets it go on. */
export function LoginDialog({ login }: { login: Login }) {
  const { t, i18n } = useTranslation();
  const { accounts } = useStores();
  const underWay = isUnderWay(login);
  return (
    <ModalDialog title={t(`accounts.login.${login.state}`)} onClose={() => accounts.close()}>
      {underWay ? (
        <>
          <p className="text-ink-soft">
            {t(login.method === 'device' ? 'accounts.login.device_help' : 'accounts.login.browser_help', {
              at: clockTime(login.expires_at, i18n.language),
            })}
          </p>
          {login.notice && <p className="text-sm text-warn">{login.notice}</p>}
          {login.user_code && <UserCode code={login.user_code} />}
          <OpenLink href={login.verification_url ?? login.authorize_url} />
          {login.method !== 'device' && <PasteField />}
        </>
      ) : (
        <Ended login={login} />
      )}
      <div className="mt-2 flex justify-end gap-2">
        {underWay && (
          <Button look="danger" onClick={() => void accounts.cancelLogin()}>
            {t('accounts.login.give_up')}
          </Button>
        )}
        <Button look={underWay ? 'plain' : 'primary'} onClick={() => accounts.close()}>
          {t(underWay ? 'accounts.login.later' : 'common.close')}
        </Button>
      </div>
    </ModalDialog>
  );
}

function Ended({ login }: { login: Login }) {
  const { t } = useTranslation();
  const isDone = login.state === 'done';
  const Icon = isDone ? CircleCheck : CircleX;
  return (
    <p role="status" className="flex items-start gap-2">
      <Icon size={17} aria-hidden="true" className={`mt-0.5 shrink-0 ${isDone ? 'text-good' : 'text-bad'}`} />
      <span className="break-words">
        {isDone ? t('accounts.login.done_help') : (login.error ?? t('accounts.login.start_again'))}
      </span>
    </p>
  );
}

function UserCode({ code }: { code: string }) {
  const { t } = useTranslation();
  return (
    <p className="flex items-center justify-center gap-2 rounded-lg bg-soft py-3 font-mono text-lg tracking-widest">
      {code}
      <CopyButton text={code} label={t('accounts.login.copy_code')} />
    </p>
  );
}

/** A link, so that the person's own browser opens it by the person's own click. */
function OpenLink({ href }: { href: string | null }) {
  const { t } = useTranslation();
  if (href === null) return null;
  const link = safeLink(href);
  return (
    <div className="flex items-center gap-2">
      {link && (
        <a
          href={link}
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-8 flex-1 items-center justify-center gap-1.5 rounded-lg bg-accent px-3 text-sm font-medium text-white hover:bg-accent-hover"
        >
          {t('accounts.login.open')}
          <ExternalLink size={14} aria-hidden="true" />
        </a>
      )}
      <CopyButton text={href} label={t('accounts.login.copy_link')} />
    </div>
  );
}

function PasteField() {
  const { t } = useTranslation();
  const { accounts } = useStores();
  const errorText = useErrorText();
  const [text, setText] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    const result = await accounts.paste(text);
    setBusy(false);
    setError(result && !result.ok ? result.error : null);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '' && !busy) void send();
      }}
    >
      <Field
        label={t('accounts.login.paste')}
        help={t('accounts.login.paste_help')}
        error={error ? errorText(error) : null}
      >
        {(ids) => (
          <div className="flex gap-2">
            <input
              {...ids}
              className="control"
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Button type="submit" busy={busy} disabled={text.trim() === ''}>
              {t('accounts.login.send')}
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}
