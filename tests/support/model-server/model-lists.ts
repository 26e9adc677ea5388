import type { ProtocolName } from './protocols.ts';
import type { Script, ScriptModel } from './script.ts';

/** Models on a page; small, so that every list has several. */
const pageLength = 2;

/** The script's models as each service lists its own (llm-protocols.md §2.3). */
export function listAnswer({ models }: Script, protocol: ProtocolName, url: URL): unknown {
  switch (protocol) {
    case 'anthropic': {
      const after = models.findIndex((model) => model.name === url.searchParams.get('after_id')) + 1;
      const page = models.slice(after, after + pageLength);
      return {
        data: page.map((model) => ({
          type: 'model',
          id: model.name,
          display_name: model.name,
          created_at: '2026-01-01T00:00:00Z',
        })),
        has_more: after + pageLength < models.length,
        first_id: page[0]?.name ?? null,
        last_id: page.at(-1)?.name ?? null,
      };
    }
    case 'gemini': {
      const from = Number(url.searchParams.get('pageToken') ?? 0);
      const next = from + pageLength;
      return {
        models: models.slice(from, next).map(geminiListed),
        ...(next < models.length ? { nextPageToken: String(next) } : {}),
      };
    }
    case 'chat':
    case 'responses':
    case 'ollama':
      return {
        object: 'list',
        data: url.pathname.startsWith('/api/v1/') ? models.map(routerListed) : models.map(openListed),
      };
  }
}

const geminiListed = (model: ScriptModel) => ({
  name: `models/${model.name}`,
  displayName: model.name,
  inputTokenLimit: model.contextLength,
  outputTokenLimit: model.maxOutput,
  supportedGenerationMethods: model.capabilities.includes('completion')
    ? ['generateContent', 'countTokens']
    : ['embedContent'],
});

const openListed = (model: ScriptModel) => ({
  id: model.name,
  object: 'model',
  created: 1_790_000_000,
  owned_by: 'test',
  max_model_len: model.contextLength,
});

const routerListed = (model: ScriptModel) => ({
  id: model.name,
  name: `Test: ${model.name}`,
  created: 1_790_000_000,
  context_length: model.contextLength,
  architecture: { input_modalities: model.capabilities.includes('vision') ? ['text', 'image'] : ['text'] },
  pricing: { prompt: '0.000003', completion: '0.000015', input_cache_read: '0.0000003' },
  top_provider: { context_length: model.contextLength, max_completion_tokens: model.maxOutput },
  supported_parameters: model.capabilities.includes('tools') ? ['tools', 'max_tokens'] : ['max_tokens'],
});
