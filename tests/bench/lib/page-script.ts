import { setTimeout as delay } from 'node:timers/promises';

/** Runs functions in a page of Chromium over its DevTools protocol (Playwright cannot attach to a running Electron). */
export interface PageScript {
  /** `work` is sent as text: it knows nothing but its input, which must be JSON, as must be what it returns. */
  run<I, O>(work: (input: I) => O | Promise<O>, input: I): Promise<O>;
  close(): void;
}

interface Target {
  type: string;
  url: string;
  webSocketDebuggerUrl: string;
}
interface Answer {
  id: number;
  result?: { result: { value: unknown }; exceptionDetails?: { exception?: { description?: string } } };
  error?: { message: string };
}

/** Waits for the first page of the program whose DevTools listen at `host`. */
export async function attachToPage(host: string): Promise<PageScript> {
  const socket = new WebSocket(await pageAddress(host));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const answer = JSON.parse(data) as Answer;
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    const failure = answer.error?.message ?? answer.result?.exceptionDetails?.exception?.description;
    if (failure === undefined) call?.resolve(answer.result?.result.value);
    else call?.reject(new Error(failure));
  });
  const script: PageScript = {
    run: <I, O>(work: (input: I) => O | Promise<O>, input: I) => {
      const id = (calls += 1);
      const call = Promise.withResolvers<unknown>();
      waiting.set(id, call);
      const expression = `(${work.toString()})(${JSON.stringify(input)})`;
      const params = { expression, awaitPromise: true, returnByValue: true };
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
      return call.promise as Promise<O>;
    },
    close: () => socket.close(),
  };
  await hasContext(script);
  return script;
}

/** A page that is being loaded has nothing to run a script in for a moment. */
async function hasContext(script: PageScript): Promise<void> {
  for (;;) {
    const href = await script.run(() => location.href, null).catch(() => '');
    if (href.startsWith('app:')) return;
    await delay(10);
  }
}

async function pageAddress(host: string): Promise<string> {
  for (;;) {
    const targets = (await (await fetch(`http://${host}/json`)).json()) as Target[];
    const page = targets.find(({ type, url }) => type === 'page' && url.startsWith('app:'));
    if (page !== undefined) return page.webSocketDebuggerUrl;
    await delay(10);
  }
}
