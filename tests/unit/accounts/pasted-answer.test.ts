import { describe, expect, it } from 'vitest';
import { readClientId, readPastedAnswer } from '../../../src/main/domain/pasted-answer.ts';

const code = (value: string, state: string | null = null, clientId: string | null = null) => ({
  kind: 'code',
  code: value,
  state,
  clientId,
});

describe('what is pasted to end a sign-in', () => {
  it.each([
    ['http://localhost:1455/auth/callback?code=abcd&state=st', code('abcd', 'st')],
    ['  http://localhost:1455/auth/callback?state=st&code=ab%2Bcd \n', code('ab+cd', 'st')],
    [
      'http://127.0.0.1:9/auth/callback?code=abcd&state=st&client_id=oaiapp_1#top',
      code('abcd', 'st', 'oaiapp_1'),
    ],
    ['http://localhost/cb?code=ab\ncd&state=s\n t', code('abcd', 'st')],
    ['"http://localhost/cb?code=abcd&state=st"', code('abcd', 'st')],
    ['https://page.example/#code=abcd&state=st', code('abcd', 'st')],
    ['?code=abcd&state=st', code('abcd', 'st')],
    ['code=abcd&state=st', code('abcd', 'st')],
    ['state=st&code=abcd', code('abcd', 'st')],
    ['abcd#st', code('abcd', 'st')],
    ['4/0Abc-def_ghi', code('4/0Abc-def_ghi')],
    ['abcd', code('abcd')],
    [
      'http://localhost/cb?error=access_denied&error_description=no+way&state=st',
      { kind: 'error', error: 'access_denied', description: 'no way', state: 'st' },
    ],
  ])('%s', (text, expected) => {
    expect(readPastedAnswer(text)).toEqual(expected);
  });

  it.each([
    '',
    '   ',
    'abc',
    'a#b#c',
    'http://localhost:1455/auth/callback',
    'http://',
    'code=',
    '한글코드입니다',
    'nothing of the sort',
    'x'.repeat(5000),
  ])('cannot be "%s"', (text) => {
    expect(readPastedAnswer(text)).toEqual({ kind: 'unreadable' });
  });
});

describe('a client id', () => {
  it.each([
    ['app_EMo', 'app_EMo'],
    [' app_EMo\n', 'app_EMo'],
    ['123-abc.apps.googleusercontent.com', '123-abc.apps.googleusercontent.com'],
    ['https://auth.example/authorize?x=1&client_id=app_1&y', 'app_1'],
    ['https://auth.example/authorize', null],
    ['https://', null],
    ['two words', null],
    ['', null],
  ])('of %s is %s', (text, id) => {
    expect(readClientId(text)).toBe(id);
  });
});
