import { createHash } from 'node:crypto';

export type PageKind = 'signed_in' | 'failed' | 'refused' | 'late';
type Language = 'en' | 'ko';

const texts: Record<Language, Record<PageKind, { title: string; text: string }>> = {
  en: {
    signed_in: { title: 'You are signed in', text: 'You can close this page and go back to Dev Crew.' },
    failed: { title: 'The sign-in did not work', text: 'Dev Crew says why. You can close this page.' },
    refused: {
      title: 'Not an answer to this sign-in',
      text: 'It was left out, and the sign-in goes on. Start again from Dev Crew if this keeps coming back.',
    },
    late: { title: 'This sign-in was answered already', text: 'You can close this page.' },
  },
  ko: {
    signed_in: { title: '로그인했습니다', text: '이 페이지를 닫고 Dev Crew로 돌아가세요.' },
    failed: {
      title: '로그인하지 못했습니다',
      text: '이유는 Dev Crew에 나와 있습니다. 이 페이지를 닫아도 됩니다.',
    },
    refused: {
      title: '이 로그인에 대한 응답이 아닙니다',
      text: '응답을 무시했고 로그인은 계속됩니다. 반복되면 Dev Crew에서 다시 시작하세요.',
    },
    late: { title: '이미 처리된 로그인입니다', text: '이 페이지를 닫아도 됩니다.' },
  },
};

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem;color-scheme:light dark}h1{font-size:1.4rem}';
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing runs, nothing is loaded, nobody frames it, and the address (it holds the code) is told to nobody. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  connection: 'close',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The page at the end of a sign-in. `detail` is a sentence of ours. */
export function answerPage(kind: PageKind, language: Language, detail = ''): string {
  const { title, text } = texts[language][kind];
  const more = detail === '' ? '' : `<p lang="en">${escaped(detail)}</p>`;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title} – Dev Crew</title><style>${style}</style></head><body><main><h1>${title}</h1><p>${text}</p>${more}</main></body></html>`;
}

/** The first of the browser's languages that we have. */
export function languageOfBrowser(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is Language => tag === 'ko' || tag === 'en') ?? 'en';
}
