import { homedir } from 'node:os';
import { say } from '../../lib/log.mjs';
import { ensureImage } from './image.mjs';
import { pingFailure } from './api.mjs';
import { privateEngineObstacle, startPrivateEngine } from './private-engine.mjs';

/**
 * @typedef {{ kind: 'existing' | 'private', host: string, image: string, stop: () => Promise<void> }} Engine
 */

/**
 * The engine that is there, used as it is; else a private one; else the reason why there is neither.
 * @returns {Promise<Engine | { kind: 'none', reason: string }>}
 */
export async function obtainEngine() {
  const found = await findEngine();
  if ('host' in found) {
    say(`using the Docker engine at ${found.host}`);
    return { kind: 'existing', host: found.host, image: await ensureImage(found.host), stop: async () => {} };
  }
  const obstacle = privateEngineObstacle();
  if (obstacle) return { kind: 'none', reason: `no Docker engine (${found.reason}), and ${obstacle}` };
  try {
    const engine = await startPrivateEngine();
    return { kind: 'private', ...engine, image: await imageOrStop(engine) };
  } catch (error) {
    return { kind: 'none', reason: /** @type {Error} */ (error).message };
  }
}

/** @param {{ host: string, stop: () => Promise<void> }} engine */
async function imageOrStop(engine) {
  try {
    return await ensureImage(engine.host);
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** @returns {Promise<{ host: string } | { reason: string }>} */
async function findEngine() {
  const hosts = candidates(process.env, process.platform, homedir());
  const failures = [];
  for (const host of hosts) {
    const failure = await pingFailure(host);
    if (failure === null) return { host };
    failures.push({ host, failure });
  }
  return { reason: whyNone(failures) };
}

/**
 * One line for a person: sockets that are not there say nothing, the others say what is wrong.
 * @param {{ host: string, failure: string }[]} failures
 */
export function whyNone(failures) {
  const telling = failures.filter(({ failure }) => !failure.includes('ENOENT'));
  if (telling.length === 0) return 'none is installed or running';
  return telling.map(({ host, failure }) => `${host}: ${plain(failure)}`).join('; ');
}

/** @param {string} failure */
function plain(failure) {
  if (failure.includes('EACCES')) return 'permission denied; add yourself to its group (usually docker)';
  if (failure.includes('ECONNREFUSED')) return 'it is stopped';
  return failure;
}

/**
 * A DOCKER_HOST is meant: nothing else is tried beside it.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 * @param {string} home
 */
export function candidates(env, platform, home) {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST];
  if (platform === 'win32') return ['npipe:////./pipe/docker_engine'];
  const common = ['unix:///var/run/docker.sock', `unix://${home}/.docker/run/docker.sock`];
  const rootless = env.XDG_RUNTIME_DIR ? [`unix://${env.XDG_RUNTIME_DIR}/docker.sock`] : [];
  return platform === 'darwin'
    ? [...common, `unix://${home}/.colima/default/docker.sock`]
    : [...common, ...rootless];
}
