import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliContext } from '../../../src/main/api/cli/context.ts';
import { repositoryFromHere } from '../../../src/main/api/cli/job-commands.ts';
import { runCli } from '../../../src/main/api/cli/run.ts';
import { clean, oneLine, table } from '../../../src/main/api/cli/text.ts';
import { eventLines } from '../../../src/main/api/cli/watch.ts';
import { createHttpServer } from '../../../src/main/api/http/server.ts';
import { jobEvent } from './samples.ts';
import { createStubEngine, type StubEngine } from './stub-engine.ts';
import { quietLog } from '../../support/engine.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crew-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  code: number;
  out: string;
  err: string;
  engine: StubEngine;
}

/** One command line over stub handlers opened in this process, or over a server when an address is given. */
async function run(
  args: string[],
  env: Record<string, string> = {},
  engine = createStubEngine(),
): Promise<Ran> {
  const printed = { out: '', err: '' };
  const context: CliContext = {
    env: { DEV_CREW_DATA_DIR: folder, ...env },
    cwd: folder,
    version: '1.2.3',
    webRoot: null,
    compose: async () => ({ ok: true, value: engine.app }),
    createLog: () => quietLog,
    out: (text) => (printed.out += `${text}\n`),
    err: (text) => (printed.err += `${text}\n`),
    readLine: async () => null,
    openBrowser: async () => false,
    signal: new AbortController().signal,
  };
  const code = await runCli(context, args);
  return { code, ...printed, engine };
}

const words = [
  'serve',
  'jobs create',
  'jobs list',
  'jobs show',
  'jobs watch',
  'jobs plan',
  'jobs approve',
  'jobs reject',
  'jobs cancel',
  'jobs retry',
  'jobs answer',
  'jobs spending',
  'jobs raise',
  'jobs diff',
  'jobs report',
  'models',
  'usage',
  'escalations',
  'audit verify',
  'token',
  'doctor',
  'login',
  'logout',
  'accounts',
  'accounts use',
];

describe('help', () => {
  it('lists every command of the design', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of words) expect(out).toContain(`  ${command}`);
  });

  it.each(words)('tells of "%s"', async (command) => {
    const { code, out, engine } = await run([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: dev-crew ${command}`);
    expect(out).toContain('--json');
    expect(engine.calls).toEqual([]);
  });

  it('takes "jobs" for a group and prints the version', async () => {
    expect(await run(['jobs', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('jobs create') as string,
    });
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
  });
});

describe('a command line that is not understood ends with 2 and one line', () => {
  it.each([
    ['frob'],
    ['jobs', 'frob'],
    ['audit', 'frob'],
    ['jobs', 'show'],
    ['jobs', 'show', 'a', 'b'],
    ['jobs', 'show', ''],
    ['jobs', 'list', '--bogus'],
    ['jobs', 'list', '--limit'],
    ['jobs', 'list', '--limit', 'many'],
    ['jobs', 'list', '--limit', '0'],
    ['jobs', 'list', '--state', 'sleeping'],
    ['jobs', 'answer', 'j1', 'e1'],
    ['models', '--provider', 'nobody'],
    ['login'],
    ['login', '--provider', 'nobody'],
    ['login', '--provider', 'chatgpt', '--timeout-seconds', 'long'],
    ['logout', '--provider', 'openai', '--account-id=a b'],
    ['serve', '--port', '70000'],
    ['serve', '--port', '8000x'],
    ['serve', 'now'],
  ])('dev-crew %s %s %s %s', async (...args) => {
    const { code, out, err } = await run(args.filter((arg) => arg !== undefined));
    expect([code, out]).toEqual([2, '']);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(/^dev-crew: /);
  });

  it.each([[[]], [['jobs']]])('without a command it shows what there is', async (args) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage:');
  });
});

describe('without a server', () => {
  it.each([
    'jobs list',
    'jobs show j1',
    'jobs plan j1',
    'jobs spending j1',
    'jobs diff j1',
    'jobs report j1',
    'models',
    'usage',
    'escalations',
    'audit verify',
    'doctor',
  ])('"%s" reads the store itself', async (line) => {
    const { code, out, engine } = await run(line.split(' '));
    expect(code).toBe(0);
    expect(out).not.toBe('');
    expect(engine.calls).toHaveLength(1);
  });

  it.each([
    'jobs create x',
    'jobs watch j1',
    'jobs approve j1',
    'jobs reject j1',
    'jobs cancel j1',
    'jobs retry j1',
    'jobs answer j1 e1 yes',
    'models --refresh',
    'usage --reset',
  ])('"%s" says how to start one', async (line) => {
    const { code, err, engine } = await run(line.split(' '));
    expect(code).toBe(1);
    expect(err).toBe('dev-crew: Dev Crew is not running; start it with: dev-crew serve\n');
    expect(engine.calls).toEqual([]);
  });

  it('prints the token it will have', async () => {
    expect(await run(['token'])).toMatchObject({ code: 0, out: 'a-token\n' });
  });

  it('trusts no server.json of the folder it stands in', async () => {
    mkdirSync(join(folder, '.dev_crew'));
    const info = { url: 'http://127.0.0.1:9', pid: process.pid, token_path: '/etc/hostname' };
    writeFileSync(join(folder, '.dev_crew', 'server.json'), JSON.stringify(info));
    const { err } = await run(['jobs', 'cancel', 'j1'], { DEV_CREW_DATA_DIR: join(folder, 'empty') });
    expect(err).toContain('not running');
  });
});

describe('exit codes and output', () => {
  it.each([
    ['audit verify', { ok: false, records: 9, first_broken: 4, detail: 'hash' }, 'broken at record 4'],
    ['doctor', { checks: [], ready: false }, 'Not ready'],
  ])('"%s" fails when it finds something', async (line, value, text) => {
    const engine = createStubEngine();
    engine.behave(() => ({ ok: true, value }));
    const { code, out } = await run(line.split(' '), {}, engine);
    expect([code, out]).toEqual([1, expect.stringContaining(text)]);
  });

  it('prints exactly what the API has with --json, also for errors', async () => {
    const engine = createStubEngine();
    const fine = await run(['jobs', 'show', 'j1', '--json'], {}, engine);
    expect(JSON.parse(fine.out)).toMatchObject({ job_id: 'j1', history_count: 3 });
    engine.behave(() => ({ ok: false, error: { code: 'not_found', message: 'job not found: j9' } }));
    const failed = await run(['jobs', 'show', 'j9', '--json'], {}, engine);
    expect([failed.code, failed.out]).toEqual([1, '']);
    expect(JSON.parse(failed.err)).toEqual({ error: { code: 'not_found', message: 'job not found: j9' } });
  });

  it('says an error in one line, whatever it holds', async () => {
    const engine = createStubEngine();
    engine.behave(() => ({ ok: false, error: { code: 'conflict', message: 'a\nb\u001b[31mc' } }));
    expect(await run(['jobs', 'show', 'j1'], {}, engine)).toMatchObject({
      code: 1,
      err: 'dev-crew: a b[31mc\n',
    });
  });

  it('reports what keeps the engine from opening', async () => {
    const context = {
      error: { code: 'unavailable' as const, message: 'the database is of a newer version' },
    };
    const printed: string[] = [];
    const code = await runCli(
      {
        env: { DEV_CREW_DATA_DIR: folder },
        cwd: folder,
        version: '0',
        webRoot: null,
        compose: async () => ({ ok: false, ...context }),
        createLog: () => quietLog,
        out: () => {},
        err: (text) => printed.push(text),
        readLine: async () => null,
        openBrowser: async () => false,
        signal: new AbortController().signal,
      },
      ['jobs', 'list'],
    );
    expect([code, printed]).toEqual([1, ['dev-crew: the database is of a newer version']]);
  });
});

describe('with a server', () => {
  it('sends what was typed, with the repository as it is meant from here', async () => {
    const engine = createStubEngine();
    const server = await createHttpServer({ ...engine, version: '0', token: 'a-token', webRoot: null });
    const listening = await server.listen({ host: '127.0.0.1', port: 0 });
    const url = listening.ok ? listening.value.url : '';
    const env = { DEV_CREW_URL: `${url}/`, DEV_CREW_TOKEN: 'a-token' };
    try {
      const line = [
        'jobs',
        'create',
        'Fix',
        'the bug',
        '--priority=-2',
        '--idempotency-key',
        'k',
        '--mode',
        'live',
      ];
      const limits = ['--max-tool-calls', '7', '--max-cost-usd', '2.50', '--max-tokens', 'none'];
      const created = await run([...line, ...limits], env, engine);
      expect(created).toMatchObject({
        code: 0,
        out: expect.stringContaining('dev-crew jobs watch j1') as string,
      });
      expect(engine.calls.at(-1)?.input).toEqual({
        goal: 'Fix the bug',
        repo: folder,
        base_branch: 'main',
        priority: -2,
        idempotency_key: 'k',
        mode: 'live',
        max_tool_calls: 7,
        max_cost_usd: 2.5,
        max_tokens: null,
        specialists: 'all',
      });
      await run(['jobs', 'answer', 'j1', 'e1', 'use', 'tabs'], env, engine);
      expect(engine.calls.at(-1)?.input).toEqual({ job_id: 'j1', escalation_id: 'e1', answer: 'use tabs' });
      await run(['jobs', 'raise', 'j1', '--max-cost-usd=none'], env, engine);
      expect(engine.calls.at(-1)?.input).toEqual({ job_id: 'j1', max_cost_usd: null });
      const refused = await run(['jobs', 'list'], { ...env, DEV_CREW_TOKEN: 'wrong' }, engine);
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('dev-crew token') as string });
    } finally {
      await server.close();
    }
    const gone = await run(['jobs', 'list'], env, engine);
    expect(gone).toMatchObject({
      code: 1,
      err: expect.stringMatching(/No Dev Crew answers at .*dev-crew serve/) as string,
    });
  });
});

describe('repositories', () => {
  it.each([
    ['.', '/w'],
    ['..', '/'],
    ['./a b', '/w/a b'],
    ['../x', '/x'],
    ['/abs/한글', '/abs/한글'],
    ['~', homedir()],
    ['~/code', join(homedir(), 'code')],
    ['owner/name', 'owner/name'],
    ['https://github.com/o/n.git', 'https://github.com/o/n.git'],
    ['git@github.com:o/n.git', 'git@github.com:o/n.git'],
    ['file:///srv/n.git', 'file:///srv/n.git'],
  ])('%s from /w is %s', (repo, expected) => {
    expect(repositoryFromHere(repo, '/w')).toBe(expected);
  });

  it('that exist here are folders, not names on GitHub', () => {
    mkdirSync(join(folder, 'owner', 'name'), { recursive: true });
    expect(repositoryFromHere('owner/name', folder)).toBe(join(folder, 'owner', 'name'));
  });
});

describe('text for a terminal', () => {
  it('cannot move the cursor, set the title or hide what was printed', () => {
    expect(clean('a\u001b]0;evil\u0007b\u009b2Jc\rd\be\tf\ng')).toBe('a]0;evilb2Jcde\tf\ng');
    expect(oneLine('  a \n\t b  ')).toBe('a b');
    expect(oneLine('한글🙂'.repeat(50), 4)).toBe('한글🙂…');
  });

  it('stands in columns', () => {
    expect(
      table(
        ['A', 'LONG'],
        [
          ['xx', 'y'],
          ['', 'z'],
        ],
      ),
    ).toBe('A   LONG\nxx  y\n    z');
  });

  it('shows a step of an agent and how to answer what waits', () => {
    const waiting = {
      ...jobEvent(1),
      metadata: { event_type: 'waiting', call_order: 1, waiting_for: 'plan_approval' },
    };
    expect(eventLines(waiting).join('\n')).toContain('dev-crew jobs approve j1');
    expect(eventLines({ ...jobEvent(2), metadata: { event_type: 'of a later version' } })).toHaveLength(1);
  });
});
