import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./session/session.sh', import.meta.url));

/** A real keyring on a bus of a test's own, which it may lock and stop as it likes. */
export interface PrivateKeyring {
  env: Record<string, string>;
  lock(): Promise<void>;
  /** Forgets every entry, as after a reset. */
  reset(): Promise<void>;
  /** It answers nothing until `thaw`. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  stop(): Promise<void>;
}

const login = '/org/freedesktop/secrets/collection/login';

/** Needs what the part `keyring` needs: Debian's dbus and gnome-keyring. */
export async function startPrivateKeyring(): Promise<PrivateKeyring> {
  const child = spawn('bash', [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const gone = once(child, 'close');
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '' };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') break;
    const [name = '', value = ''] = line.split(/=(.*)/s);
    env[name] = value;
  }
  child.stdout.resume();
  const send = async (...args: string[]): Promise<string> =>
    (await run('dbus-send', ['--session', '--print-reply=literal', ...args], { env })).stdout;
  const service = '--dest=org.freedesktop.secrets';
  const pid = async (): Promise<number> => {
    const method = 'org.freedesktop.DBus.GetConnectionUnixProcessID';
    const answer = await send('--dest=org.freedesktop.DBus', '/', method, 'string:org.freedesktop.secrets');
    return Number(/\d+\s*$/.exec(answer.trim())?.[0]);
  };
  let frozen: number | null = null;
  const thaw = async (): Promise<void> => {
    if (frozen !== null) process.kill(frozen, 'SIGCONT');
    frozen = null;
  };
  return {
    env,
    lock: async () => {
      const method = 'org.freedesktop.Secret.Service.Lock';
      await send(service, '/org/freedesktop/secrets', method, `array:objpath:${login}`);
    },
    reset: async () => {
      const answer = await send(
        service,
        login,
        'org.freedesktop.DBus.Properties.Get',
        'string:org.freedesktop.Secret.Collection',
        'string:Items',
      );
      for (const item of answer.match(/\/org\/freedesktop\/secrets\/collection\/login\/\d+/g) ?? [])
        await send(service, item, 'org.freedesktop.Secret.Item.Delete');
    },
    freeze: async () => {
      frozen = await pid();
      process.kill(frozen, 'SIGSTOP');
    },
    thaw,
    stop: async () => {
      await thaw();
      child.stdin.end();
      await gone;
    },
  };
}
