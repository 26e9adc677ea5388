/** Every so many milliseconds the loop is asked whether it is free. */
const everyMs = 5;

/**
 * Watches for how long JavaScript of this thread holds its event loop at a time. In processor milliseconds of the
 * thread: others on the same cores take from the clock, but not from these.
 */
export function watchLoop(): { stop: () => { medianMs: number } } {
  const held: number[] = [];
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const used = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    held.push((used.user + used.system) / 1000);
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      held.sort((a, b) => a - b);
      return { medianMs: held[Math.floor(held.length / 2)] ?? Infinity };
    },
  };
}
