import { fail, ok, type Result } from '../../../shared/errors.ts';
import type { LoginRun } from './login-command.ts';

/** An API key by paste, checked with a call. */
export async function loginByKey({
  context,
  session,
  input,
  provider,
  step,
  say,
}: LoginRun): Promise<Result<null>> {
  const takesKey = provider.methods.includes('api_key');
  if (!takesKey && input.baseUrl === undefined)
    return fail('invalid_input', `${provider.name} needs no account; set its address in the settings`);
  step(
    2,
    provider.key_url === null
      ? 'A key is made by whoever runs the server'
      : `Make a key at ${provider.key_url}`,
  );
  const optional = provider.methods.includes('none') ? ' (empty for none)' : '';
  step(3, `Paste the key${optional}, then press Enter:`);
  const line = await context.readLine({ hidden: true, signal: context.signal });
  if (line === null) return fail('unavailable', 'No key was pasted');
  step(4, 'Checking the key with a call');
  const added = await session.call('accounts.addKey', {
    provider: input.provider,
    account_id: input.accountId,
    api_key: line.trim(),
    ...(input.baseUrl === undefined ? {} : { base_url: input.baseUrl }),
  });
  if (!added.ok) return added;
  if (added.value.warning !== '') say(added.value.warning);
  return ok(null);
}
