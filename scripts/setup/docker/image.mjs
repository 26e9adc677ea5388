import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { SetupError, say } from '../../lib/log.mjs';
import { inRoot } from '../../lib/paths.mjs';
import { runtimeNode, systemNode } from '../node.mjs';
import { call } from './api.mjs';

/** Ours alone, so that making or replacing it touches nobody's image. */
const imported = 'dev-crew-sandbox:test';
/** For machines whose own files make no image (no Debian): the smallest public one with a Node. */
const pulled = { name: 'node', tag: '22-slim' };

/**
 * Makes sure that the engine has an image with sh and Node ≥ 20.
 * @param {string} host
 * @returns {Promise<string>} its name
 */
export async function ensureImage(host) {
  if (await hasImage(host, imported)) return imported;
  if (canImport()) {
    say(`making the image ${imported} from this machine's own files …`);
    await importImage(host);
    return imported;
  }
  const name = `${pulled.name}:${pulled.tag}`;
  if (await hasImage(host, name)) return name;
  say(`pulling ${name} …`);
  const path = `/images/create?fromImage=${pulled.name}&tag=${pulled.tag}`;
  requireSuccess(await call(host, path, { method: 'POST' }), `pulling ${name}`);
  return name;
}

/**
 * @param {string} host
 * @param {string} name
 */
async function hasImage(host, name) {
  return (await call(host, `/images/${name}/json`)).status === 200;
}

const canImport = () =>
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  existsSync('/etc/debian_version') &&
  existsSync('/usr/bin/git');

/** @param {string} host */
async function importImage(host) {
  const [repository, tag] = imported.split(':');
  const script = inRoot('tests/support/docker-engine/image.sh');
  const tar = spawn('bash', [script, systemNode() ?? runtimeNode()], { stdio: ['ignore', 'pipe', 'pipe'] });
  let problems = '';
  tar.stderr.setEncoding('utf8').on('data', (text) => (problems += text));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => tar.on('close', resolve));
  const path = `/images/create?fromSrc=-&repo=${repository}&tag=${tag}`;
  const answer = await call(host, path, { method: 'POST', body: tar.stdout });
  if ((await ended) !== 0) throw new SetupError(`making the image failed:\n${problems.trim()}`);
  requireSuccess(answer, 'importing the image');
}

/**
 * Docker answers 200 before it starts and reports what went wrong in the stream.
 * @param {{ status: number, text: string }} answer
 * @param {string} what
 */
function requireSuccess({ status, text }, what) {
  const problem = /"error":"([^"]*)"/.exec(text)?.[1] ?? (status === 200 ? null : text.trim() || status);
  if (problem) throw new SetupError(`${what} failed: ${problem}`);
}
