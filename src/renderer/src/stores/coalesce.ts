/**
 * Runs `work` now, or once more after the run in progress however often it is asked for meanwhile. The promise ends
 * when nothing is left to do. For refreshes that a burst of events asks for.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await work();
    } while (again);
    running = null;
  };
  return () => {
    if (running) again = true;
    else running = run();
    return running;
  };
}
