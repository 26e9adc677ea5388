import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';

/** Where an engine is, and how to name the place to the user. */
export interface Connection {
  where: string;
  options: Docker.DockerOptions;
}

/**
 * Address of the engine: `dockerHost` (the value of DOCKER_HOST), else the first socket that exists among the places
 * where Docker, Docker Desktop, rootless Docker, Colima and OrbStack put theirs. Throws on a value that is no address.
 */
export function findEngine(dockerHost: string | undefined, exists = existsSync): Connection {
  if (dockerHost !== undefined && dockerHost !== '') return fromHost(dockerHost);
  if (process.platform === 'win32') return atSocket('//./pipe/docker_engine');
  const places = defaultSockets();
  return atSocket(places.find((path) => exists(path)) ?? '/var/run/docker.sock');
}

function defaultSockets(): string[] {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    join(homedir(), '.docker/run/docker.sock'),
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(homedir(), '.colima/default/docker.sock'),
    join(homedir(), '.orbstack/run/docker.sock'),
  ];
}

function fromHost(dockerHost: string): Connection {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(dockerHost)?.[1];
  if (socket !== undefined) return atSocket(socket);
  // With TLS or ssh dockerode reads the rest (certificates, agent) from the environment, as Docker's own tools do.
  const url = URL.parse(dockerHost.includes('//') ? dockerHost : `tcp://${dockerHost}`);
  if (url === null) throw new Error(`DOCKER_HOST is not an address: ${dockerHost}`);
  const host = { host: url.hostname, ...(url.port ? { port: url.port } : {}) };
  return { where: dockerHost, options: { ...host, socketPath: undefined } };
}

/** `host` is named as undefined: dockerode would prefer the one of the DOCKER_HOST it reads by itself. */
const atSocket = (path: string): Connection => ({
  where: path,
  options: { socketPath: path, host: undefined },
});
