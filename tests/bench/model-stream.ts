import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ModelPort } from '../../src/main/app/ports/model.ts';
import { createHttpFetch } from '../../src/main/infra/llm/http-fetch.ts';
import { createKeyModels } from '../../src/main/infra/llm/key-providers.ts';
import { createOllamaModel } from '../../src/main/infra/llm/ollama-model.ts';
import type { ProviderId } from '../../src/shared/models.ts';
import { credentialOf } from '../support/credential.ts';
import { ms, type Benchmark, type Row } from './lib/report.ts';
import { quantile, wallClock } from './lib/stats.ts';

const tokensPerSecond = 5000;
const seconds = 5;
const maxShare = 0.1;
const maxLateMs = 50;
/** What token-server.ts writes: nothing else in any protocol looks like it. */
const tokenPattern = /~[0-9a-z]{9} /g;

/** CPU of this process over a stream, as a share of one core, and how late each of its tokens came. */
interface Streamed {
  share: number;
  latesMs: number[];
}

/** What a stream of 5,000 tokens a second costs through our layer, against reading its bytes and doing nothing. */
export const modelStream: Benchmark = {
  name: 'model-stream',
  run: async () => {
    const server = spawn(
      process.execPath,
      [fileURLToPath(new URL('token-server.ts', import.meta.url)), String(tokensPerSecond), String(seconds)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    try {
      const url = await new Promise<string>((resolve) =>
        createInterface(server.stdout).once('line', (line) =>
          resolve((JSON.parse(line) as { url: string }).url),
        ),
      );
      const rows: Row[] = [];
      for (const [provider, port, path] of portsAt(url))
        rows.push(...(await rowsOf(provider, port, `${url}${path}`)));
      return rows;
    } finally {
      server.stdin.end();
    }
  },
};

function portsAt(url: string): [ProviderId, ModelPort, string][] {
  const models = createKeyModels({
    endpoints: {
      openai: `${url}/v1`,
      anthropic: `${url}/v1`,
      google: `${url}/v1beta`,
      openrouter: `${url}/api/v1`,
      'openai-compatible': url,
    },
  });
  return [
    ['openai', models.openai, '/v1/responses'],
    ['anthropic', models.anthropic, '/v1/messages'],
    ['google', models.google, '/v1beta/models/m:streamGenerateContent'],
    ['openrouter', models.openrouter, '/api/v1/chat/completions'],
    ['openai-compatible', models['openai-compatible'], '/v1/chat/completions'],
    ['ollama', createOllamaModel({ baseUrl: () => url }), '/api/chat'],
  ];
}

async function rowsOf(provider: ProviderId, port: ModelPort, url: string): Promise<Row[]> {
  // The first call loads the SDK and lets it be compiled.
  await throughPort(provider, port);
  const bare = await readBytes(url);
  const ours = await throughPort(provider, port);
  const overhead = ours.share - bare.share;
  const latest = quantile(ours.latesMs, 1);
  return [
    {
      name: `${provider}: CPU of our layer at ${tokensPerSecond} tokens/s (baseline: reading the bytes)`,
      ours: `${percent(overhead)} + ${percent(bare.share)} of a core`,
      baseline: `${percent(bare.share)} of a core`,
      ratio: null,
      target: `< ${percent(maxShare)} of our own`,
      met: overhead < maxShare,
    },
    {
      name: `${provider}: a token from the server's write to our event (baseline: to its bytes)`,
      ours: latesText(ours.latesMs),
      baseline: latesText(bare.latesMs),
      ratio: null,
      target: `max < ${maxLateMs} ms`,
      met: latest < maxLateMs,
    },
  ];
}

const latesText = (latesMs: readonly number[]): string =>
  `p50 ${ms(quantile(latesMs, 0.5))}, p99 ${ms(quantile(latesMs, 0.99))}, max ${ms(quantile(latesMs, 1))}`;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

async function throughPort(provider: ProviderId, port: ModelPort): Promise<Streamed> {
  const request = {
    model: 'm',
    credential: credentialOf(provider),
    system: '',
    messages: [{ role: 'user' as const, text: 'go' }],
    tools: [],
    contextTokens: 8192,
  };
  const texts: Received[] = [];
  const share = await cpuShareOf(async () => {
    for await (const event of port.stream(request, new AbortController().signal)) {
      if (event.type === 'error') throw new Error(event.error.message);
      if (event.type === 'text') texts.push({ atMs: wallClock(), text: event.delta });
    }
  });
  return { share, latesMs: latesOf(texts) };
}

async function readBytes(url: string): Promise<Streamed> {
  const fetch = createHttpFetch();
  const headers = { 'content-type': 'application/json' };
  const chunks: { atMs: number; bytes: Uint8Array }[] = [];
  const share = await cpuShareOf(async () => {
    const signal = new AbortController().signal;
    const response = await fetch(url, { method: 'POST', headers, body: '{}', signal });
    for await (const bytes of response.body ?? []) chunks.push({ atMs: wallClock(), bytes });
  });
  const decoder = new TextDecoder();
  const texts = chunks.map(({ atMs, bytes }) => ({ atMs, text: decoder.decode(bytes, { stream: true }) }));
  return { share, latesMs: latesOf(texts) };
}

interface Received {
  atMs: number;
  text: string;
}

/** How late each token's last letter came. A token may be cut between two texts. */
function latesOf(texts: readonly Received[]): number[] {
  let rest = '';
  const lates = texts.flatMap(({ atMs, text }) => {
    const all = rest + text;
    const tokens = [...all.matchAll(tokenPattern)];
    const last = tokens.at(-1);
    rest = last === undefined ? all : all.slice(last.index + last[0].length);
    return tokens.map(([token]) => atMs - Number.parseInt(token.slice(1), 36) / 10);
  });
  if (lates.length !== tokensPerSecond * seconds) throw new Error(`${lates.length} tokens came`);
  return lates;
}

/** CPU time over the time that the stream ought to take: a busy machine that makes it longer makes no better share. */
async function cpuShareOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000 / seconds;
}
