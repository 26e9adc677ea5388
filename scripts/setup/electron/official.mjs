import { existsSync, readFileSync } from 'node:fs';
import { capture, tail } from '../../lib/exec.mjs';
import { inRoot, root } from '../../lib/paths.mjs';
import { runtimeEnv, runtimeNode } from '../node.mjs';

const CONNECT_MS = 4_000;
const DOWNLOAD_MS = 15 * 60_000;

const folder = inRoot('node_modules', 'electron');

/** @returns {string | null} the executable that the electron package downloaded earlier */
export function installedElectron() {
  try {
    const executable = `${folder}/dist/${readFileSync(`${folder}/path.txt`, 'utf8')}`;
    return existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

/**
 * The electron package's own download, which checks the archive against the checksums it ships. Asks first
 * whether the release page answers at all, because the download itself waits for minutes.
 * @returns {Promise<{ executable: string } | { reason: string }>}
 */
export async function downloadOfficial() {
  const proxied = Boolean(process.env.HTTPS_PROXY ?? process.env.https_proxy);
  const unreachable = proxied ? null : await probe();
  if (unreachable) return { reason: unreachable };
  const result = await capture(runtimeNode(), [inRoot('node_modules/electron/install.js')], {
    cwd: root,
    env: { ...runtimeEnv(), ...(proxied && { ELECTRON_GET_USE_PROXY: '1' }) },
    timeoutMs: DOWNLOAD_MS,
  });
  const executable = installedElectron();
  if (result.code === 0 && executable) return { executable };
  return { reason: result.timedOut ? 'the download took too long' : tail(result.stderr, 3) };
}

/** @returns {Promise<string | null>} why the release page cannot be reached; null when it can */
async function probe() {
  const page = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(page, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(CONNECT_MS) });
    return null;
  } catch (error) {
    const cause = /** @type {any} */ (error)?.cause?.code;
    return `its release page cannot be reached${cause ? ` (${cause})` : ''}`;
  }
}
