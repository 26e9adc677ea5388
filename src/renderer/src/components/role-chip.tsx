import { useTranslation } from 'react-i18next';
import type { Role } from '../../../shared/roles.ts';

export function RoleChip({ role }: { role: Role }) {
  const { t } = useTranslation();
  return (
    <span className="rounded-full border border-line px-2 text-xs leading-5 whitespace-nowrap text-ink-soft">
      {t(`role.${role}`)}
    </span>
  );
}
