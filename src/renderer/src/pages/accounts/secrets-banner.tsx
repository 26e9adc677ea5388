import { useTranslation } from 'react-i18next';
import type { SecretStoreStatus } from '../../../../shared/accounts.ts';
import { Banner } from '../../components/banner.tsx';

/** Shown while keys and tokens cannot be kept safely; says what to do. */
export function SecretsBanner({ secrets }: { secrets: SecretStoreStatus }) {
  const { t } = useTranslation();
  if (secrets.state === 'ok') return null;
  return (
    <Banner
      tone="warn"
      title={t(`accounts.secrets.${secrets.state}`)}
      text={[secrets.detail, secrets.advice].filter(Boolean).join('\n')}
    />
  );
}
