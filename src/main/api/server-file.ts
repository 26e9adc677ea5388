import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const serverInfoSchema = z.object({
  /** `http://127.0.0.1:8000`, without a slash. */
  url: z.url({ protocol: /^http$/ }),
  pid: z.number().int().positive(),
  /** File of the token; null when the server asks for none. */
  token_path: z.string().nullable(),
});
/** How the command line finds a running app or server: `server.json` in its data folder. */
export type ServerInfo = z.infer<typeof serverInfoSchema>;

const fileIn = (dataFolder: string): string => join(dataFolder, 'server.json');

export function writeServerFile(dataFolder: string, info: ServerInfo): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const draft = `${fileIn(dataFolder)}.${info.pid}`;
  writeFileSync(draft, `${JSON.stringify(info)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(dataFolder));
}

/** Takes the file away unless another process has put its own there meanwhile. */
export function removeServerFile(dataFolder: string, pid: number): void {
  if (readFile(dataFolder)?.pid === pid) rmSync(fileIn(dataFolder), { force: true });
}

/**
 * The server of this folder, or null. One whose process is gone is not returned: whoever has its port now must not be
 * sent the token.
 */
export function findServer(dataFolder: string): ServerInfo | null {
  const info = readFile(dataFolder);
  return info !== null && isAlive(info.pid) ? info : null;
}

function readFile(dataFolder: string): ServerInfo | null {
  try {
    return serverInfoSchema.parse(JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process answers EPERM, and is alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
