/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP, for a graceful stop; the second ends the process at once, for whoever
 * cannot wait. 130 is what shells expect of an interrupted program.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}
