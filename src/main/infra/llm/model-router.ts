import type { ModelPort } from '../../app/ports/model.ts';

/** Sends a request to the provider named before the first slash of its model; the provider gets the rest as model. */
export function createModelRouter(providers: Record<string, ModelPort>): ModelPort {
  return {
    async *stream(request, signal) {
      const slash = request.model.indexOf('/');
      const name = request.model.slice(0, Math.max(0, slash));
      const port = Object.hasOwn(providers, name) ? providers[name] : undefined;
      if (port === undefined) {
        const known = Object.keys(providers).join(', ');
        const message = `No provider for the model "${request.model}". Write it as provider/model; known: ${known}.`;
        yield { type: 'error', error: { kind: 'unsupported', message } };
        return;
      }
      yield* port.stream({ ...request, model: request.model.slice(slash + 1) }, signal);
    },
  };
}
