/**
 * Loaded into a process before its program (`node --import …`): measures how late its event loop is, and answers each
 * message over the IPC channel with what it saw since the last one. The program itself knows nothing of it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopDelay {
  p50: number;
  p99: number;
  max: number;
}

const resolutionMs = 1;
const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
histogram.enable();

/** Nanoseconds between two ticks of the monitor's timer, as milliseconds beyond its own interval. */
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);

process.on('message', () => {
  const delay: LoopDelay = {
    p50: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  };
  histogram.reset();
  process.send?.(delay);
});
// The program ends when it wants to, not when we do.
process.channel?.unref();
