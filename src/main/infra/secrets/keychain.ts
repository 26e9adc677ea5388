import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** What became of a call of the keychain. */
export type KeychainAnswer =
  | { kind: 'value'; value: string | null }
  | { kind: 'missing' | 'locked' | 'failed'; detail: string }
  /** No answer within the limit; most often it asks the user for a password. */
  | { kind: 'slow' };

export type KeychainRequest =
  { act: 'get' | 'remove'; account: string } | { act: 'set'; account: string; secret: string };

/** One call. Never throws, and ends at the latest after the time limit. */
export type Keychain = (request: KeychainRequest) => Promise<KeychainAnswer>;

export interface KeychainOptions {
  /** Name under which a keychain shows our entries. */
  service: string;
  /** Longest time of a call, in ms. A person may have to type a password meanwhile. */
  limitMs: number;
  /** Ends calls under way. */
  closing: AbortSignal;
  /** What a keychain is found by, on Linux the session's bus. */
  env: Readonly<Record<string, string | undefined>>;
}

const answerSchema = z.union([z.object({ value: z.string().nullable() }), z.object({ error: z.string() })]);

/**
 * keytar in a process of its own for each call: on Linux a locked keyring blocks the calling thread for as long as its
 * prompt is open, which would keep the app from ending, and a keyring that misbehaves has been seen to end the process.
 * The secret goes over pipes, never in an argument. `findCredentials` is never called: it crashes on a locked keyring.
 */
export function createKeychain({ service, limitMs, closing, env }: KeychainOptions): Keychain {
  const library = createRequire(import.meta.url).resolve('@github/keytar');
  return (request) =>
    new Promise((resolve) => {
      if (closing.aborted) return resolve({ kind: 'slow' });
      // Electron's binary is Node with this variable; for Node itself it means nothing.
      const child = spawn(process.execPath, ['-e', childScript], {
        env: { ...env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
      });
      let output = '';
      let complaint = '';
      const giveUp = (): void => {
        child.kill('SIGKILL');
        resolve({ kind: 'slow' });
      };
      const limit = setTimeout(giveUp, limitMs);
      closing.addEventListener('abort', giveUp, { once: true });
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-500)));
      child.on('error', (error) => resolve({ kind: 'failed', detail: error.message }));
      child.on('close', () => {
        clearTimeout(limit);
        closing.removeEventListener('abort', giveUp);
        resolve(answerOf(output, complaint));
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(JSON.stringify({ library, service, ...request }));
    });
}

/** Plain JavaScript, because it runs from a string: the built app has no file of its own for it. */
const childScript = `
let input = '';
process.stdin.on('data', (chunk) => (input += chunk)).on('end', async () => {
  const { library, service, act, account, secret } = JSON.parse(input);
  const answer = await (async () => {
    const keytar = require(library);
    if (act === 'set') { await keytar.setPassword(service, account, secret); return { value: null }; }
    if (act === 'remove') { await keytar.deletePassword(service, account); return { value: null }; }
    return { value: await keytar.getPassword(service, account) };
  })().catch((error) => ({ error: String(error && error.message) }));
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
});`;

function answerOf(output: string, complaint: string): KeychainAnswer {
  try {
    const answer = answerSchema.parse(JSON.parse(output));
    return 'error' in answer ? failureOf(answer.error) : { kind: 'value', value: answer.value };
  } catch {
    const last = complaint.trim().split('\n').at(-1) ?? '';
    return { kind: 'failed', detail: last === '' ? 'it ended without an answer' : last.slice(0, 200) };
  }
}

/** Texts of libsecret and GDBus, of macOS and of Windows, as seen or documented; anything else is told as it is. */
function failureOf(error: string): KeychainAnswer {
  const detail = error.split('\n', 1)[0]?.slice(0, 300) ?? '';
  if (/locked collection|is locked|interaction is not allowed|user canceled|dismissed/i.test(error))
    return { kind: 'locked', detail };
  const noService =
    /autolaunch D-Bus|Could not connect|not provided by any|ServiceUnknown|does not exist at path|Failed to load keytar|cannot open shared object|No such secret collection/i;
  return { kind: noService.test(error) ? 'missing' : 'failed', detail };
}
