import type { Settings } from '../../../shared/settings.ts';
import { type Language, pickLanguage } from '../i18n/index.ts';

type Theme = Settings['theme'];
const themeKey = 'dev-crew-theme';
const languageKey = 'dev-crew-language';

/** Theme and language are kept in the browser too, so that the first paint is right before the settings have come. */
export const rememberedTheme = (): Theme => {
  const theme = localStorage.getItem(themeKey);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
};

export function showTheme(theme: Theme): void {
  localStorage.setItem(themeKey, theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function rememberedLanguage(): Language {
  const language = localStorage.getItem(languageKey);
  return showLanguage(language === 'en' || language === 'ko' ? language : 'system');
}

/** Keeps the setting, names the language to the browser (fonts, line breaks, screen readers), and returns it. */
export function showLanguage(setting: Settings['language']): Language {
  localStorage.setItem(languageKey, setting);
  const language = pickLanguage(setting, navigator.languages);
  document.documentElement.lang = language;
  return language;
}
