import type { JobEvent } from '../../../src/shared/job.ts';
import { below, ms, type Row } from './report.ts';
import { quantile, wallClock } from './stats.ts';

const limitMs = 20;

/**
 * How long an event took to us from its own time, which the engine takes right before its commit, in whole
 * milliseconds: so the commit with its fsync is in it, and half a millisecond too much. Both clocks are this machine's.
 */
export const ageOf = ({ at }: Pick<JobEvent, 'at'>): number => wallClock() - Date.parse(at);

/** `commitsMs`: bare commits on the same disk meanwhile, which is what a delay cannot be below. */
export function latencyRow(name: string, delaysMs: readonly number[], commitsMs: readonly number[]): Row {
  const p99 = quantile(delaysMs, 0.99);
  const ours = `p50 ${ms(quantile(delaysMs, 0.5))}, p99 ${ms(p99)} (${delaysMs.length} events)`;
  const baseline = `bare commit p50 ${ms(quantile(commitsMs, 0.5))}, p99 ${ms(quantile(commitsMs, 0.99))}`;
  return { ...below(name, p99, ours, limitMs), baseline };
}
