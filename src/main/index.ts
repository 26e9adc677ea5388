import { resolve } from 'node:path';
import { app } from 'electron';
import packageJson from '../../package.json' with { type: 'json' };
import { beforeReady } from './desktop/first.ts';

/** The desktop app. */
async function main(): Promise<void> {
  const dataFolder = beforeReady();
  if (dataFolder === null) return app.exit(0);
  const [{ runDesktop }, { compose }, { createAppLog }] = await Promise.all([
    import('./desktop/run.ts'),
    import('./compose.ts'),
    import('./infra/logs/app-log.ts'),
  ]);
  const createLog = (path: string) => createAppLog({ stderr: false, path });
  const root = resolve(import.meta.dirname, '../..');
  await runDesktop({ compose, createLog, dataFolder, root, version: packageJson.version });
}

main().catch((error: unknown) => {
  // Without this Electron would show a dialog and wait for a click that a service or a test never makes.
  process.stderr.write(
    `Dev Crew cannot start: ${error instanceof Error ? String(error.stack) : String(error)}\n`,
  );
  app.exit(1);
});
