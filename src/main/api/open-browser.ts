import { spawn } from 'node:child_process';

type Env = Readonly<Record<string, string | undefined>>;

/** The program that opens an address in the user's browser; null where there is no place for one. */
function openerOf(env: Env, platform: NodeJS.Platform): [string, ...string[]] | null {
  if (platform === 'darwin') return ['open'];
  // Not `start`, for which cmd would read the address as a command.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : null;
}

/**
 * Opens an http or https address in the user's browser. False when it certainly did not; true is no promise, since
 * openers do not tell.
 */
export function openBrowser(url: string, env: Env, platform = process.platform): Promise<boolean> {
  const opener = openerOf(env, platform);
  if (opener === null || !/^https?:\/\//.test(url)) return Promise.resolve(false);
  const [command, ...args] = opener;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { env: { ...env }, stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
