import {
  Boxes,
  ChartNoAxesColumn,
  Inbox,
  KeyRound,
  ListTodo,
  type LucideIcon,
  Plus,
  Settings,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Kbd } from '../components/kbd.tsx';
import { type Route, toHash } from '../lib/router.ts';
import { useStores } from '../stores/context.ts';
import { Logo } from './logo.tsx';

export function Sidebar({ route }: { route: Route }) {
  const { t } = useTranslation();
  const { inbox } = useStores();
  const open = useStore(inbox.store, (state) => state.count);
  return (
    <nav
      aria-label={t('app.navigation')}
      className="flex w-52 shrink-0 flex-col gap-0.5 border-r border-line bg-side px-3 py-4 max-md:w-14 max-md:px-2"
    >
      <div className="mb-4 flex items-center gap-2.5 px-2 max-md:justify-center max-md:px-0">
        <Logo />
        <span className="font-semibold tracking-tight max-md:hidden">{t('app.name')}</span>
      </div>
      <a
        href={toHash.newJob}
        aria-current={route.page === 'new' ? 'page' : undefined}
        className="mb-4 flex h-8 items-center gap-2 rounded-lg bg-accent px-2.5 text-sm font-medium text-white shadow-soft transition-colors hover:bg-accent-hover max-md:justify-center max-md:px-0"
      >
        <Plus size={16} aria-hidden="true" />
        <span className="flex-1 max-md:sr-only">{t('app.new_job')}</span>
        <span className="max-md:hidden">
          <Kbd onAccent>N</Kbd>
        </span>
      </a>
      <Item
        href={toHash.jobs()}
        icon={ListTodo}
        label={t('app.jobs')}
        current={route.page === 'jobs' || route.page === 'job'}
      />
      <Item
        href={toHash.inbox}
        icon={Inbox}
        label={t('app.inbox')}
        current={route.page === 'inbox'}
        badge={open}
        badgeLabel={t('app.needs_you', { count: open })}
      />
      <Item
        href={toHash.usage}
        icon={ChartNoAxesColumn}
        label={t('app.usage')}
        current={route.page === 'usage'}
      />
      <Item href={toHash.models} icon={Boxes} label={t('app.models')} current={route.page === 'models'} />
      <Item
        href={toHash.accounts}
        icon={KeyRound}
        label={t('app.accounts')}
        current={route.page === 'accounts'}
      />
      <Item
        href={toHash.settings}
        icon={Settings}
        label={t('app.settings')}
        current={route.page === 'settings'}
      />
    </nav>
  );
}

function Item({
  href,
  icon: Icon,
  label,
  current,
  badge = 0,
  badgeLabel,
}: {
  href: string;
  icon: LucideIcon;
  label: string;
  current: boolean;
  badge?: number;
  badgeLabel?: string;
}) {
  const tone = current ? 'bg-hover font-medium text-ink' : 'text-ink-soft hover:bg-hover hover:text-ink';
  return (
    <a
      href={href}
      aria-current={current ? 'page' : undefined}
      className={`relative flex h-8 items-center gap-2.5 rounded-lg px-2.5 transition-colors max-md:justify-center max-md:px-0 ${tone}`}
    >
      <Icon size={16} strokeWidth={1.9} aria-hidden="true" className="shrink-0" />
      <span className="flex-1 max-md:sr-only">{label}</span>
      {badge > 0 && (
        <span className="min-w-5 rounded-full bg-warn-soft px-1.5 text-center text-xs leading-5 font-semibold text-warn tabular-nums max-md:absolute max-md:-top-1 max-md:right-0">
          <span aria-hidden="true">{badge > 99 ? '99+' : badge}</span>
          <span className="sr-only">{badgeLabel}</span>
        </span>
      )}
    </a>
  );
}
