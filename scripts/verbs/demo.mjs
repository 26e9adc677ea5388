import { runForeground } from '../lib/exec.mjs';
import { say } from '../lib/log.mjs';
import { inRoot } from '../lib/paths.mjs';
import { ensureBuild } from '../setup/build.mjs';
import { ensurePackages } from '../setup/debian.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';
import { obtainEngine } from '../setup/docker/index.mjs';
import { runtimeEnv, runtimeNode } from '../setup/node.mjs';

/**
 * One whole job on a sample repository. What it runs on is told to the program by
 * `DEV_CREW_DEMO_MODE` (live, dry_run) and `DEV_CREW_DEMO_ENGINE` (existing, private, none).
 * @param {string[]} args passed on
 */
export async function run(args) {
  await ensureDependencies();
  await ensurePackages(['git']);
  await ensureBuild();
  const engine = await obtainEngine();
  try {
    const env = { ...runtimeEnv(), ...engineEnv(engine) };
    return await runForeground(runtimeNode(), [inRoot('tests/support/demo/main.ts'), ...args], { env });
  } finally {
    if (engine.kind !== 'none') await engine.stop();
  }
}

/** @param {Awaited<ReturnType<typeof obtainEngine>>} engine */
function engineEnv(engine) {
  if (engine.kind === 'none') {
    say(`${engine.reason}.`);
    say(
      'So this is a dry run: no container, no edits. For the real one start Docker (docs.docker.com) or run',
    );
    say('the same command as root on Linux, which brings up a private engine and removes it afterwards.');
    return {
      DEV_CREW_DEMO_MODE: 'dry_run',
      DEV_CREW_DEMO_ENGINE: 'none',
      DEV_CREW_DEMO_REASON: engine.reason,
    };
  }
  return {
    DEV_CREW_DEMO_MODE: 'live',
    DEV_CREW_DEMO_ENGINE: engine.kind,
    DOCKER_HOST: engine.host,
    DEV_CREW_DOCKER_IMAGE: engine.image,
  };
}
