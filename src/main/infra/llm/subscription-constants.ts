/**
 * Everything about the subscriptions' servers that no public documentation promises, gathered in November 2026
 * (llm-protocols.md §1.2, §1.3, §2.1, §2.2). Nothing here was tried against a live service; a value that turns out to
 * be wrong is changed here and nowhere else. Addresses are without a trailing slash; tests and
 * `DEV_CREW_<PROVIDER>_BASE_URL` give others.
 */
export const codexBackend = {
  endpoint: 'https://chatgpt.com/backend-api',
  /** The current release of the Codex client; `DEV_CREW_CODEX_CLIENT_VERSION` wins. Too low a one lists no models. */
  clientVersion: '0.169.0',
  originator: 'dev_crew',
  /** The backend refuses a request without instructions. */
  instructions: 'You are a helpful coding agent.',
} as const;

export const chatgptApi = {
  endpoint: 'https://api.openai.com/v1',
  /** Sent where a conversation has none of its own. */
  instructions: 'You are a helpful coding agent.',
  /** Where a person sees what is left of the plan. */
  usageUrl: 'https://chatgpt.com/settings/usage',
} as const;

export const codeAssist = {
  endpoint: 'https://cloudcode-pa.googleapis.com',
  clientVersion: '1.11.5',
  apiClient: 'google-cloud-sdk vscode_cloudshelleditor/0.1',
  metadata: { ideType: 'ANTIGRAVITY', platform: 'PLATFORM_UNSPECIFIED', pluginType: 'GEMINI' },
} as const;

/** What to do instead, wherever Antigravity says no. */
export const geminiKeyAdvice =
  'Better use a Gemini API key: make one at https://aistudio.google.com/apikey and add it as a Google account.';
