import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
  /** Resolves when the connection of this request is gone before the answer was whole, or the answer is. */
  ended: Promise<'aborted' | 'finished'>;
}

export interface RecordingServer {
  /** Without a trailing slash. */
  readonly url: string;
  readonly requests: Recorded[];
  /** The next request, or the one of that number, as soon as it is there. */
  request(number: number): Promise<Recorded>;
  close(): Promise<void>;
}

/** A server that keeps what it was sent and answers by `answer`; a status, headers and a body do for most. */
export async function startRecordingServer(
  answer: (request: Recorded, response: ServerResponse) => void | Promise<void>,
): Promise<RecordingServer> {
  const requests: Recorded[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const ended = new Promise<'aborted' | 'finished'>((resolve) => {
        response.on('close', () => resolve(response.writableFinished ? 'finished' : 'aborted'));
      });
      const { method = '', url = '', headers } = incoming;
      const body = parsed(Buffer.concat(chunks).toString('utf8'));
      const request = { method, path: url, headers, body, ended };
      requests.push(request);
      for (const tell of waiting) tell();
      Promise.resolve(answer(request, response)).catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async request(number) {
      for (;;) {
        const known = requests[number];
        if (known !== undefined) return known;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendEvents(
  response: ServerResponse,
  events: readonly string[],
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  response.end(events.join(''));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
