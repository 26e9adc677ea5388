/** Resolves after `ms`. */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `fn` once, `waitMs` after the last call, with its arguments. `cancel` drops it, `flush` does it now. */
export function debounce(fn, waitMs, clock = globalThis) {
  let timer = null;
  let args = [];
  const fire = () => {
    timer = null;
    fn(...args);
  };
  const cancel = () => {
    if (timer !== null) clock.clearTimeout(timer);
    timer = null;
  };
  const debounced = (...given) => {
    cancel();
    args = given;
    timer = clock.setTimeout(fire, waitMs);
  };
  debounced.cancel = cancel;
  debounced.flush = () => {
    if (timer === null) return;
    cancel();
    fire();
  };
  return debounced;
}
