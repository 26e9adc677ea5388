import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, MessagePortMain, WebContents } from 'electron';
import { ipcChannels } from '../../shared/client.ts';
import { fail, type Result } from '../../shared/errors.ts';
import { feedRequestSchema } from '../../shared/events.ts';
import type { Feed, Log } from '../api/app.ts';
import type { Invoke } from '../api/invoke.ts';
import { sendFeed, type FeedPort } from './feed-port.ts';
import { isTrustedSender } from './ipc-sender.ts';

export interface IpcDeps {
  /** Electron's, or a pair of fakes in the contract tests. */
  ipc: Pick<IpcMain, 'handle' | 'on' | 'removeHandler' | 'off'>;
  invoke: Invoke;
  feed: Feed;
  log: Log;
  /** Scheme and host of our pages, `app://crew`. */
  origin: string;
  /** The contents of our window; null while there is none. */
  trusted: () => WebContents | null;
  /** The folder a person picks, or null. */
  pickFolder: () => Promise<string | null>;
}

/** Answers the two channels of the preload. Returns what stops answering and ends every subscription. */
export function answerIpc({ ipc, invoke, feed, log, origin, trusted, pickFolder }: IpcDeps): () => void {
  const stopping = new AbortController();
  const subscriptions = new Set<() => void>();
  const isTrusted = (event: IpcMainEvent | IpcMainInvokeEvent, channel: string): boolean => {
    if (isTrustedSender(event, trusted(), origin)) return true;
    log.warn('IPC from an unknown sender refused', { channel, url: event.senderFrame?.url.slice(0, 200) });
    return false;
  };

  const onCall = async (
    event: IpcMainInvokeEvent,
    name: unknown,
    input: unknown,
  ): Promise<Result<unknown>> => {
    if (!isTrusted(event, ipcChannels.call)) return fail('forbidden', 'This page may not call Dev Crew');
    // A native dialog is the window's business, not an operation of the engine.
    if (name === 'desktop.pickFolder') return { ok: true, value: await pickFolder() };
    if (typeof name !== 'string') return fail('not_found', 'An operation has a name');
    return invoke(name, input, stopping.signal);
  };
  const onFeed = (event: IpcMainEvent, request: unknown): void => {
    const [port] = event.ports;
    if (port === undefined) return;
    const parsed = feedRequestSchema.safeParse(request);
    if (!isTrusted(event, ipcChannels.feed) || !parsed.success) return port.close();
    const end = sendFeed(feed, parsed.data, feedPort(port));
    subscriptions.add(end);
    port.on('close', () => subscriptions.delete(end));
  };

  ipc.handle(ipcChannels.call, onCall);
  ipc.on(ipcChannels.feed, onFeed);
  return () => {
    stopping.abort();
    ipc.removeHandler(ipcChannels.call);
    ipc.off(ipcChannels.feed, onFeed);
    for (const end of subscriptions) end();
    subscriptions.clear();
  };
}

const feedPort = (port: MessagePortMain): FeedPort => ({
  postMessage: (frames) => port.postMessage(frames),
  on: (event, listener) => (event === 'message' ? port.on('message', listener) : port.on('close', listener)),
  start: () => port.start(),
  close: () => port.close(),
});
