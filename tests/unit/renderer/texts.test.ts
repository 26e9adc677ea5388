import { describe, expect, test } from 'vitest';
import { roles } from '../../../src/shared/roles.ts';
import { errorCodes } from '../../../src/shared/errors.ts';
import { jobStates } from '../../../src/shared/job.ts';
import { groupNames, settingsLayout } from '../../../src/renderer/src/pages/settings/layout.ts';
import { settingsSchema } from '../../../src/shared/settings.ts';
import { createI18n, pickLanguage } from '../../../src/renderer/src/i18n/index.ts';
import { en } from '../../../src/renderer/src/i18n/en.ts';
import { ko } from '../../../src/renderer/src/i18n/ko.ts';

type Tree = { readonly [key: string]: string | Tree };

const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : flat(value, `${path}${key}.`),
  );
const settingNames = Object.keys(settingsSchema.shape);
const english = new Map(flat(en));
const korean = new Map(flat(ko));
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name ?? '').sort();

describe('texts', () => {
  test('both languages have the same keys, none empty', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
    for (const text of [...english.values(), ...korean.values()]) expect(text.trim()).not.toBe('');
  });

  test('both languages use the same placeholders', () => {
    for (const [key, text] of english)
      expect([key, placeholders(korean.get(key) ?? '')]).toEqual([key, placeholders(text)]);
  });

  test('Korean is Korean, except for names and what is written the same everywhere', () => {
    const same = [...english].filter(([key, text]) => korean.get(key) === text).map(([key]) => key);
    expect(same.sort()).toEqual(
      [
        'app.name',
        'machine.checks.docker',
        'machine.checks.gh',
        'machine.checks.git',
        ...['ollama', 'openai', 'anthropic', 'google', 'openrouter', 'google-antigravity'].map(
          (name) => `providers.${name}`,
        ),
        'role.ci/cd engineer',
        'role.qa engineer',
        'settings.options.en',
        'settings.options.ko',
        'settings.unit.mb',
        'timeline.state',
      ].sort(),
    );
  });

  test('everything that the contract can name has words', () => {
    for (const role of roles) expect(english.has(`role.${role}`)).toBe(true);
    for (const state of jobStates) expect(english.has(`state.${state}`)).toBe(true);
    for (const code of errorCodes) expect(english.has(`errors.${code}`)).toBe(true);
    for (const name of settingNames) {
      expect(english.has(`settings.field.${name}`)).toBe(true);
      expect(english.has(`settings.help.${name}`)).toBe(true);
    }
  });

  test('counts are put into words in both languages', () => {
    expect(createI18n('en').t('jobs.count', { count: 1 })).toBe('1 job');
    expect(createI18n('en').t('jobs.count', { count: 10_000 })).toBe('10,000 jobs');
    expect(createI18n('ko').t('jobs.count', { count: 10_000 })).toBe('작업 10,000개');
  });

  test('the language of the system is Korean only where Korean comes first', () => {
    expect(pickLanguage('system', ['ko-KR', 'en'])).toBe('ko');
    expect(pickLanguage('system', ['en-US', 'ko'])).toBe('en');
    expect(pickLanguage('system', [])).toBe('en');
    expect(pickLanguage('en', ['ko'])).toBe('en');
  });
});

describe('settings page', () => {
  test('shows every setting once, with the limits of the schema', () => {
    const controls = groupNames.flatMap((group) => settingsLayout[group]);
    expect(controls.map((control) => control.name).sort()).toEqual([...settingNames].sort());
    for (const control of controls) {
      const schema = settingsSchema.shape[control.name].unwrap();
      const accepts = (value: unknown): boolean => schema.safeParse(value).success;
      if (control.kind === 'number') {
        expect([control.name, accepts(control.min), accepts(control.max)]).toEqual([
          control.name,
          true,
          true,
        ]);
        expect([control.name, accepts(control.min - 0.05), accepts(control.max + 1)]).toEqual([
          control.name,
          false,
          false,
        ]);
      }
      if (control.kind === 'options')
        for (const option of control.options) expect(accepts(option)).toBe(true);
    }
  });
});
