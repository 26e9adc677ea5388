import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { runCli } from './api/cli/run.ts';
import { abortOnSignals } from './api/signals.ts';
import { createAppLog } from './infra/logs/app-log.ts';
import { compose } from './compose.ts';

/** `dev-crew serve` as a program of its own, for a service manager: arguments are those of `serve`. */
const webRoot = resolve(import.meta.dirname, '../../out/renderer');

process.exitCode = await runCli(
  {
    env: process.env,
    cwd: process.cwd(),
    version: packageJson.version,
    webRoot: existsSync(webRoot) ? webRoot : null,
    compose,
    createLog: (path) => createAppLog({ stderr: false, path }),
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    signal: abortOnSignals(),
  },
  ['serve', ...process.argv.slice(2)],
);
