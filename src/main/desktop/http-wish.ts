import { fail, type Result } from '../../shared/errors.ts';

/**
 * Whether the desktop also listens for scripts: `--http-port <n>`, or `DEV_CREW_HTTP=1` for port 8000. Off unless asked
 * for, since most people never need it.
 */
export function httpWish(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): Result<{ port: number } | null> {
  const index = argv.findIndex((arg) => arg === '--http-port' || arg.startsWith('--http-port='));
  const arg = argv[index];
  if (arg !== undefined) {
    const value = arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : (argv[index + 1] ?? '');
    const port = /^\d{1,5}$/.test(value) ? Number(value) : -1;
    if (port < 0 || port > 65_535) return fail('invalid_input', '--http-port takes a number from 0 to 65535');
    return { ok: true, value: { port } };
  }
  const wish = env['DEV_CREW_HTTP'] ?? '';
  if (wish === '1') return { ok: true, value: { port: 8000 } };
  if (wish === '' || wish === '0') return { ok: true, value: null };
  return fail('invalid_input', `DEV_CREW_HTTP is ${JSON.stringify(wish)}; it takes 1 or 0`);
}
