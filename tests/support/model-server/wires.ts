import { protocolOf, isOpenRouter } from './protocols.ts';
import { anthropicWire } from './wire-anthropic.ts';
import { chatWire, openRouterWire } from './wire-chat.ts';
import { geminiWire } from './wire-gemini.ts';
import { responsesWire } from './wire-responses.ts';
import { ollamaWire } from './wire.ts';
import type { Wire } from './wire-parts.ts';

/** How answers are written at a path. */
export function wireOf(path: string): Wire {
  switch (protocolOf(path)) {
    case 'responses':
      return responsesWire;
    case 'chat':
      return isOpenRouter(path) ? openRouterWire : chatWire;
    case 'anthropic':
      return anthropicWire;
    case 'gemini':
      return geminiWire;
    case 'ollama':
    case null:
      return ollamaWire;
  }
}

/** The body of an answer that is not 2xx, as the service at that path writes it (llm-protocols.md §2.3). */
export function refusalBody(path: string, status: number, message: string): unknown {
  switch (protocolOf(path)) {
    case 'responses':
      return {
        error: { message, type: 'invalid_request_error', param: null, code: openAICodes[status] ?? null },
      };
    case 'chat':
      return { error: { code: status, message } };
    case 'anthropic':
      return {
        type: 'error',
        error: { type: anthropicTypes[status] ?? 'api_error', message },
        request_id: 'req_test',
      };
    case 'gemini':
      return { error: { code: status, message, status: googleStatus[status] ?? 'UNKNOWN' } };
    case 'ollama':
    case null:
      return { error: message };
  }
}

const openAICodes: Record<number, string> = { 401: 'invalid_api_key', 404: 'model_not_found' };
const anthropicTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};
const googleStatus: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};
