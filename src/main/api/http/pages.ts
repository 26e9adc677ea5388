import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { pagePolicy } from '../content-security.ts';
import { sendDetail } from './errors.ts';

/**
 * The web pages at `/`: public, since a browser cannot send the token with a navigation and the files hold no data.
 * Hashed assets are cached for good, the rest is always asked for again.
 */
export async function addPages(server: FastifyInstance, webRoot: string | null): Promise<void> {
  if (webRoot === null) {
    server.get('/', { schema: { hide: true }, config: { isPage: true } }, (_request, reply) =>
      sendDetail(reply, 404, 'The pages are not built here; the API is, see /docs'),
    );
    return;
  }
  await server.register(fastifyStatic, { root: webRoot, serve: false, dotfiles: 'ignore', index: false });
  const page = { schema: { hide: true }, config: { isPage: true } };
  server.get('/', page, (_request, reply) =>
    reply
      .header('content-security-policy', pagePolicy)
      .header('cache-control', 'no-cache')
      .sendFile('index.html', { cacheControl: false }),
  );
  server.get<{ Params: { '*': string } }>('/*', page, (request, reply) => {
    const path = request.params['*'];
    const isHashed = path.startsWith('assets/');
    return reply
      .header('content-security-policy', pagePolicy)
      .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      .sendFile(path, { cacheControl: false });
  });
}
