import type { ProviderInfo } from '../../../shared/accounts.ts';
import type { ProviderId } from '../../../shared/models.ts';
import type { AccountKey } from '../ports/account-store.ts';

interface ProviderFacts {
  name: string;
  /** False where calls are made without any account. */
  needsAccount: boolean;
  methods: ProviderInfo['methods'];
  customBaseUrl: boolean;
  defaultBaseUrl: string | null;
  /** Where a key is made. */
  keyUrl: string | null;
  /** What must be accepted before it is used at all. */
  consent: string | null;
}

const byKey = (name: string, keyUrl: string, defaultBaseUrl: string): ProviderFacts => ({
  name,
  needsAccount: true,
  methods: ['api_key'],
  customBaseUrl: true,
  defaultBaseUrl,
  keyUrl,
  consent: null,
});

/** What a page shows of each provider, and what sign-in may do with it (llm-protocols.md). */
export const providerFacts: Readonly<Record<ProviderId, ProviderFacts>> = {
  ollama: {
    name: 'Ollama',
    needsAccount: false,
    methods: ['none'],
    customBaseUrl: false,
    defaultBaseUrl: null,
    keyUrl: null,
    consent: null,
  },
  openai: byKey('OpenAI', 'https://platform.openai.com/api-keys', 'https://api.openai.com/v1'),
  anthropic: byKey(
    'Anthropic',
    'https://console.anthropic.com/settings/keys',
    'https://api.anthropic.com/v1',
  ),
  google: byKey(
    'Google Gemini',
    'https://aistudio.google.com/apikey',
    'https://generativelanguage.googleapis.com/v1beta',
  ),
  openrouter: byKey('OpenRouter', 'https://openrouter.ai/settings/keys', 'https://openrouter.ai/api/v1'),
  'openai-compatible': {
    name: 'OpenAI-compatible server',
    needsAccount: true,
    methods: ['api_key', 'none'],
    customBaseUrl: true,
    // LM Studio's; vLLM listens at 8000, llama.cpp at 8080.
    defaultBaseUrl: 'http://127.0.0.1:1234/v1',
    keyUrl: null,
    consent: null,
  },
  'openai-codex': {
    name: 'ChatGPT (Codex)',
    needsAccount: true,
    methods: ['browser', 'device', 'manual'],
    customBaseUrl: false,
    defaultBaseUrl: null,
    keyUrl: null,
    consent: null,
  },
  chatgpt: {
    name: 'Sign in with ChatGPT',
    needsAccount: true,
    methods: ['browser', 'manual'],
    customBaseUrl: false,
    defaultBaseUrl: null,
    keyUrl: null,
    consent: null,
  },
  'google-antigravity': {
    name: 'Google Antigravity',
    needsAccount: true,
    methods: ['browser', 'manual'],
    customBaseUrl: false,
    defaultBaseUrl: null,
    keyUrl: null,
    consent:
      'Google’s terms forbid the use of this service by other clients such as Dev Crew, and Google has closed accounts for it. You may lose your Google account. A Gemini API key (provider "google") does the same within the terms.',
  },
};

/** What a user does to get an account of a provider that works. */
export function howToSignIn({ provider, accountId }: AccountKey): string {
  const { methods } = providerFacts[provider];
  if (methods.includes('browser')) {
    const account = accountId === 'default' ? '' : ` --account-id ${accountId}`;
    return `Sign in under Accounts, or with: dev-crew login --provider ${provider}${account}`;
  }
  return methods.includes('api_key') ? 'Add its key under Accounts.' : '';
}
