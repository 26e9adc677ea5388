import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithBuild, part } from '../../support/requirements.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { jobEvent } from '../../contract/edges/samples.ts';
import { startStubServer } from '../../contract/http/stub-server.ts';
import { startServe } from '../../support/serve-process.ts';

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await makeTempFolder();
  data = join(folder, 'data');
});
afterEach(() => removeTempFolder(folder));

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [join(part('build'), 'main/cli.js'), ...args], {
    cwd: folder,
    env: { ...process.env, DEV_CREW_DATA_DIR: data, DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

async function end(child: ChildProcess): Promise<Ended> {
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  const [[code], out, err] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, err };
}

const devCrew = (...args: string[]): Promise<Ended> => end(start(args));
const dryRun = ['--repo', '/nowhere', '--mode', 'dry_run', '--json'];
const idOf = ({ out }: Ended): string => (JSON.parse(out) as { job_id: string }).job_id;
const serverJson = (): string => join(data, 'server.json');

describeWithBuild('dev-crew serve', () => {
  it('announces itself while it listens and stops on SIGTERM with 0', async () => {
    const child = start(['serve', '--port', '0', '--json']);
    const ended = end(child);
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const ready = JSON.parse(line.toString()) as Record<string, unknown>;
    expect(JSON.parse(readFileSync(serverJson(), 'utf8'))).toEqual({
      url: ready['url'],
      pid: child.pid,
      token_path: ready['token_path'],
    });
    expect(String(ready['pages_url'])).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(existsSync(serverJson())).toBe(false);
  });

  it('ends streams and stops although a client hangs on', async () => {
    const server = await startServe(part('build'), data, {});
    const token = readFileSync(join(data, 'api-token'), 'utf8').trim();
    const stream = await fetch(`${server.url}/events`, { headers: { authorization: `Bearer ${token}` } });
    const read = stream.text();
    await server[Symbol.asyncDispose]();
    expect(await read).toBe('');
  });

  it('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, err } = await devCrew('serve', '--port', String(port));
    expect([code, err]).toEqual([1, expect.stringMatching(/^dev-crew: Port \d+ is taken; .*--port.*\n$/)]);
    expect(existsSync(serverJson())).toBe(false);
    other.close();
  });

  it('refuses to serve a network without a token, and a variable that does not parse', async () => {
    const open = await end(start(['serve', '--port', '0', '--host', '0.0.0.0'], { DEV_CREW_API_AUTH: '0' }));
    expect([open.code, open.err]).toEqual([1, expect.stringContaining('DEV_CREW_API_AUTH=0')]);
    const odd = await end(start(['serve', '--port', '0'], { DEV_CREW_API_AUTH: 'off' }));
    expect([odd.code, odd.err]).toEqual([1, expect.stringMatching(/DEV_CREW_API_AUTH.*takes 1/)]);
    const budget = await end(start(['serve', '--port', '0'], { DEV_CREW_JOB_MAX_TOOL_CALLS: 'many' }));
    expect([budget.code, budget.err]).toEqual([1, expect.stringContaining('DEV_CREW_JOB_MAX_TOOL_CALLS')]);
  });
});

describeWithBuild('dev-crew with a server', () => {
  it('watches a job to its end: 0 when it completed, 1 when not', async () => {
    await using server = await startServe(part('build'), data, {});
    expect(server.url).toMatch(/^http:/);
    const good = idOf(await devCrew('jobs', 'create', 'Look', ...dryRun));
    const watched = await devCrew('jobs', 'watch', good, '--json');
    const events = watched.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; state: string });
    expect([watched.code, events[0]?.state, events.at(-1)?.state]).toEqual([0, 'received', 'completed']);
    const bad = idOf(await devCrew('jobs', 'create', 'Look', '--max-state-transitions', '1', ...dryRun));
    const failed = await devCrew('jobs', 'watch', bad);
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('max_state_transitions exceeded')]);
    expect((await devCrew('escalations')).out).toContain('max_state_transitions exceeded');
    expect((await devCrew('jobs', 'watch', 'none')).err).toBe('dev-crew: job not found: none\n');
    expect((await devCrew('jobs', 'create', '   ', ...dryRun)).code).toBe(2);
  });

  it('stops watching on Ctrl-C with 1 and says that the job goes on', async () => {
    // A job that never ends is the one thing a real engine cannot promise.
    await using server = await startStubServer({ events: [jobEvent(1)] });
    const child = start(['jobs', 'watch', 'j1'], { DEV_CREW_URL: server.url, DEV_CREW_TOKEN: 'a-token' });
    const ended = end(child);
    await once(child.stdout!, 'data');
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect([code, err]).toEqual([1, 'Stopped watching; the job goes on\n']);
  });

  it('prints the token it asks for', async () => {
    await using server = await startServe(part('build'), data, {});
    const token = (await devCrew('token')).out.trim();
    const answer = await fetch(`${server.url}/health`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
  });
});

describeWithBuild('dev-crew without a server', () => {
  it('reads what an earlier one wrote, and ignores what a killed one left', async () => {
    const server = await startServe(part('build'), data, {});
    const id = idOf(await devCrew('jobs', 'create', 'Look', ...dryRun));
    await devCrew('jobs', 'watch', id);
    const left = readFileSync(serverJson());
    await server[Symbol.asyncDispose]();
    writeFileSync(serverJson(), left);
    expect((await devCrew('jobs', 'list')).out).toContain(id);
    expect((await devCrew('jobs', 'show', id, '--json')).out).toContain('"state":"completed"');
    expect((await devCrew('audit', 'verify')).code).toBe(0);
    const refused = await devCrew('jobs', 'cancel', id);
    expect([refused.code, refused.err]).toEqual([
      1,
      'dev-crew: Dev Crew is not running; start it with: dev-crew serve\n',
    ]);
  });

  it('minds no reader that goes away', async () => {
    const child = start(['--help']);
    child.stdout?.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
  });
});
