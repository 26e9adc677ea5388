import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import { parseBaseUrl } from '../../domain/base-url.ts';
import type { ModelEvent } from '../../domain/model-messages.ts';
import type { ProviderId } from '../../../shared/models.ts';
import type { ApiServer } from './api-http.ts';
import { createApiTransport, type ApiTransport, type TransportOptions } from './api-transport.ts';
import { hideSecrets, withoutSecrets } from './hide-secrets.ts';
import { createHttpFetch, type HttpFetch } from './http-fetch.ts';
import { failureIn, ModelFailure, oneLine } from './model-failure.ts';
import { modelPort } from './model-port.ts';
import type { SdkCall } from './sdk-stream.ts';
import { createSignsOfLife } from './signs-of-life.ts';

export interface ProviderDeps {
  fetch?: HttpFetch;
  /** Where the provider is, for accounts that name no address. Default: provider-endpoints.ts. */
  endpoint?: string;
  /** See stream-frames.ts. */
  frameMs?: number;
}

/** What is known when a call is made. */
export interface CallContext {
  request: ModelRequest;
  /** The provider's own id. */
  model: string;
  server: ApiServer;
  /** Without a trailing slash. */
  baseUrl: string;
  /** Empty where the account has none. */
  key: string;
  /** Header for credentials that stood in the address. */
  authorization: string | null;
}

/** What differs between providers that the SDK speaks to. */
export interface SdkAdapter {
  provider: ProviderId;
  /** For messages. */
  name: string;
  needsKey: boolean;
  /** Where its errors mean something of their own. */
  errorOf?: ApiServer['errorOf'];
  /** Changes an address that a user gave, where the usual way to write it lacks a part. */
  complete?: (baseUrl: string) => string;
  transport(context: CallContext): Pick<TransportOptions, 'reader' | 'headers' | 'adjust' | 'onAnswer'>;
  /** The SDK's model and how it is called. The SDK is loaded here, on the first call: the app's start need not pay. */
  open(
    context: CallContext,
    fetch: ApiTransport['fetch'],
  ): Promise<Pick<SdkCall, 'model' | 'replay' | 'prompt' | 'providerOptions' | 'effort'>>;
  /** What is left to say at the end, beside what the SDK knows. */
  finish?: (context: CallContext, event: ModelEvent) => ModelEvent;
}

/** Text is held back for at most so long: two frames of a screen, far below the 50 ms that nobody notices. */
const defaultFrameMs = 20;

/** A provider of the AI SDK behind the model port. `request.model` is its own id: OpenRouter has an `openrouter/auto`. */
export function createSdkModel(adapter: SdkAdapter, deps: ProviderDeps & { endpoint: string }): ModelPort {
  const http = deps.fetch ?? createHttpFetch();
  return modelPort(async function* (request, signal) {
    const context = contextOf(adapter, request, http, deps.endpoint);
    const signs = createSignsOfLife();
    const transport = createApiTransport({
      ...adapter.transport(context),
      server: context.server,
      signal,
      frameMs: deps.frameMs ?? defaultFrameMs,
      onSignOfLife: signs.heard,
    });
    try {
      for await (const event of signs.among(callSdk(adapter, context, transport, signal)))
        yield adapter.finish?.(context, event) ?? event;
    } catch (thrown) {
      throw cleanFailure(thrown, context, transport.used());
    }
  });
}

async function* callSdk(
  adapter: SdkAdapter,
  context: CallContext,
  transport: ApiTransport,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  const { sdkStream } = await import('./sdk-stream.ts');
  const call = await adapter.open(context, transport.fetch);
  yield* sdkStream({ ...call, request: context.request, signal, failure: transport.failure });
}

/** Throws ModelFailure for an account that cannot be called with. */
function contextOf(
  adapter: SdkAdapter,
  request: ModelRequest,
  http: HttpFetch,
  endpoint: string,
): CallContext {
  const { provider, name } = adapter;
  const { credential } = request;
  // A key must never reach another provider than its own.
  const key = credential?.provider === provider ? credential.secret : '';
  if (key === '' && adapter.needsKey)
    throw new ModelFailure({
      kind: 'auth_invalid',
      message: `There is no account for ${name}. Add one on the Accounts page.`,
    });
  const own = credential?.provider === provider ? credential.baseUrl : null;
  const base = parseBaseUrl(own ?? endpoint);
  if (base === null)
    throw new ModelFailure({
      kind: 'network',
      reached: false,
      message: `The address of ${name} is not a URL. Change it on the Accounts page.`,
    });
  const baseUrl = adapter.complete?.(base.url) ?? base.url;
  const { model } = request;
  const secrets = [key, ...secretsOf(base.authorization)].filter((secret) => secret !== '');
  const server: ApiServer = { http, name, model, address: baseUrl, secrets, errorOf: adapter.errorOf };
  return { request, model, server, baseUrl, key, authorization: base.authorization };
}

/** Credentials that stood in an address, as they are sent and as they are. */
function secretsOf(authorization: string | null): string[] {
  if (authorization === null) return [];
  const sent = authorization.replace(/^Basic /, '');
  const given = Buffer.from(sent, 'base64').toString();
  return [sent, given.slice(given.indexOf(':') + 1)];
}

/** A throw of the SDK after a request was made is about the answer, else about the conversation. */
function cleanFailure(thrown: unknown, { server }: CallContext, used: boolean): unknown {
  const known = failureIn(thrown);
  if (known !== null) {
    const clean = withoutSecrets(known, server.secrets);
    return clean.message === known.message ? thrown : new ModelFailure(clean);
  }
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const reason = oneLine(hideSecrets(said, server.secrets));
  return new ModelFailure(
    used
      ? {
          kind: 'bad_response',
          message: `${server.name} answered in a way that is not understood: ${reason}`,
        }
      : { kind: 'unsupported', message: `This conversation cannot be sent to ${server.name}: ${reason}` },
  );
}
