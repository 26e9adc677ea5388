import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { Compose } from './api/app.ts';
import { runCli } from './api/cli/run.ts';
import { createLineReader } from './api/cli/terminal.ts';
import { openBrowser } from './api/open-browser.ts';
import { abortOnSignals } from './api/signals.ts';
import { createAppLog } from './infra/logs/app-log.ts';

// The engine and its native parts are loaded by the commands that need them only: help takes no second.
const compose: Compose = async (options) => (await import('./compose.ts')).compose(options);

const webRoot = resolve(import.meta.dirname, '../../out/renderer');

// A reader that went away (`| head`) is no failure of ours.
process.stdout.on('error', () => process.exit(0));

const terminal = createLineReader(process.stdin, process.stdout);

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
    readLine: terminal.read,
    openBrowser: (url) => openBrowser(url, process.env),
    signal: abortOnSignals(),
  },
  process.argv.slice(2),
);

// Otherwise a terminal that was asked something keeps the process.
terminal.close();
