import type { IncomingHttpHeaders } from 'node:http';

/** What the server speaks. `chat` is OpenAI Chat Completions, also as OpenRouter and local servers speak it. */
export type ProtocolName = 'ollama' | 'responses' | 'chat' | 'anthropic' | 'gemini';

/** The protocol of a call of a model; null for every other path. */
export function protocolOf(path: string): ProtocolName | null {
  if (path === '/api/chat') return 'ollama';
  if (path.endsWith('/responses')) return 'responses';
  if (path.endsWith('/chat/completions')) return 'chat';
  if (path.endsWith('/messages')) return 'anthropic';
  return geminiModel(path) === null ? null : 'gemini';
}

/** Gemini names its model in the path. */
export const geminiModel = (path: string): string | null =>
  /\/models\/([^/]+):streamGenerateContent$/.exec(path)?.[1] ?? null;

/** OpenRouter's paths begin so; it wants a key where servers of one's own may do without. */
export const isOpenRouter = (path: string): boolean => path.startsWith('/api/v1/');

/** What is wrong with how a request says who it is, or null. Keys are `test-key` unless the script names another. */
export function wrongHeaders(path: string, headers: IncomingHttpHeaders, key: string): string | null {
  const { authorization } = headers;
  switch (protocolOf(path) ?? listOf(path, headers)) {
    case 'anthropic':
      if (headers['anthropic-version'] !== '2023-06-01') return 'anthropic-version: 2023-06-01 is missing';
      if (authorization !== undefined) return 'authorization does not belong here';
      return headers['x-api-key'] === key ? null : 'invalid x-api-key';
    case 'gemini':
      if (authorization !== undefined) return 'authorization does not belong here';
      return headers['x-goog-api-key'] === key ? null : 'API key not valid. Please pass a valid API key.';
    case 'responses':
      return authorization === `Bearer ${key}` ? null : 'Incorrect API key provided';
    case 'chat':
      if (authorization === undefined && !isOpenRouter(path)) return null;
      return authorization === `Bearer ${key}` ? null : 'No auth credentials found';
    case 'ollama':
    case null:
      return null;
  }
}

/** Whose list of models a path is. OpenAI's and Anthropic's differ in their headers alone. */
export function listOf(path: string, headers: IncomingHttpHeaders): ProtocolName | null {
  if (path === '/v1beta/models') return 'gemini';
  if (path === '/api/v1/models') return 'chat';
  if (path !== '/v1/models') return null;
  return headers['anthropic-version'] === undefined && headers['x-api-key'] === undefined
    ? 'chat'
    : 'anthropic';
}
