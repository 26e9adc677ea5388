import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { roles } from '../../../src/shared/roles.ts';
import type { ModelMessage } from '../../../src/main/domain/model-messages.ts';
import { createOllamaModel } from '../../../src/main/infra/llm/ollama-model.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { aRequest, eventsOf, gist } from './fixtures.ts';

let server: ModelServer | null = null;
const complaints: string[] = [];
afterEach(async () => {
  await server?.close();
  complaints.length = 0;
});
const serve = async (script: ScriptInput) =>
  (server = await startModelServer(script, { onUnexpected: (text) => complaints.push(text) }));
const say = async (url: string, change: Parameters<typeof aRequest>[0]) =>
  gist(await eventsOf(createOllamaModel({ baseUrl: () => url }), aRequest(change)));
const by = (role: string) => ({ system: `You are the ${role} of a Dev Crew.\nDo it.` });

describe('the scripted model server', () => {
  it('answers parallel conversations each by its own part of the script, in any order', async () => {
    const exchanges = roles.flatMap((role) => [
      {
        name: `${role} 1`,
        when: { role },
        reply: { text: `${role} looks`, toolCalls: [{ name: 'list_files' }] },
      },
      { name: `${role} 2`, when: { role, toolResult: 'a.ts' }, reply: { text: `${role} knows` } },
    ]);
    const { url, assertDone } = await serve({ exchanges });
    const talk = async (role: string) => {
      const first = await say(url, by(role));
      const messages: ModelMessage[] = [
        { role: 'user', text: 'hello' },
        { role: 'assistant', text: '', toolCalls: [{ callId: 'c', name: 'list_files', input: {} }] },
        { role: 'tool', callId: 'c', name: 'list_files', output: 'a.ts' },
      ];
      return [first.text, (await say(url, { ...by(role), messages })).text];
    };
    const answers = await Promise.all([...roles].reverse().map(talk));
    expect(answers.reverse()).toEqual(roles.map((role) => [`${role} looks`, `${role} knows`]));
    assertDone();
  });

  it('fails loudly on what it did not expect, and says why each exchange did not fit', async () => {
    const { url, state, assertDone } = await serve({
      exchanges: [
        { name: 'for qa', when: { role: 'qa engineer' }, reply: { text: 'x' } },
        { name: 'second', when: { step: 1 }, reply: { text: 'y' } },
      ],
    });
    const { end } = await say(url, by('backend'));
    expect(end).toHaveProperty('error.message', expect.stringContaining('unexpected request'));
    expect(complaints[0]).toContain('for qa: role differs');
    expect(complaints[0]).toContain('second: step differs');
    expect(state().unexpected).toHaveLength(1);
    expect(state().unused).toEqual(['for qa', 'second']);
    expect(assertDone).toThrow('unexpected');
  });

  it('uses an exchange up, and replays it to an equal request only when told so', async () => {
    const exchanges = [{ name: 'once', reply: { text: 'x' } }];
    const strict = await serve({ exchanges });
    await say(strict.url, {});
    expect((await say(strict.url, {})).end).toMatchObject({ type: 'error' });
    await strict.close();
    const lenient = await serve({ exchanges, replayIdentical: true });
    await say(lenient.url, {});
    expect((await say(lenient.url, {})).text).toBe('x');
    expect((await say(lenient.url, { system: 'another' })).end).toMatchObject({ type: 'error' });
  });

  it('matches by text, expression and function replies', async () => {
    const { url } = await serve({
      exchanges: [
        { name: 'both', when: { user: ['red', 'blue'] }, reply: { text: 'colours' } },
        { name: 'regex', when: { lastUser: { regex: '^N\\d+$', flags: 'i' } }, reply: { text: 'number' } },
        { name: 'any', times: 'any', reply: ({ user }) => ({ text: `you said ${user}` }) },
      ],
    });
    const ask = async (text: string) => (await say(url, { messages: [{ role: 'user', text }] })).text;
    expect(await ask('red and blue')).toBe('colours');
    expect(await ask('n42')).toBe('number');
    expect(await ask('else')).toBe('you said else');
  });

  it.each(['lines', 'bytes', 3, { splitAt: 40 }] as const)('cuts a stream by %j', async (chunking) => {
    const { url } = await serve({ exchanges: [{ name: 'a', reply: { text: 'Grüße 🙂', chunking } }] });
    expect((await say(url, {})).text).toBe('Grüße 🙂');
  });

  it('answers in one piece when no stream is asked for', async () => {
    const { url } = await serve({
      exchanges: [{ name: 'a', reply: { text: 'all of it', toolCalls: [{ name: 'f' }] } }],
    });
    const body = JSON.stringify({ model: 'llama3.1:8b', stream: false, messages: [] });
    const answer: unknown = await (await fetch(`${url}/api/chat`, { method: 'POST', body })).json();
    expect(answer).toMatchObject({
      done: true,
      message: { content: 'all of it', tool_calls: [{ function: { name: 'f' } }] },
    });
  });

  it('refuses a script with a typo', async () => {
    const script = { exchanges: [{ name: 'a', when: { rool: 'qa' }, reply: {} }] } as unknown as ScriptInput;
    await expect(startModelServer(script)).rejects.toThrow('rool');
  });
});

describe('the model server as a program', () => {
  it('is started with a file, controlled over HTTP and stopped with its input', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'model-server-'));
    const file = join(folder, 'script.json');
    const text = ['one ', { gate: 'middle' }, 'two'];
    await writeFile(file, JSON.stringify({ exchanges: [{ name: 'slow', reply: { text } }] }));
    const main = 'tests/support/model-server/main.ts';
    const child = spawn(process.execPath, [main, '--script', file, '--until-stdin-closes'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const control = async (path: string, init?: RequestInit) =>
      (await (await fetch(`${url}/__control/${path}`, init)).json()) as Record<string, unknown>;

    const said = say(url, {});
    expect(await control('wait?gate=middle&chats=1')).toMatchObject({ waiting: ['middle'], unused: [] });
    await control('release', { method: 'POST', body: JSON.stringify({ gate: 'middle' }) });
    expect((await said).text).toBe('one two');
    expect(await control('state')).toMatchObject({ unexpected: [], requests: [{ exchange: 'slow' }] });
    expect(await control('nothing')).toHaveProperty('error');

    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    await rm(folder, { recursive: true });
  });
});
