import { openEngine } from '../open-engine.ts';
import { exitCode, type CliContext, type Command, type CommandOption } from './context.ts';
import { operationCommand, runOperation } from './operation-command.ts';
import { jsonOption, operationOptions } from './options.ts';
import { serverOf } from './session.ts';
import { auditVerdict, catalog, doctor, escalations, usage } from './system-formats.ts';
import { printError } from './watch.ts';

const flag = (name: string, description: string): CommandOption => ({
  name,
  kind: 'flag',
  value: '',
  description,
});

const models: Command = {
  words: ['models'],
  summary: 'List the models known',
  positionals: [],
  options: [
    ...operationOptions('llm.models', { provider: 'Only of this provider' }, ['force_refresh']),
    flag('refresh', 'Ask the providers first'),
    jsonOption,
  ],
  run: (context, input) =>
    input['refresh'] === true
      ? runOperation({ operation: 'llm.refresh', print: catalog }, context, input)
      : runOperation({ operation: 'llm.models', print: catalog }, context, input),
};

const usageCommand: Command = {
  words: ['usage'],
  summary: 'Show how many tokens were used',
  positionals: [],
  options: [
    ...operationOptions('llm.usage', { provider: 'Only of this provider', model: 'Only of this model' }, []),
    flag('reset', 'Start counting from zero'),
    jsonOption,
  ],
  run: (context, input) =>
    input['reset'] === true
      ? runOperation({ operation: 'llm.resetUsage', print: usage }, context, input)
      : runOperation({ operation: 'llm.usage', print: usage }, context, input),
};

const token: Command = {
  words: ['token'],
  summary: 'Print the token that the HTTP API asks for',
  positionals: [],
  options: [jsonOption],
  run: async (context, input) => {
    const found = await findToken(context, input['json'] === true);
    if (typeof found === 'number') return found;
    context.out(input['json'] === true ? JSON.stringify({ token: found }) : found);
    return exitCode.ok;
  },
};

/** The running server's token, else the one it will have; or the exit code of what went wrong. */
async function findToken(context: CliContext, json: boolean): Promise<string | number> {
  const running = serverOf(context);
  if (running?.token) return running.token;
  const opened = await openEngine(context);
  if (!opened.ok) return printError(context, opened.error, json);
  await opened.value.app.stop();
  return opened.value.app.apiToken;
}

export const systemCommands: readonly Command[] = [
  models,
  usageCommand,
  operationCommand({
    words: ['escalations'],
    operation: 'escalations.list',
    summary: 'List what needed a human, newest first',
    descriptions: { limit: 'At most so many', open: 'Only those still open' },
    print: escalations,
  }),
  operationCommand({
    words: ['audit', 'verify'],
    operation: 'audit.verify',
    summary: 'Check the hash chain of the audit log',
    print: auditVerdict,
    exit: ({ ok }) => (ok ? exitCode.ok : exitCode.failed),
  }),
  token,
  operationCommand({
    words: ['doctor'],
    operation: 'system.doctor',
    summary: 'Check what this machine has and lacks',
    print: doctor,
    exit: ({ ready }) => (ready ? exitCode.ok : exitCode.failed),
  }),
];
