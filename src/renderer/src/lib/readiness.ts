import type { OutputOf } from '../../../shared/operations.ts';

export type Check = OutputOf<'system.doctor'>['checks'][number];
export type CheckName = Check['name'];

/**
 * What a mode cannot do without. `required` of a check speaks of Dev Crew as a whole, which works as a dry run without
 * any of these. The sandbox image is pulled by the first job that needs it.
 */
const neededFor = {
  live: ['data_folder', 'git', 'docker', 'model'],
  plan_only: ['data_folder', 'git', 'model'],
  dry_run: ['data_folder'],
} as const satisfies Record<string, readonly CheckName[]>;
export type RealMode = keyof typeof neededFor;

export const isNeeded = (mode: RealMode, name: CheckName): boolean =>
  (neededFor[mode] as readonly CheckName[]).includes(name);

/** Names of the checks that keep a mode from working; none when it would. */
export const missingFor = (mode: RealMode, checks: readonly Check[]): CheckName[] =>
  checks.filter((check) => !check.ok && isNeeded(mode, check.name)).map((check) => check.name);
