import { createHttpServer, type HttpServerDeps } from '../../../src/main/api/http/server.ts';
import type { JobEvent } from '../../../src/shared/job.ts';
import { createStubEngine, type StubEngine } from '../edges/stub-engine.ts';

export interface StubServer extends StubEngine, AsyncDisposable {
  url: string;
  port: number;
}

/** A real server on a free port over stub handlers, with a token unless told otherwise. */
export async function startStubServer(
  options: Partial<HttpServerDeps> & { host?: string; events?: JobEvent[] } = {},
): Promise<StubServer> {
  const { host = '127.0.0.1', events, ...rest } = options;
  const engine = createStubEngine(events);
  const server = await createHttpServer({
    ...engine,
    version: '9.9',
    token: 'a-token',
    webRoot: null,
    ...rest,
  });
  const listening = await server.listen({ host, port: 0 });
  if (!listening.ok) throw new Error(listening.error.message);
  const { url } = listening.value;
  return {
    ...engine,
    url,
    port: Number(new URL(url).port),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
