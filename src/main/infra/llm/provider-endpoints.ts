/**
 * Where the providers are, gathered from their documentation in November 2026 (llm-protocols.md §2.3). Without a
 * trailing slash. An account may name another address; tests give their own.
 */
export const providerEndpoints = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  openrouter: 'https://openrouter.ai/api/v1',
  /** LM Studio's; vLLM listens at 8000, llama.cpp at 8080. */
  'openai-compatible': 'http://127.0.0.1:1234/v1',
} as const;

export type KeyProvider = keyof typeof providerEndpoints;

export const anthropicVersion = '2023-06-01';
