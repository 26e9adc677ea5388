import { app, shell, type Session, type WebContents } from 'electron';
import type { Log } from '../api/app.ts';
import { origin } from './page-files.ts';

/** Links that may leave for the user's browser. */
export function isExternalLink(url: string): boolean {
  try {
    const { protocol, username, password } = new URL(url);
    return protocol === 'https:' && username === '' && password === '';
  } catch {
    return false;
  }
}

/** No page gets a camera, a notification of its own, a device, or anything else that asks for permission. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
  // What the page itself made is saved where the person says; nothing is fetched.
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${origin}/`)) event.preventDefault();
  });
}

/** For every contents that is ever made, ours or not: it stays where it is and opens nothing inside the app. */
export function lockContents(log: Log): void {
  app.on('web-contents-created', (_event, contents) => {
    const refuse = (event: { preventDefault: () => void }, url: string, what: string): void => {
      event.preventDefault();
      log.warn(`${what} refused`, { url: url.slice(0, 200) });
    };
    contents.on('will-navigate', (event) => {
      if (!isReload(contents, event.url)) refuse(event, event.url, 'navigation');
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) refuse(event, event.url, 'navigation of a frame');
    });
    contents.on('will-redirect', (event) => refuse(event, event.url, 'redirect'));
    contents.on('will-attach-webview', (event) => refuse(event, '', 'webview'));
    contents.setWindowOpenHandler(({ url }) => {
      if (isExternalLink(url)) void shell.openExternal(url);
      else log.warn('new window refused', { url: url.slice(0, 200) });
      return { action: 'deny' };
    });
  });
}

/** A page may load itself again, with another fragment at most. */
function isReload(contents: WebContents, url: string): boolean {
  const bare = (address: string): string => address.split('#', 1)[0] ?? '';
  return bare(url) === bare(contents.getURL()) && url.startsWith(`${origin}/`);
}
