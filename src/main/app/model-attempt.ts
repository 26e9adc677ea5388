import type {
  ModelError,
  ModelEvent,
  ModelReplay,
  ModelToolCall,
  ModelUsage,
  QuotaReading,
} from '../domain/model-messages.ts';
import type { RetryLimits } from '../domain/retry.ts';
import type { ModelPort, ModelRequest } from './ports/model.ts';
import type { Clock } from './ports/system.ts';

/** What one attempt came to. `delivered`: text or tool calls reached us, so it must not be made again. */
export type Attempt =
  | ({
      ok: true;
      text: string;
      toolCalls: ModelToolCall[];
      usage: ModelUsage;
      replay?: ModelReplay;
      quota?: QuotaReading;
    } & Timing)
  | ({ ok: false; error: ModelError; delivered: boolean; characters: number } & Timing);

interface Timing {
  /** Until the first sign of the answer, reasoning included, in ms; null where none came. */
  firstTokenMs: number | null;
}

export interface AttemptDeps {
  model: ModelPort;
  clock: Clock;
  limits: RetryLimits;
  /** When the first attempt of this call began. */
  callStartedMs: number;
  onText: (text: string) => void;
}

/** One attempt under the time limits. Never throws. */
export async function attemptModel(
  deps: AttemptDeps,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<Attempt> {
  const timer = watchTime(deps);
  const both = AbortSignal.any([signal, timer.timedOut]);
  const answer = { text: '', toolCalls: [] as ModelToolCall[] };
  try {
    for await (const event of deps.model.stream(request, both)) {
      timer.heard(isAnswer(event));
      switch (event.type) {
        case 'text':
          answer.text += event.delta;
          deps.onText(event.delta);
          break;
        case 'tool_call':
          answer.toolCalls.push(event.call);
          break;
        case 'reasoning':
          break;
        case 'done':
          return { ok: true, ...answer, ...endOf(event), firstTokenMs: timer.firstTokenMs() };
        case 'error':
          return failed(answer, timer, timer.error(request.model) ?? event.error);
      }
    }
    return failed(answer, timer, {
      kind: 'bad_response',
      message: 'The answer ended before it was done.',
    });
  } finally {
    timer.stop();
  }
}

/** A piece of the answer, not a mere sign of life nor the end, which may be the first thing to come. */
const isAnswer = (event: ModelEvent): boolean =>
  event.type === 'tool_call' || ('delta' in event && event.delta !== '');

/** What comes with the end of an answer, without what the provider left out. */
const endOf = ({ usage, replay, quota }: Extract<ModelEvent, { type: 'done' }>) => ({
  usage,
  ...(replay && { replay }),
  ...(quota && { quota }),
});

const failed = (
  answer: { text: string; toolCalls: readonly unknown[] },
  timer: { firstTokenMs: () => number | null },
  error: ModelError,
): Attempt => ({
  ok: false,
  firstTokenMs: timer.firstTokenMs(),
  error,
  delivered: answer.text !== '' || answer.toolCalls.length > 0,
  characters: answer.text.length,
});

/**
 * Watches the three limits of an attempt with one sleep at a time, however many events come. `timedOut` aborts when one
 * is passed; `error` then says which.
 */
function watchTime({ clock, limits, callStartedMs }: AttemptDeps) {
  const startedMs = clock.now();
  let heardMs: number | null = null;
  let firstMs: number | null = null;
  let passed: string | null = null;
  const timeout = new AbortController();
  const stopped = new AbortController();

  const nextLimit = (): { atMs: number; text: string } => {
    const silence = { atMs: (heardMs ?? startedMs) + limits.callMs, text: `for ${limits.callMs / 1000} s` };
    const whole =
      heardMs === null
        ? { atMs: callStartedMs + limits.totalMs, text: `within ${limits.totalMs / 1000} s in all` }
        : { atMs: startedMs + limits.answerMs, text: `to its end within ${limits.answerMs / 1000} s` };
    return silence.atMs <= whole.atMs ? silence : whole;
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      const limit = nextLimit();
      const leftMs = limit.atMs - clock.now();
      if (leftMs <= 0) {
        passed = limit.text;
        timeout.abort();
        return;
      }
      await clock.sleep(leftMs, stopped.signal);
    }
  };
  watch().catch(() => undefined);

  return {
    timedOut: timeout.signal,
    heard: (isAnswer: boolean) => {
      heardMs = clock.now();
      if (isAnswer) firstMs ??= heardMs - startedMs;
    },
    firstTokenMs: () => firstMs,
    error: (model: string): ModelError | null =>
      passed === null ? null : { kind: 'network', message: `No answer from ${model} ${passed}.` },
    stop: () => stopped.abort(),
  };
}
