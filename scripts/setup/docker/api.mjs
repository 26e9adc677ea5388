import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';

/**
 * The few calls of Docker's HTTP API that the launcher needs before anything is installed.
 * @typedef {{ method?: string, body?: NodeJS.ReadableStream, timeoutMs?: number }} CallOptions
 */

/**
 * @param {string} host as in DOCKER_HOST
 * @returns {http.RequestOptions & { secure: boolean } | null} null for what cannot be spoken to here (ssh)
 */
export function connection(host, env = process.env) {
  const [, scheme, rest = ''] = /^(\w+):\/\/(.*)$/.exec(host) ?? [];
  if (scheme === 'unix') return { socketPath: rest, secure: false };
  if (scheme === 'npipe') return { socketPath: rest.replaceAll('/', '\\'), secure: false };
  if (scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https') return null;
  const secure = scheme === 'https' || Boolean(env.DOCKER_TLS_VERIFY);
  const url = new URL(`http://${rest}`);
  const certificates = secure && env.DOCKER_CERT_PATH ? readCertificates(env.DOCKER_CERT_PATH) : {};
  return { host: url.hostname, port: url.port || (secure ? 2376 : 2375), secure, ...certificates };
}

/** @param {string} folder */
function readCertificates(folder) {
  const read = (/** @type {string} */ name) => readFileSync(join(folder, `${name}.pem`));
  return { ca: read('ca'), cert: read('cert'), key: read('key') };
}

/**
 * @param {string} host
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<{ status: number, text: string }>}
 */
export function call(host, path, { method = 'GET', body, timeoutMs = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const target = connection(host);
    if (!target) return reject(new Error(`DOCKER_HOST ${host} is of a kind that is not supported here`));
    const { secure, ...options } = target;
    const request = (secure ? https : http).request(
      { ...options, path, method, timeout: timeoutMs },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    if (body) body.pipe(request);
    else request.end();
  });
}

/**
 * @param {string} host
 * @returns {Promise<string | null>} why the engine does not answer; null when it does
 */
export async function pingFailure(host) {
  try {
    const { status } = await call(host, '/_ping', { timeoutMs: 3_000 });
    return status === 200 ? null : `answered ${status}`;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}
