import { realpath } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

export const scheme = 'app';
export const origin = `${scheme}://crew`;
export const startUrl = `${origin}/index.html`;

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/**
 * The file behind a URL of our pages, or null: only our host, only known types, and only what really lies in `root`,
 * after `..`, encoded separators and links.
 */
export async function pageFile(root: string, url: string): Promise<{ path: string; type: string } | null> {
  const wanted = wantedPath(url);
  const type = types[extname(wanted ?? '').toLowerCase()];
  if (wanted === null || type === undefined) return null;
  try {
    const [base, path] = await Promise.all([realpath(root), realpath(resolve(root, join('.', wanted)))]);
    return path.startsWith(base + sep) ? { path, type } : null;
  } catch {
    return null;
  }
}

function wantedPath(url: string): string | null {
  try {
    const parsed = new URL(url);
    if (`${parsed.protocol}//${parsed.host}` !== origin) return null;
    const path = decodeURIComponent(parsed.pathname);
    return path.includes('\0') || path.includes('\\') ? null : path === '/' ? '/index.html' : path;
  } catch {
    return null;
  }
}
