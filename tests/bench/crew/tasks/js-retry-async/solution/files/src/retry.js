const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tries at most `times` times, waiting twice as long each time; a permanent error is thrown at once. */
export async function retry(task, { times = 3, waitMs = 100, pause = sleep } = {}) {
  for (let n = 0; ; n += 1) {
    try {
      return await task();
    } catch (error) {
      if (error?.permanent || n + 1 >= times) throw error;
      await pause(waitMs * 2 ** n);
    }
  }
}
