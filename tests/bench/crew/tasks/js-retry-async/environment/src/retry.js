const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function retry(task, { times = 3, waitMs = 100, pause = sleep } = {}) {
  for (let n = 0; n < times; n += 1) {
    try {
      return await task();
    } catch {
      await pause(waitMs);
    }
  }
}
