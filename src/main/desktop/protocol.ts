import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { pagePolicy } from '../api/content-security.ts';
import { pageFile, scheme } from './page-files.ts';

/** Must run before Electron is ready: only then can a scheme be made standard and secure. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

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
