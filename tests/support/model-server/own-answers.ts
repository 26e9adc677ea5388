import type { Facts } from './facts.ts';
import type { Script } from './script.ts';
import { showOf, tagOf } from './wire.ts';

/** What Ollama answers without a model being asked. `body` as a string is sent as plain text. */
export interface OwnAnswer {
  status: number;
  body: unknown;
}

/** Null for a path that only an exchange can answer. */
export function ownAnswer(script: Script, facts: Facts): OwnAnswer | null {
  switch (facts.path) {
    case '/':
      return { status: 200, body: 'Ollama is running' };
    case '/api/version':
      return { status: 200, body: { version: '0.13.0' } };
    case '/api/tags':
      return { status: 200, body: { models: script.models.map(tagOf) } };
    case '/api/ps':
      return { status: 200, body: { models: [] } };
    case '/api/show': {
      const model = script.models.find((candidate) => candidate.name === facts.model);
      return model === undefined ? notFound(facts.model) : { status: 200, body: showOf(model) };
    }
    default:
      return null;
  }
}

/** Ollama's own refusals of a chat, which come before any answer of a model. */
export function refusal(script: Script, facts: Facts): OwnAnswer | null {
  if (facts.path !== '/api/chat') return null;
  const model = script.models.find((candidate) => candidate.name === facts.model);
  if (model === undefined) return notFound(facts.model);
  if (facts.tools.length === 0 || model.capabilities.includes('tools')) return null;
  const error = `registry.ollama.ai/library/${facts.model} does not support tools`;
  return { status: 400, body: { error } };
}

const notFound = (model: string): OwnAnswer => ({
  status: 404,
  body: { error: `model '${model}' not found` },
});
