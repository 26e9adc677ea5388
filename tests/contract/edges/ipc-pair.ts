import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { answerIpc, type IpcDeps } from '../../../src/main/desktop/ipc.ts';
import { ipcChannels } from '../../../src/shared/client.ts';
import type { FeedFrame } from '../../../src/shared/events.ts';
import type { StubEngine } from './stub-engine.ts';

export interface FakeFrame {
  url: string;
  parent: unknown;
}

export interface IpcPair {
  /** What `window.crew` does, from our page unless another frame is given. */
  call(name: unknown, input: unknown, from?: FakeFrame | null): Promise<unknown>;
  subscribe(request: unknown, onFrame: (frame: FeedFrame) => void, from?: FakeFrame | null): MessagePort;
  ourFrame: FakeFrame;
  close(): void;
}

type Listener = (event: unknown, ...args: unknown[]) => unknown;

/**
 * The two channels without Electron, over Node's real structured clone: what cannot cross a process cannot cross here
 * either. The real window is driven in tests/e2e/desktop.
 */
export function createIpcPair({ invoke, feed, log }: StubEngine): IpcPair {
  const handlers = new Map<string, Listener>();
  const ourFrame: FakeFrame = { url: 'app://crew/index.html#/jobs', parent: null };
  const contents = { mainFrame: ourFrame };
  const ipc = {
    handle: (channel: string, listener: Listener) => handlers.set(channel, listener),
    on: (channel: string, listener: Listener) => handlers.set(channel, listener),
    removeHandler: (channel: string) => handlers.delete(channel),
    off: (channel: string) => handlers.delete(channel),
  };
  const stop = answerIpc({
    ipc: ipc as unknown as IpcDeps['ipc'],
    invoke,
    feed,
    log,
    origin: 'app://crew',
    trusted: () => contents as unknown as ReturnType<IpcDeps['trusted']>,
    pickFolder: async () => '/picked',
  });
  const sender = (from: FakeFrame | null): object => ({ sender: contents, senderFrame: from });
  return {
    ourFrame,
    async call(name, input, from = ourFrame) {
      const handle = handlers.get(ipcChannels.call);
      const answer: unknown = await handle?.(sender(from), name, structuredClone(input));
      return structuredClone(answer);
    },
    subscribe(request, onFrame, from = ourFrame) {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (frames: FeedFrame[]) => {
        frames.forEach(onFrame);
        port1.postMessage(null);
      });
      handlers.get(ipcChannels.feed)?.(
        { ...sender(from), ports: [mainPort(port2)] },
        structuredClone(request),
      );
      return port1;
    },
    close: stop,
  };
}

/** Electron's `MessagePortMain` is an emitter with these methods, as Node's port is. */
const mainPort = (port: MessagePort): object => ({
  postMessage: (frames: unknown) => port.postMessage(frames),
  on: (event: string, listener: () => void) => port.on(event as 'message', listener),
  start: () => port.start(),
  close: () => port.close(),
});
