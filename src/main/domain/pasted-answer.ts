/** What a user pasted to end a sign-in: a whole redirect address, its query, `code#state`, or the code alone. */
export type PastedAnswer =
  | { kind: 'code'; code: string; state: string | null; clientId: string | null }
  | { kind: 'error'; error: string; description: string; state: string | null }
  /** None of these. */
  | { kind: 'unreadable' };

const codePattern = /^[\w.~+/=%-]{4,4096}$/;

/** Never throws. White space around it, and in an address (a terminal breaks long lines), is left out. */
export function readPastedAnswer(pasted: string): PastedAnswer {
  const text = pasted.replace(/\s+/g, '').replace(/^["'<]+|["'>]+$/g, '');
  const query = queryOf(text);
  if (query !== null) return answerOf(query);
  // Words are no code.
  if (/\S[ \t]+\S/.test(pasted)) return { kind: 'unreadable' };
  const [code = '', state = null, ...more] = text.split('#');
  if (more.length > 0 || !codePattern.test(code)) return { kind: 'unreadable' };
  return { kind: 'code', code, state: state === '' ? null : state, clientId: null };
}

/** What the parameters of a redirect say. */
export function answerOf(parameters: URLSearchParams): PastedAnswer {
  const state = parameters.get('state');
  const error = parameters.get('error');
  if (error !== null)
    return { kind: 'error', error, description: parameters.get('error_description') ?? '', state };
  const code = parameters.get('code') ?? '';
  if (code === '') return { kind: 'unreadable' };
  return { kind: 'code', code, state, clientId: parameters.get('client_id') };
}

function queryOf(text: string): URLSearchParams | null {
  if (/^https?:\/\//i.test(text)) {
    const start = text.search(/[?#]/);
    return new URLSearchParams(start < 0 ? '' : text.slice(start + 1).split('#', 1)[0]);
  }
  return /^\??(code|state|error|scope|iss|client_id)=/.test(text)
    ? new URLSearchParams(text.replace(/^\?/, ''))
    : null;
}

/** A client id, or the one in a whole authorize address; null for neither. */
export function readClientId(text: string): string | null {
  const trimmed = text.trim();
  const id = /^https?:\/\//i.test(trimmed)
    ? URL.canParse(trimmed)
      ? new URL(trimmed).searchParams.get('client_id')
      : null
    : trimmed;
  return id !== null && /^[\w.:/@-]{1,300}$/.test(id) ? id : null;
}
