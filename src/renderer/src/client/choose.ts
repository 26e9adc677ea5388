import type { CrewClient } from '../../../shared/client.ts';
import { createHttpClient } from './http.ts';
import { createIpcClient } from './ipc.ts';
import { pause } from './pause.ts';
import { takeToken } from './token.ts';

/** The desktop's bridge where there is one, else the server that these pages came from. */
export function chooseClient(window: Window): CrewClient {
  if (window.crew) return createIpcClient(window.crew);
  return createHttpClient({
    origin: window.location.origin,
    token: takeToken(window.location, window.history, window.sessionStorage),
    fetch: window.fetch.bind(window),
    pause,
  });
}
