import { providerSchema, type ProviderId } from '../../../shared/models.ts';
import { accountIdSchema } from '../../../shared/accounts.ts';
import type { CommandInput, CommandOption, Parsed } from './context.ts';

/** What was typed after `dev-crew login` (compatibility.md §5). */
export interface LoginInput {
  provider: ProviderId;
  accountId: string;
  /** The browser is on another machine: nothing is listened for. */
  remote: boolean;
  browser: boolean;
  /** May it ask for the redirect address or code. */
  manualFallback: boolean;
  /** Ask for it at once. */
  manualInput: boolean;
  device: boolean;
  acceptWarning: boolean;
  redirectUri: string | undefined;
  clientId: string | undefined;
  baseUrl: string | undefined;
  tokenPath: string | undefined;
  pendingPath: string | undefined;
  statusFile: string | undefined;
  timeoutMs: number;
  httpTimeoutSeconds: number;
  json: boolean;
}

const flag = (name: string, description: string): CommandOption => ({
  name,
  kind: 'flag',
  value: '',
  description,
});
const text = (name: string, value: string, description: string): CommandOption => ({
  name,
  kind: 'text',
  value,
  description,
});

export const providerOption = text('provider', 'id', 'Provider, for example openai-codex, chatgpt, openai');
export const accountOption = text('account-id', 'name', 'Which of its accounts (default: default)');

export const loginOptions: readonly CommandOption[] = [
  providerOption,
  accountOption,
  flag('remote', 'The browser is on another machine: print the address, ask for what it ends at'),
  flag('no-browser', 'Print the address and open nothing'),
  flag('no-manual-fallback', 'Never ask for the redirect address or code'),
  flag('manual-input', 'Ask for the redirect address or code at once'),
  flag('device', 'Sign in with a code that is typed on another machine (openai-codex)'),
  text('redirect-uri', 'url', 'Where the browser comes back to'),
  text('openai-client-id', 'id', 'A client id, or a whole authorize address that has one'),
  text('client-id', 'id', 'The same for any provider'),
  text('base-url', 'url', 'Address of a server of your own (providers with a key)'),
  flag('accept-warning', 'You know the provider’s warning and want it all the same'),
  text('token-path', 'file', 'Keep the tokens in this file instead of the keychain'),
  text('pending-path', 'file', 'Keep the sign-in under way in this file'),
  text('status-file', 'file', 'Write there what was done'),
  text('timeout-seconds', 'n', 'How long the browser is waited for (default: 300)'),
  text('http-timeout-seconds', 'n', 'Longest time of one request (default: 15)'),
];

export function parseLoginInput(input: CommandInput): Parsed<LoginInput> {
  const target = parseTarget(input);
  if (!target.ok) return target;
  const timeout = seconds(input, 'timeout-seconds', 300, 86_400);
  if (!timeout.ok) return timeout;
  const http = seconds(input, 'http-timeout-seconds', 15, 600);
  if (!http.ok) return http;
  const is = (name: string): boolean => input[name] === true;
  const of = (name: string): string | undefined => {
    const value = input[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  if (is('no-manual-fallback') && (is('manual-input') || is('remote')))
    return { ok: false, error: '--no-manual-fallback leaves no way with --manual-input or --remote' };
  return {
    ok: true,
    value: {
      ...target.value,
      remote: is('remote'),
      browser: !is('no-browser') && !is('remote'),
      manualFallback: !is('no-manual-fallback'),
      manualInput: is('manual-input'),
      device: is('device'),
      acceptWarning: is('accept-warning'),
      redirectUri: of('redirect-uri'),
      clientId: of('client-id') ?? of('openai-client-id'),
      baseUrl: of('base-url'),
      tokenPath: of('token-path'),
      pendingPath: of('pending-path'),
      statusFile: of('status-file'),
      timeoutMs: timeout.value * 1000,
      httpTimeoutSeconds: http.value,
      json: is('json'),
    },
  };
}

/** The account that a command is about. */
export function parseTarget(input: CommandInput): Parsed<{ provider: ProviderId; accountId: string }> {
  if (input['provider'] === undefined) return { ok: false, error: '--provider is missing' };
  const provider = providerSchema.safeParse(input['provider']);
  if (!provider.success)
    return { ok: false, error: `--provider takes one of: ${providerSchema.options.join(', ')}` };
  const accountId = accountIdSchema.safeParse(input['account-id'] ?? 'default');
  return accountId.success
    ? { ok: true, value: { provider: provider.data, accountId: accountId.data } }
    : { ok: false, error: `--account-id ${accountId.error.issues[0]?.message ?? ''}` };
}

function seconds(input: CommandInput, name: string, preset: number, max: number): Parsed<number> {
  const typed = input[name];
  if (typed === undefined) return { ok: true, value: preset };
  const value = typeof typed === 'string' && /^\d+$/.test(typed) ? Number(typed) : 0;
  return value >= 1 && value <= max
    ? { ok: true, value }
    : { ok: false, error: `--${name} takes a whole number of seconds from 1 to ${max}` };
}
