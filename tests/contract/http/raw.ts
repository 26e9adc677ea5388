import { once } from 'node:events';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';

export interface RawAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  json: unknown;
}

export const bearer = { authorization: 'Bearer a-token' };
export const json = { ...bearer, 'content-type': 'application/json' };

/** A request with any header and any bytes: fetch would correct what these tests are about. */
export async function raw(
  port: number,
  path: string,
  { body, ...options }: RequestOptions & { body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const sent = request({ host: '127.0.0.1', port, path, headers: bearer, ...options });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
