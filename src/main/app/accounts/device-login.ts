import type { LoginRow } from '../ports/account-store.ts';
import type { LoginContext } from './login-context.ts';
import { finishByCode, finishingOf } from './login-finish.ts';
import { endLogin } from './login-records.ts';

/** Asks again and again whether the user has typed the code, until they have or `signal` ends. Must not reject. */
export async function pollDevice(context: LoginContext, row: LoginRow, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted && (await pollOnce(context, row, signal)) === 'pending');
  } catch (error) {
    if (!signal.aborted)
      context.deps.log.error('the device sign-in failed', {
        error: error instanceof Error ? String(error.stack) : String(error),
      });
  }
}

async function pollOnce(
  context: LoginContext,
  { loginId, httpTimeoutMs }: LoginRow,
  signal: AbortSignal,
): Promise<'pending' | 'over'> {
  const finishing = await finishingOf(context, loginId);
  // A vault that is locked now may be open at the next look.
  const found = finishing.ok ? finishing.value : null;
  if (finishing.ok && found === null) return 'over';
  await context.deps.clock.sleep(found?.pending.device?.intervalMs ?? 5_000, signal);
  if (found?.provider.device == null) return 'pending';
  const polled = await found.provider.device.poll(found.pending, { signal, requestMs: httpTimeoutMs });
  if (!polled.ok) {
    await endLogin(context, loginId, 'waiting', 'failed', polled.error.message);
    return 'over';
  }
  if (polled.value.kind === 'pending') return 'pending';
  const { code, codeVerifier, redirectUri } = polled.value;
  context.secrets.hide([codeVerifier]);
  const pending = { ...found.pending, codeVerifier, redirectUri };
  await finishByCode(context, { ...found, pending }, pending.client, code);
  return 'over';
}
