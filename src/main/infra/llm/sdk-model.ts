import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent } from '../../domain/model-messages.ts';
import { serverOfAccount, type AccountProvider, type AccountServer } from './account-server.ts';
import { createApiTransport, type ApiTransport, type TransportOptions } from './api-transport.ts';
import { hideSecrets, withoutSecrets } from './hide-secrets.ts';
import { createHttpFetch, type HttpFetch } from './http-fetch.ts';
import { failureIn, ModelFailure, oneLine } from './model-failure.ts';
import { modelPort } from './model-port.ts';
import type { SdkCall } from './sdk-stream.ts';
import { createSignsOfLife } from './signs-of-life.ts';
import { defaultFrameMs } from './stream-frames.ts';

export interface ProviderDeps {
  fetch?: HttpFetch;
  /** Where the provider is, for accounts that name no address. Default: provider-endpoints.ts. */
  endpoint?: string;
  /** See stream-frames.ts. */
  frameMs?: number;
}

/** What is known when a call is made. */
export interface CallContext extends AccountServer {
  request: ModelRequest;
  /** The provider's own id. */
  model: string;
}

/** What differs between providers that the SDK speaks to. */
export interface SdkAdapter extends AccountProvider {
  transport(context: CallContext): Pick<TransportOptions, 'reader' | 'headers' | 'adjust' | 'onAnswer'>;
  /** The SDK's model and how it is called. The SDK is loaded here, on the first call: the app's start need not pay. */
  open(
    context: CallContext,
    fetch: ApiTransport['fetch'],
  ): Promise<Pick<SdkCall, 'model' | 'replay' | 'prompt' | 'providerOptions' | 'effort'>>;
  /** What is left to say at the end, beside what the SDK knows. */
  finish?: (context: CallContext, event: ModelEvent) => ModelEvent;
}

/** A provider of the AI SDK behind the model port. `request.model` is its own id: OpenRouter has an `openrouter/auto`. */
export function createSdkModel(adapter: SdkAdapter, deps: ProviderDeps & { endpoint: string }): ModelPort {
  const http = deps.fetch ?? createHttpFetch();
  return modelPort(async function* (request, signal) {
    const { model, credential } = request;
    const account = serverOfAccount(adapter, { http, endpoint: deps.endpoint, credential, model });
    const context: CallContext = { ...account, request, model };
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
