import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startModelServer } from './server.ts';
import type { ScriptInput } from './script.ts';

/**
 * `node tests/support/model-server/main.ts --script FILE [--port 0] [--until-stdin-closes]`
 *
 * FILE is JSON, or a TS/JS module whose default export is the script. Prints one line `{"url": …}` when it listens,
 * serves until it is told to stop (SIGTERM, SIGINT, or the end of standard input when asked for), then exits 0.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      script: { type: 'string' },
      port: { type: 'string', default: '0' },
      'until-stdin-closes': { type: 'boolean', default: false },
    },
  });
  if (values.script === undefined) throw new Error('--script FILE is missing');
  const server = await startModelServer(await loadScript(values.script), { port: Number(values.port) });
  const stop = () => void server.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (values['until-stdin-closes']) process.stdin.on('end', stop).resume();
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
}

/** Not validated here: the server does. */
async function loadScript(file: string): Promise<ScriptInput> {
  const path = resolve(file);
  if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8')) as ScriptInput;
  const module = (await import(pathToFileURL(path).href)) as { default: ScriptInput };
  return module.default;
}

main().catch((error: unknown) => {
  process.stderr.write(`model server: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
