import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../components/button.tsx';
import { EmptyState } from '../components/states.tsx';
import { toHash } from '../lib/router.ts';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState isPage icon={Compass} title={t('app.not_found')} help={t('app.not_found_help')}>
      <LinkButton href={toHash.jobs()}>{t('app.to_jobs')}</LinkButton>
    </EmptyState>
  );
}
