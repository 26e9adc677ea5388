import type { IncomingHttpHeaders } from 'node:http';
import type { Facts } from './facts.ts';
import { listAnswer } from './model-lists.ts';
import { listOf } from './protocols.ts';
import type { Script } from './script.ts';
import { showOf, tagOf } from './wire.ts';
import { refusalBody } from './wires.ts';

/** What a service answers without a model being asked. `body` as a string is sent as plain text. */
export interface OwnAnswer {
  status: number;
  body: unknown;
}

/** Null for a path that only an exchange can answer. */
export function ownAnswer(
  script: Script,
  facts: Facts,
  url: URL,
  headers: IncomingHttpHeaders,
): OwnAnswer | null {
  const list = listOf(facts.path, headers);
  if (list !== null) return { status: 200, body: listAnswer(script, list, url) };
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
      return model === undefined ? notFound('/api/chat', facts.model) : { status: 200, body: showOf(model) };
    }
    default:
      return null;
  }
}

/** A service's own refusals of a call, which come before any answer of a model. */
export function refusal(script: Script, facts: Facts): OwnAnswer | null {
  if (facts.protocol === null) return null;
  const model = script.models.find((candidate) => candidate.name === facts.model);
  if (model === undefined) return notFound(facts.path, facts.model);
  if (facts.tools.length === 0 || model.capabilities.includes('tools')) return null;
  const message = `registry.ollama.ai/library/${facts.model} does not support tools`;
  return { status: 400, body: refusalBody(facts.path, 400, message) };
}

const notFound = (path: string, model: string): OwnAnswer => ({
  status: 404,
  body: refusalBody(path, 404, `model '${model}' not found`),
});
