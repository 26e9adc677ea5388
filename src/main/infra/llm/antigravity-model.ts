import { randomUUID } from 'node:crypto';
import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { Credential } from '../../app/ports/credentials.ts';
import type { ModelError } from '../../domain/model-messages.ts';
import { serverOfAccount, type AccountServer } from './account-server.ts';
import { requireConsent, type AntigravityGate } from './antigravity-gate.ts';
import { codeAssistAccount, codeAssistHeaders, loadCodeAssist, type CodeAssistDeps } from './code-assist.ts';
import { createGeminiReader } from './gemini-reader.ts';
import { plainSchema } from './gemini-schema.ts';
import { geminiThinks } from './google-model.ts';
import { ModelFailure } from './model-failure.ts';
import { modelPort } from './model-port.ts';
import { createSdkModel, type SdkAdapter } from './sdk-model.ts';
import { isObject, objectAt, type JsonObject, type StreamReader } from './stream-reader.ts';
import { codeAssist, geminiKeyAdvice } from './subscription-constants.ts';

export interface AntigravityModelDeps extends CodeAssistDeps, AntigravityGate {
  /** See stream-frames.ts. */
  frameMs?: number;
  uuid?: () => string;
}

/** A Google account by Cloud Code Assist (llm-protocols.md §2.2): Gemini's protocol in an envelope. */
export function createAntigravityModel(deps: AntigravityModelDeps): ModelPort {
  const projectOf = createProjectFinder();
  const given = { endpoint: codeAssist.endpoint, ...deps };
  return modelPort(async function* (request, signal) {
    requireConsent(deps);
    const { credential, model } = request;
    const to = { http: deps.fetch, endpoint: given.endpoint, credential, model };
    const account = serverOfAccount(codeAssistAccount, to);
    const project = await projectOf(account, credential, signal);
    const adapter = adapterOf(account.key, envelopeOf(request, project, deps.uuid ?? randomUUID));
    for await (const event of createSdkModel(adapter, given).stream(request, signal)) {
      if (event.type === 'error' && isBreach(event.error)) deps.onTermsBreached?.();
      yield event;
    }
  });
}

const isBreach = (error: ModelError): boolean =>
  error.kind === 'not_entitled' && error.disablesProvider === true;

/** The project of an account: told at sign-in, else looked up once. */
function createProjectFinder() {
  const found = new Map<string, string>();
  return async (
    account: AccountServer,
    credential: Credential | undefined,
    signal: AbortSignal,
  ): Promise<string> => {
    const { accountId = '', facts = {} } = credential ?? {};
    const known = facts.project_id ?? found.get(accountId);
    if (known !== undefined && known !== '') return known;
    const { projectId } = await loadCodeAssist(account, signal);
    if (projectId === null) throw new ModelFailure(noProject);
    found.set(accountId, projectId);
    return projectId;
  };
}

/** Projects are made at sign-in. */
const noProject: ModelError = {
  kind: 'auth_invalid',
  message: `This Google account has no project for Antigravity yet. Sign in again on the Accounts page. ${geminiKeyAdvice}`,
};

const adapterOf = (token: string, envelope: (body: JsonObject) => JsonObject): SdkAdapter => ({
  ...codeAssistAccount,
  transport: ({ server }) => ({
    reader: () => unwrapping(createGeminiReader(server)),
    headers: { ...codeAssistHeaders(token), accept: 'text/event-stream' },
    adjust: (body) => replaceWith(body, envelope(body)),
  }),
  async open({ request, model, baseUrl }, fetch) {
    const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
    const url = `${baseUrl}/v1internal:streamGenerateContent?alt=sse`;
    const enveloped: typeof fetch = (_input, init) =>
      fetch(url, { ...init, headers: withoutKey(init?.headers) });
    const thinks = geminiThinks(model);
    return {
      model: createGoogleGenerativeAI({ apiKey: 'none', baseURL: baseUrl, fetch: enveloped })(model),
      replay: { provider: 'google-antigravity', model },
      effort: thinks ? request.effort : undefined,
      ...(thinks ? { providerOptions: { google: { thinkingConfig: { includeThoughts: true } } } } : {}),
    };
  },
});

/** The SDK knows API keys alone; here the account's token says who calls. */
function withoutKey(given: HeadersInit | undefined): Headers {
  const headers = new Headers(given);
  headers.delete('x-goog-api-key');
  return headers;
}

/** Gemini's request as Code Assist takes it. */
function envelopeOf(request: ModelRequest, project: string, uuid: () => string) {
  const model = request.model.replace(/^models\//, '');
  const sessionId = request.cacheKey ?? uuid();
  const requestId = uuid();
  return (body: JsonObject): JsonObject => {
    const { generationConfig, tools, ...rest } = body;
    const config = isObject(generationConfig) ? withPlainAnswer(generationConfig) : {};
    const declared = Array.isArray(tools)
      ? tools.filter(isObject).map((tool) => withPlainTools(tool, model))
      : [];
    return {
      project,
      model,
      request: {
        ...rest,
        generationConfig: config,
        ...(declared.length === 0 ? {} : { tools: declared }),
        sessionId,
      },
      requestType: 'agent',
      userAgent: 'antigravity',
      requestId,
    };
  };
}

const withPlainAnswer = ({ responseJsonSchema: schema, ...config }: JsonObject): JsonObject =>
  schema === undefined ? config : { ...config, responseJsonSchema: plainSchema(schema) };

/** Claude's tools are taken by the older name of the field alone. */
function withPlainTools({ functionDeclarations: all, ...tool }: JsonObject, model: string): JsonObject {
  if (!Array.isArray(all)) return tool;
  const field = model.startsWith('claude') ? 'parameters' : 'parametersJsonSchema';
  const functionDeclarations = all
    .filter(isObject)
    .map(({ parametersJsonSchema: schema, ...declaration }) => ({
      ...declaration,
      [field]: plainSchema(schema),
    }));
  return { ...tool, functionDeclarations };
}

/** Each event's answer stands in `response`; an error stands alone. */
const unwrapping = (reader: StreamReader): StreamReader => ({
  ...reader,
  read(event) {
    if (event.error == null) replaceWith(event, objectAt(event, 'response'));
    return reader.read(event);
  },
});

function replaceWith(into: JsonObject, from: JsonObject): void {
  for (const key of Object.keys(into)) Reflect.deleteProperty(into, key);
  Object.assign(into, from);
}
