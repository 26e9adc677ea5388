import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./accounts-process/main.ts', import.meta.url));

/** Sign-in in another process. */
export interface AccountsProcess {
  /** Sends an order and resolves with its answer. */
  ask(name: string, input: unknown): Promise<unknown>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Lets it stop by itself. */
  stop(): Promise<void>;
}

export async function startAccountsProcess(
  dataFolder: string,
  env: Record<string, string>,
): Promise<AccountsProcess> {
  const child = spawn(process.execPath, [program, dataFolder], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<unknown> => {
    const next = await lines.next();
    if (next.done) throw new Error('the process ended without an answer');
    return JSON.parse(next.value);
  };
  await line();
  return {
    ask: (name, input) => {
      child.stdin.write(`${JSON.stringify({ name, input })}\n`);
      return line();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      child.stdin.end();
      await gone;
    },
  };
}
