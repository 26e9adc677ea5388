import { ensureBuild } from '../setup/build.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';

/** @returns {Promise<number>} */
export async function run() {
  await ensureDependencies();
  await ensureBuild();
  return 0;
}
