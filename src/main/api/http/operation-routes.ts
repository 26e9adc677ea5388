import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { httpStatusOf, fieldErrorSchema, type ErrorCode } from '../../../shared/errors.ts';
import {
  operationNames,
  operations,
  type Operation,
  type OperationName,
} from '../../../shared/operations.ts';
import { placeOf } from '../field-errors.ts';
import type { Invoke } from '../invoke.ts';
import { sendAppError } from './errors.ts';
import { operationInput, routerPath } from './operation-input.ts';

/** One route for each operation of the contract; a request's abort is the handler's. */
export function addOperationRoutes(server: FastifyInstance, invoke: Invoke): void {
  for (const name of operationNames) {
    const operation: Operation = operations[name];
    const { method, path } = operation.http;
    server.route({
      method,
      url: routerPath(path),
      schema: routeSchema(name, operation),
      handler: async (request, reply) => {
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        const result = await invoke(name, operationInput(operation.http, request), gone.signal);
        return result.ok ? reply.send(result.value) : sendAppError(reply, result.error);
      },
    });
  }
}

const detailSchema = z.object({ detail: z.string() });
const validationSchema = z.object({ detail: z.union([z.array(fieldErrorSchema), z.string()]) });

/** Read by the OpenAPI generator only: input is parsed once, in `invoke`. */
function routeSchema(name: OperationName, operation: Operation): Record<string, unknown> {
  const places = inputByPlace(operation);
  const headers = Object.entries(operation.http.headers ?? {}).map(([header, field]) => {
    const schema = places.header[field];
    return [header, schema ?? z.string().optional()] as const;
  });
  const hasBody = operation.http.method !== 'GET' && Object.keys(places.body).length > 0;
  return {
    operationId: name,
    summary: operation.summary,
    tags: [name.split('.')[0]],
    ...(Object.keys(places.path).length > 0 && { params: z.object(places.path) }),
    ...(Object.keys(places.query).length > 0 && { querystring: z.object(places.query) }),
    ...(headers.length > 0 && { headers: z.object(Object.fromEntries(headers)) }),
    ...(hasBody && { body: z.object(places.body) }),
    response: { 200: operation.output.describe('Done'), ...errorResponses(operation.errors) },
  };
}

type Shape = Record<string, z.ZodType>;

function inputByPlace(operation: Operation): Record<'path' | 'query' | 'header' | 'body', Shape> {
  const places: Record<'path' | 'query' | 'header' | 'body', Shape> = {
    path: {},
    query: {},
    header: {},
    body: {},
  };
  if (!(operation.input instanceof z.ZodObject)) return places;
  const shape: Shape = operation.input.shape;
  for (const [field, schema] of Object.entries(shape)) places[placeOf(operation, field)][field] = schema;
  return places;
}

function errorResponses(codes: readonly ErrorCode[]): Record<number, z.ZodType> {
  const responses: Record<number, z.ZodType> = {
    422: validationSchema.describe('The input is not valid'),
    401: detailSchema.describe('No token, or another one'),
    403: detailSchema.describe('Host or Origin not allowed'),
    500: detailSchema.describe('A defect; the text holds the id that finds it in the log'),
  };
  for (const code of codes)
    responses[httpStatusOf[code]] ??= detailSchema.describe(code.replaceAll('_', ' '));
  return responses;
}
