import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { capabilities, can, type ListedModel } from '../../lib/model-list.ts';
import { useNotify } from '../../lib/notify.ts';
import { useStores } from '../../stores/context.ts';
import { TestResult } from './test-result.tsx';

/** One model: what it is, what it can, what it costs, how its test went; test it or make it a default. */
export function ModelRow({ model, onEditPrice }: { model: ListedModel; onEditPrice: () => void }) {
  const { t } = useTranslation();
  const { models, settings } = useStores();
  const notify = useNotify();
  const view = useStore(settings.store, (state) => state.view.value);
  const test = useStore(models.store, (state) => state.tests[model.name]);
  const choose = async (setting: 'model' | 'manager_model'): Promise<void> => {
    const result = await settings.save(setting, model.name);
    if (result.ok) notify.done(t(`models.chosen_${setting}`, { name: model.display_name }));
    else if (result.error !== 'invalid') notify.failed(result.error);
  };
  const isCrews = view?.values.model === model.name;
  const isLeaders = view?.values.manager_model === model.name;
  return (
    <div className="flex flex-col gap-1 border-b border-line py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-56 flex-1">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{model.display_name}</span>
            {isCrews && <Badge text={t('models.crews')} />}
            {isLeaders && <Badge text={t('models.leaders')} />}
          </p>
          <p className="text-xs break-all text-ink-faint">{model.name}</p>
        </div>
        <Facts model={model} />
        <Button
          busy={test === 'running'}
          aria-label={t('models.test_of', { name: model.display_name })}
          onClick={() => void models.test(model.name)}
        >
          {t(test === 'running' ? 'models.testing' : 'models.test')}
        </Button>
        <Menu
          label={t('models.more', { name: model.display_name })}
          items={[
            ...(isCrews ? [] : [{ label: t('models.use_crew'), run: () => void choose('model') }]),
            ...(isLeaders
              ? []
              : [{ label: t('models.use_leader'), run: () => void choose('manager_model') }]),
            { label: t('models.edit_price'), run: onEditPrice },
          ]}
        />
      </div>
      {test !== undefined && test !== 'running' && <TestResult test={test} />}
    </div>
  );
}

const Badge = ({ text }: { text: string }) => (
  <span className="rounded-full bg-accent-soft px-2 text-xs leading-5 font-medium text-accent-ink">
    {text}
  </span>
);

function Facts({ model }: { model: ListedModel }) {
  const { t, i18n } = useTranslation();
  const tokens = (value: number): string =>
    value.toLocaleString(i18n.language, { notation: 'compact', maximumFractionDigits: 0 });
  const usd = (value: number): string =>
    `$${value.toLocaleString(i18n.language, { maximumFractionDigits: 3 })}`;
  const { price } = model;
  const known = capabilities.filter((capability) => can(model, capability) === true);
  const isFree = price?.input_usd === 0 && price.output_usd === 0;
  return (
    <dl className="flex flex-wrap items-baseline gap-x-4 text-xs text-ink-soft tabular-nums">
      <Fact label={t('models.capabilities')} text={known.map((each) => t(`models.can.${each}`)).join(', ')} />
      <Fact
        label={t('models.context')}
        text={
          model.context_window_tokens === null
            ? ''
            : t('models.tokens', { tokens: tokens(model.context_window_tokens) })
        }
      />
      <Fact
        label={t('models.price')}
        text={
          isFree
            ? t('models.free')
            : price?.input_usd == null || price.output_usd == null
              ? t('models.price_unknown')
              : t('models.price_pair', { input: usd(price.input_usd), output: usd(price.output_usd) })
        }
      />
    </dl>
  );
}

function Fact({ label, text }: { label: string; text: string }) {
  if (text === '') return null;
  return (
    <div>
      <dt className="sr-only">{label}</dt>
      <dd title={label}>{text}</dd>
    </div>
  );
}
