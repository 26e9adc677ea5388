import { access, constants } from 'node:fs/promises';
import type { z } from 'zod';
import type { JobMode } from '../../shared/job.ts';
import type { checkSchema } from '../../shared/operations.ts';
import type { Settings } from '../../shared/settings.ts';
import { checkModel, type ModelCheckDeps } from './check-model.ts';
import type { SecretVault } from './ports/secrets.ts';
import type { Sandbox } from './ports/sandbox.ts';
import type { Clock } from './ports/system.ts';

type Check = z.infer<typeof checkSchema>;

export interface ReadinessDeps extends ModelCheckDeps {
  dataFolder: string;
  sandbox: Sandbox;
  vault: Pick<SecretVault, 'status'>;
  settings: () => Settings;
  clock: Clock;
  /** First line of `command --version`, or null when it is missing. */
  toolVersion: (command: string, args: readonly string[]) => Promise<string | null>;
}

/** How long `auto` trusts its last look, in ms. */
const trustMs = 10_000;
const probeMs = 5_000;

export interface Readiness {
  checks(): Promise<Check[]>;
  /** What `auto` means now (design.md §2). */
  autoMode(): Promise<JobMode>;
}

export function createReadiness(deps: ReadinessDeps): Readiness {
  let last: { atMs: number; mode: Promise<JobMode> } | null = null;
  return {
    checks: () =>
      Promise.all([
        checkFolder(deps),
        checkGit(deps),
        ...dockerChecks(deps),
        checkCrewModel(deps),
        checkGh(deps),
        checkVault(deps),
      ]),
    autoMode: () => {
      const now = deps.clock.now();
      if (last && now - last.atMs < trustMs) return last.mode;
      last = { atMs: now, mode: ready(deps) };
      return last.mode;
    },
  };
}

async function ready(deps: ReadinessDeps): Promise<JobMode> {
  const checks = await Promise.all([...dockerChecks(deps).slice(0, 1), checkCrewModel(deps)]);
  return checks.every((check) => check.ok) ? 'live' : 'dry_run';
}

async function checkFolder({ dataFolder }: ReadinessDeps): Promise<Check> {
  const usable = await access(dataFolder, constants.W_OK).then(
    () => true,
    () => false,
  );
  const advice = usable ? '' : `Make ${dataFolder} writable or set DEV_CREW_DATA_DIR to another folder.`;
  return { name: 'data_folder', ok: usable, required: true, detail: dataFolder, advice };
}

async function checkGit({ toolVersion }: ReadinessDeps): Promise<Check> {
  const version = await toolVersion('git', ['--version']);
  const advice = version === null ? 'Install git 2.30 or later.' : '';
  return {
    name: 'git',
    ok: version !== null,
    required: true,
    detail: version ?? 'git was not found',
    advice,
  };
}

function dockerChecks({ sandbox, settings }: ReadinessDeps): [Promise<Check>, Promise<Check>] {
  const probed = sandbox.probe(AbortSignal.timeout(probeMs));
  const engine = probed.then((result): Check => {
    const common = { name: 'docker', required: false } as const;
    if (result.ok) return { ...common, ok: true, detail: `Docker ${result.value.version}`, advice: '' };
    return { ...common, ok: false, detail: 'No sandbox: only dry runs', advice: result.error.message };
  });
  const image = probed.then((result): Check => {
    const ok = result.ok && result.value.imagePresent;
    const advice = ok ? '' : 'It is pulled when the first live job needs it.';
    return { name: 'sandbox_image', ok, required: false, detail: settings().docker_image, advice };
  });
  return [engine, image];
}

async function checkCrewModel(deps: ReadinessDeps): Promise<Check> {
  const { model } = deps.settings();
  const check = await checkModel(deps, model, AbortSignal.timeout(probeMs));
  return { name: 'model', required: false, detail: model, ...check };
}

async function checkGh({ toolVersion }: ReadinessDeps): Promise<Check> {
  const version = await toolVersion('gh', ['--version']);
  const advice = version === null ? 'Only needed for pull requests: install the GitHub command line.' : '';
  return { name: 'gh', ok: version !== null, required: false, detail: version ?? 'gh was not found', advice };
}

/** Only needed for accounts: Ollama works without. */
async function checkVault({ vault }: ReadinessDeps): Promise<Check> {
  const { kind, state, detail, advice } = await vault.status();
  const fine = kind === 'file' ? `Tokens are in ${detail}` : 'The keychain keeps the key of all tokens';
  return {
    name: 'keychain',
    ok: state === 'ok',
    required: false,
    detail: state === 'ok' ? fine : detail,
    advice,
  };
}
