import { z } from 'zod';
import {
  catalogSchema,
  modelPullSchema,
  modelTestSchema,
  priceSchema,
  pricedModelSchema,
  providerSchema,
  usageSchema,
} from '../models.ts';
import { none, op, queryBoolean } from './operation.ts';

export const llmOperations = {
  'llm.models': op({
    summary: 'Model catalog',
    input: z.object({ provider: providerSchema.optional(), force_refresh: queryBoolean.default(false) }),
    output: catalogSchema,
    errors: [],
    http: { method: 'GET', path: '/llm/models' },
  }),
  'llm.refresh': op({
    summary: 'Refresh the model catalog now',
    input: z.object({ provider: providerSchema.optional() }),
    output: catalogSchema,
    errors: [],
    http: { method: 'POST', path: '/llm/models/refresh', query: ['provider'] },
  }),
  'llm.usage': op({
    summary: 'Token usage',
    input: z.object({ provider: z.string().optional(), model: z.string().optional() }),
    output: usageSchema,
    errors: [],
    http: { method: 'GET', path: '/llm/usage' },
  }),
  'llm.resetUsage': op({
    summary: 'Start counting usage from zero',
    input: none,
    output: usageSchema,
    errors: [],
    http: { method: 'POST', path: '/llm/usage/reset' },
  }),
  'llm.testModel': op({
    summary: 'Call a model once: does it call tools, how fast is it',
    input: z.object({ model: z.string().min(1).max(200) }),
    output: modelTestSchema,
    errors: ['unavailable'],
    http: { method: 'POST', path: '/llm/models/test' },
  }),
  'llm.showModel': op({
    summary: 'What Ollama knows of one of its models: size, family, limits, capabilities',
    input: z.object({ model: z.string().min(1).max(200) }),
    output: z.object({ model: z.string(), details: z.record(z.string(), z.unknown()) }),
    errors: ['not_found', 'unavailable'],
    http: { method: 'GET', path: '/llm/models/show' },
  }),
  'llm.pullModel': op({
    summary: 'Let Ollama fetch a model; a pull of it under way is joined',
    input: z.object({ model: z.string().min(1).max(200) }),
    output: modelPullSchema,
    errors: ['unavailable'],
    http: { method: 'POST', path: '/llm/models/pull' },
  }),
  'llm.pulls': op({
    summary: 'Pulls under way and those that ended since the start; with `wait_seconds`, when one has moved',
    input: z.object({ wait_seconds: z.coerce.number().int().min(0).max(60).default(0) }),
    output: z.object({ pulls: z.array(modelPullSchema) }),
    errors: [],
    http: { method: 'GET', path: '/llm/models/pulls' },
  }),
  'llm.cancelPull': op({
    summary: 'Stop a pull',
    input: z.object({ model: z.string().min(1).max(200) }),
    output: modelPullSchema,
    errors: ['not_found', 'invalid_state'],
    http: { method: 'POST', path: '/llm/models/pull/cancel' },
  }),
  'llm.prices': op({
    summary: 'The price table',
    input: z.object({ provider: providerSchema.optional() }),
    output: z.object({ prices: z.array(pricedModelSchema) }),
    errors: [],
    http: { method: 'GET', path: '/llm/prices' },
  }),
  'llm.setPrice': op({
    summary: 'Set the price of a model; `price: null` goes back to the shipped one or the provider’s',
    input: z.object({
      provider: providerSchema,
      model_id: z.string().min(1).max(200),
      price: priceSchema.nullable(),
    }),
    output: z.object({ prices: z.array(pricedModelSchema) }),
    errors: [],
    http: { method: 'PUT', path: '/llm/prices' },
  }),
} as const;
