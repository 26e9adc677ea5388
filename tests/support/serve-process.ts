import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endProcess, killTree } from './end-process.ts';

/** `dev-crew serve` of the built app in a process of its own. */
export interface ServeProcess extends AsyncDisposable {
  /** With the token in its fragment, as it is printed for the browser. */
  pageUrl: string;
  url: string;
}

/** Resolves when the server has said where its pages are. `build` is the folder of the built app. */
export async function startServe(
  build: string,
  dataFolder: string,
  env: Record<string, string>,
): Promise<ServeProcess> {
  const child = spawn(process.execPath, [join(build, 'main/cli.js'), 'serve', '--port', '0'], {
    env: {
      ...process.env,
      DEV_CREW_DATA_DIR: dataFolder,
      DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  // A test that runs out of time disposes of nothing.
  const kill = (): void => killTree(child);
  process.once('exit', kill);
  for await (const line of createInterface({ input: child.stdout })) {
    const pageUrl = /https?:\S+#token=\S+/.exec(line)?.[0];
    if (pageUrl === undefined) continue;
    child.stdout.resume();
    const dispose = async (): Promise<void> => {
      await endProcess(child, () => child.kill('SIGTERM'));
      process.off('exit', kill);
      await closed;
    };
    return { pageUrl, url: new URL(pageUrl).origin, [Symbol.asyncDispose]: dispose };
  }
  throw new Error('dev-crew serve ended before it listened');
}
