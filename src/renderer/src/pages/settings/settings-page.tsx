import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { PageHeader } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { ErrorState, Skeleton } from '../../components/states.tsx';
import { useStores } from '../../stores/context.ts';
import { groupNames, settingsLayout } from './layout.ts';
import { MachineSection } from './machine-section.tsx';
import { SettingRow } from './setting-row.tsx';

export default function SettingsPage() {
  const { t } = useTranslation();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl">
        <PageHeader title={t('settings.title')} />
        <div className="flex flex-col gap-9 px-8 pt-2 pb-20 max-md:px-4">
          <Groups />
          <MachineSection />
        </div>
      </div>
    </div>
  );
}

function Groups() {
  const { t } = useTranslation();
  const { settings } = useStores();
  const { value, error } = useStore(settings.store, (state) => state.view);
  if (error && !value)
    return <ErrorState title={t('settings.load_error')} error={error} onRetry={() => void settings.load()} />;
  if (!value) return <Skeleton />;
  return groupNames.map((group) => (
    <Section key={group} title={t(`settings.groups.${group}`)}>
      <div className="rounded-xl border border-line">
        {settingsLayout[group].map((control) => (
          <SettingRow
            key={control.name}
            control={control}
            value={value.values[control.name]}
            fixedBy={value.fixed[control.name] ?? null}
            warnings={value.warnings[control.name] ?? []}
          />
        ))}
      </div>
    </Section>
  ));
}
