import { serve } from '../serve.ts';
import { exitCode, type Command } from './context.ts';
import { jsonOption } from './options.ts';
import { printError } from './watch.ts';

/** `dev-crew serve`: the engine in plain Node, without a window, until Ctrl-C. */
export const serveCommand: Command = {
  words: ['serve'],
  summary: 'Run the engine with its HTTP API and pages',
  positionals: [],
  options: [
    { name: 'port', kind: 'text', value: 'n', description: 'Port, 0 for any free one (default: 8000)' },
    {
      name: 'host',
      kind: 'text',
      value: 'address',
      description: 'Address to listen on (default: 127.0.0.1)',
    },
    {
      name: 'allow-host',
      kind: 'list',
      value: 'name',
      description: 'Another name that clients may reach it by',
    },
    jsonOption,
  ],
  run: async (context, input) => {
    const json = input['json'] === true;
    const port = readPort(input['port']);
    if (port === null) {
      context.err('dev-crew: --port takes a number from 0 to 65535');
      return exitCode.usage;
    }
    const { compose, createLog, env, cwd, version, webRoot, signal } = context;
    const error = await serve({
      compose,
      createLog,
      env,
      cwd,
      version,
      webRoot,
      host: typeof input['host'] === 'string' ? input['host'] : '127.0.0.1',
      port,
      allowedHosts: Array.isArray(input['allow-host']) ? input['allow-host'] : [],
      signal,
      onReady: (server, dataFolder) => {
        const { url, pagesUrl, tokenPath } = server;
        if (json)
          context.out(JSON.stringify({ url, pages_url: pagesUrl, token_path: tokenPath, pid: process.pid }));
        else
          context.out(
            `Dev Crew ${version} listens on ${url}\n  pages  ${pagesUrl}\n  API    ${url}/docs\n  data   ${dataFolder}\nStop it with Ctrl-C.`,
          );
      },
    });
    return error === null ? exitCode.ok : printError(context, error, json);
  },
};

function readPort(value: unknown): number | null {
  if (value === undefined) return 8000;
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : -1;
  return port >= 0 && port <= 65_535 ? port : null;
}
