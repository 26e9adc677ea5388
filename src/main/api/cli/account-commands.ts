import type { Result } from '../../../shared/errors.ts';
import type { OutputOf } from '../../../shared/operations.ts';
import { exitCode, type CliContext, type Command, type CommandInput } from './context.ts';
import { loginCommand } from './login-command.ts';
import { accountOption, parseTarget, providerOption } from './login-input.ts';
import { operationCommand } from './operation-command.ts';
import { jsonOption } from './options.ts';
import { openSession } from './session.ts';
import { oneLine, table } from './text.ts';
import { printError } from './watch.ts';

function accountList({ accounts, secrets }: OutputOf<'accounts.list'>): string {
  const place = secrets.kind === 'file' ? secrets.detail : 'the keychain';
  const trouble = secrets.state === 'ok' ? '' : `\n${secrets.detail}. ${secrets.advice}`;
  if (accounts.length === 0) return `No accounts. Sign in with: dev-crew login --provider <id>${trouble}`;
  const rows = accounts.map((account) => [
    account.active ? '*' : '',
    account.provider,
    account.account_id,
    oneLine(account.email ?? account.name, 40),
    account.plan ?? '',
    account.blocked_until === null ? account.state : `no quota until ${account.blocked_until}`,
    oneLine(account.detail, 100),
  ]);
  const header = ['', 'PROVIDER', 'ACCOUNT', 'WHO', 'PLAN', 'STATE', ''];
  return `${table(header, rows)}\nSecrets are in ${place}.${trouble}`;
}

const logout: Command = {
  words: ['logout'],
  summary: 'Sign out: the provider takes the tokens back, and they are forgotten',
  positionals: [],
  options: [
    providerOption,
    accountOption,
    { name: 'forget', kind: 'flag', value: '', description: 'Remove the account itself, too' },
    jsonOption,
  ],
  run: (context, input) =>
    onAccount(context, input, async (session, target) => {
      const done = await session.call('accounts.signOut', { ...target, forget: input['forget'] === true });
      return done.ok ? { ok: true, value: { json: done.value, text: done.value.detail } } : done;
    }),
};

const use: Command = {
  words: ['accounts', 'use'],
  summary: 'Make an account the one that calls of its provider are made with',
  positionals: [],
  options: [providerOption, accountOption, jsonOption],
  run: (context, input) =>
    onAccount(context, input, async (session, target) => {
      const done = await session.call('accounts.update', { ...target, active: true });
      if (!done.ok) return done;
      return { ok: true, value: { json: done.value, text: `Calls are made with "${done.value.name}" now` } };
    }),
};

type Session = Extract<Awaited<ReturnType<typeof openSession>>, { ok: true }>['value'];
type Target = { provider: OutputOf<'accounts.list'>['accounts'][number]['provider']; account_id: string };
type Done = { json: unknown; text: string };

async function onAccount(
  context: CliContext,
  input: CommandInput,
  work: (session: Session, target: Target) => Promise<Result<Done>>,
): Promise<number> {
  const json = input['json'] === true;
  const target = parseTarget(input);
  if (!target.ok) {
    context.err(`dev-crew: ${target.error}`);
    return exitCode.usage;
  }
  const opened = await openSession(context, 'accounts.signOut');
  if (!opened.ok) return printError(context, opened.error, json);
  try {
    const { provider, accountId } = target.value;
    const done = await work(opened.value, { provider, account_id: accountId });
    if (!done.ok) return printError(context, done.error, json);
    context.out(json ? JSON.stringify(done.value.json) : done.value.text);
    return exitCode.ok;
  } finally {
    await opened.value.close();
  }
}

export const accountCommands: readonly Command[] = [
  loginCommand,
  logout,
  use,
  operationCommand({
    words: ['accounts'],
    operation: 'accounts.list',
    summary: 'List the accounts of all providers',
    print: accountList,
  }),
];
