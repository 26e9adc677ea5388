import type { SandboxError } from '../../app/ports/sandbox.ts';
import { imageMissing } from './image-errors.ts';

interface EngineFailure {
  code?: string;
  statusCode?: number;
  name?: string;
  message: string;
}

/** What is known of anything thrown by dockerode, Node's sockets or our own code. */
function asFailure(thrown: unknown): EngineFailure {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { code, statusCode } = thrown as Error & { code?: unknown; statusCode?: unknown };
  return {
    message: thrown.message,
    name: thrown.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof statusCode === 'number' ? { statusCode } : {}),
  };
}

export const statusOf = (thrown: unknown): number | undefined => asFailure(thrown).statusCode;

/** No engine has ever been where we look, or nothing listens there now. */
const missingCodes = new Set(['ENOENT', 'ENOTFOUND', 'EAI_AGAIN']);
const stoppedCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * Every failure of the engine as the port's closed set; `message` is one line that says what to do.
 * `where` is the engine's address, `image` the image in question.
 */
export function toSandboxError(thrown: unknown, where: string, image?: string): SandboxError {
  const failure = asFailure(thrown);
  const text = oneLine(failure.message);
  if (failure.name === 'AbortError' || failure.code === 'ABORT_ERR') {
    return { kind: 'canceled', message: 'Canceled.' };
  }
  if (failure.name === 'TimeoutError') return notAnswering(where);
  if (/no space left on device|disk quota exceeded/i.test(text) || failure.code === 'ENOSPC') {
    return {
      kind: 'disk_full',
      message: `The disk of the Docker engine is full (${text}). Free some space, for example with "docker system prune", and try again.`,
    };
  }
  if (failure.statusCode === undefined) return connectionError(failure, text, where);
  if (failure.statusCode === 404 && image !== undefined && /no such image|not found/i.test(text)) {
    return imageMissing(image, text);
  }
  if (
    failure.statusCode === 400 &&
    image !== undefined &&
    /invalid reference format|must be lowercase/.test(text)
  ) {
    return {
      kind: 'image_missing',
      message: `"${image}" is not the name of an image. Write it as name:tag or registry/name:tag, in lower case, in the settings.`,
    };
  }
  return { kind: 'failed', message: `Docker refused: ${text}` };
}

function connectionError(failure: EngineFailure, text: string, where: string): SandboxError {
  const code = failure.code ?? '';
  if (missingCodes.has(code)) {
    return {
      kind: 'engine_missing',
      message: `No Docker engine at ${where}. Install Docker and start it, or set DOCKER_HOST to where it listens.`,
    };
  }
  if (stoppedCodes.has(code) || /socket hang up/.test(text)) {
    return {
      kind: 'engine_stopped',
      message: `The Docker engine at ${where} does not run (${code || text}). Start it and try again.`,
    };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      kind: 'permission',
      message: `No permission to use the Docker engine at ${where}. Add your user to the "docker" group and log in again, or use rootless Docker.`,
    };
  }
  return { kind: 'failed', message: `Docker failed: ${text}` };
}

export const notAnswering = (where: string): SandboxError => ({
  kind: 'engine_stopped',
  message: `The Docker engine at ${where} does not answer. Restart it and try again.`,
});

/** Engine messages come with line breaks and dockerode's prefix, `(HTTP code 500) server error - `. */
export function oneLine(text: string): string {
  const line = text
    .replace(/^\(HTTP code \d+\) (?:[a-z ]+ - )?/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
