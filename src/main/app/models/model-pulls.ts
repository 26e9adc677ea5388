import { fail, ok, type Result } from '../../../shared/errors.ts';
import type { ModelPull } from '../../../shared/models.ts';
import type { ModelError } from '../../domain/model-messages.ts';
import type { ModelLibrary, PullProgress } from '../ports/model.ts';
import type { Clock } from '../ports/system.ts';

export interface ModelPulls {
  /** Begins a pull, or joins the one of that model. */
  start(model: string): ModelPull;
  cancel(model: string): Result<ModelPull>;
  /** Newest first: those under way, and those that ended since the start. */
  list(): ModelPull[];
  /** As `list`, but first waits until one has moved, at most `waitMs`. */
  listAfterChange(waitMs: number, signal: AbortSignal): Promise<ModelPull[]>;
  /** Stops all and waits until they are down. */
  stop(): Promise<void>;
}

interface Entry {
  pull: ModelPull;
  abort: AbortController;
  done: Promise<void>;
}

/** Least time between two answers about progress, in ms: a page need not draw each of a thousand lines a second. */
const pauseMs = 250;

/** Pulls of models, each at most once at a time. */
export function createModelPulls({ library, clock }: { library: ModelLibrary; clock: Clock }): ModelPulls {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  const changed = (): void => [...listeners].forEach((listener) => listener());
  const list = (): ModelPull[] => [...entries.values()].map(({ pull }) => pull).reverse();

  const run = async (entry: Entry): Promise<void> => {
    const onProgress = ({ status, completedBytes, totalBytes }: PullProgress): void => {
      entry.pull = { ...entry.pull, status, completed_bytes: completedBytes, total_bytes: totalBytes };
      changed();
    };
    const result = await library.pull(entry.pull.model, onProgress, entry.abort.signal);
    entry.pull = { ...entry.pull, ...endOf(result) };
    changed();
  };

  return {
    list,
    start: (model) => {
      const known = entries.get(model);
      if (known?.pull.state === 'pulling') return known.pull;
      const entry: Entry = { pull: begun(model), abort: new AbortController(), done: Promise.resolve() };
      // Anew, so that it stands first again.
      entries.delete(model);
      entries.set(model, entry);
      entry.done = run(entry);
      return entry.pull;
    },
    cancel: (model) => {
      const entry = entries.get(model);
      if (!entry) return fail('not_found', `${model} is not being fetched`);
      if (entry.pull.state !== 'pulling') return fail('invalid_state', `The pull of ${model} has ended`);
      entry.pull = { ...entry.pull, state: 'canceled' };
      entry.abort.abort();
      changed();
      return ok(entry.pull);
    },
    listAfterChange: async (waitMs, signal) => {
      if (list().some(({ state }) => state === 'pulling')) await nextChange(listeners, clock, waitMs, signal);
      return list();
    },
    stop: async () => {
      const all = [...entries.values()];
      all.forEach(({ abort }) => abort.abort());
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

const begun = (model: string): ModelPull => ({
  model,
  state: 'pulling',
  status: 'asking',
  completed_bytes: null,
  total_bytes: null,
  error: null,
});

function endOf(result: Result<null, ModelError>): Pick<ModelPull, 'state' | 'status' | 'error'> {
  if (result.ok) return { state: 'done', status: 'success', error: null };
  return result.error.kind === 'canceled'
    ? { state: 'canceled', status: '', error: null }
    : { state: 'failed', status: '', error: result.error.message };
}

/** Never rejects: a caller that is gone is answered like one whose time is over. */
async function nextChange(
  listeners: Set<() => void>,
  clock: Clock,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const moved = new AbortController();
  const listener = (): void => moved.abort();
  // From the first moment, or what moves during the pause would be told too late.
  listeners.add(listener);
  const rest = Math.min(pauseMs, waitMs);
  try {
    await clock.sleep(rest, signal);
    if (!moved.signal.aborted) await clock.sleep(waitMs - rest, AbortSignal.any([signal, moved.signal]));
  } catch {
    // Moved, or nobody waits any more.
  } finally {
    listeners.delete(listener);
  }
}
