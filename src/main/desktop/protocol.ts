import { readFile } from 'node:fs/promises';
import type { Session } from 'electron';
import { pagePolicy } from '../api/content-security.ts';
import { pageFile, scheme } from './page-files.ts';

/** Serves the built pages to a session, with the policy that every page gets. */
export function servePages(session: Session, root: string): void {
  session.protocol.handle(scheme, async ({ url, method }) => {
    const file = method === 'GET' ? await pageFile(root, url) : null;
    if (file === null) return new Response('Not found', { status: 404 });
    return new Response(await readFile(file.path), {
      headers: {
        'content-type': file.type,
        'content-security-policy': pagePolicy,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      },
    });
  });
}
