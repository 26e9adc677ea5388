import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import type { JobEvent } from '../../../src/shared/job.ts';
import type { BenchServer } from './server.ts';

/**
 * Follows a stream of server-sent events, told of each event as its bytes are there. Resolves once the stream is open;
 * a connection of its own, since a stream holds one for as long as it lasts.
 */
export async function followEvents(
  { url, token }: Pick<BenchServer, 'url' | 'token'>,
  path: string,
  onEvent: (event: JobEvent) => void,
  onDone: () => void = () => {},
): Promise<() => void> {
  const headers = { authorization: `Bearer ${token}` };
  const [request, response] = await new Promise<[ClientRequest, IncomingMessage]>((resolve, reject) => {
    const sent = get(`${url}${path}`, { headers, agent: false }, (answer) => resolve([sent, answer]));
    sent.on('error', reject);
  });
  let rest = '';
  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      if (block.includes('event: job_event\n')) onEvent(JSON.parse(data) as JobEvent);
      else if (block.includes('event: done\n')) onDone();
    }
  });
  return () => void request.destroy();
}
