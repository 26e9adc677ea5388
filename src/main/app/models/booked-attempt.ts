import { mayHaveCost, soundUsage, tokensOf } from '../../domain/call-bound.ts';
import type { Amount, Shortfall } from '../../domain/ledger.ts';
import { costOf, microsUp } from '../../domain/price.ts';
import { estimateTokens, requestSize } from '../../domain/token-estimate.ts';
import { attemptModel, type Attempt, type AttemptDeps } from '../model-attempt.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { RateLimiter } from '../rate-limiter.ts';
import type { CallOutcome, Ledger } from '../usage/ledger.ts';
import type { CallTarget } from './call-target.ts';
import type { PromptMemory } from './prompt-memory.ts';

export interface BookingDeps {
  clock: Clock;
  log: Log;
  limiter: RateLimiter;
  ledger: Pick<Ledger, 'reserve' | 'settle' | 'onSettled'>;
  memory: PromptMemory;
  /** Another process may have settled something. Returns the stop. */
  onForeign: (listener: () => void) => () => void;
}

export type Admitted =
  | {
      ok: true;
      reservationId: string;
      /** How long it waited for calls of others to end, in ms. */
      waitedMs: number;
    }
  | { ok: false; shortfall: Shortfall };

/**
 * Waits for the rate limits and reserves the worst case. Where only calls under way stand in the way, it waits for them
 * to end: most of what they reserved will come back. Rejects with the signal's reason, or with `StoreUnavailable`.
 */
export async function admit(
  { clock, limiter, ledger, onForeign }: BookingDeps,
  { account, facts, worst }: CallTarget,
  signal: AbortSignal,
): Promise<Admitted> {
  await limiter.pass({ jobId: facts.jobId ?? '', account }, signal);
  const startedMs = clock.now();
  for (;;) {
    // Listened for before the look, so that no end is missed between the two.
    const change = nextChange([ledger.onSettled, onForeign], signal);
    try {
      const reserved = await ledger.reserve(facts, worst);
      if (reserved.ok) return { ...reserved, waitedMs: clock.now() - startedMs };
      if (!reserved.later) return reserved;
      await change.happened;
    } finally {
      change.stop();
    }
  }
}

function nextChange(
  sources: readonly ((listener: () => void) => () => void)[],
  signal: AbortSignal,
): { happened: Promise<void>; stop: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const onAbort = (): void =>
    reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const stops = sources.map((subscribe) => subscribe(() => resolve(undefined)));
  // Most often nobody gets to wait for it.
  promise.catch(() => undefined);
  return {
    happened: promise,
    stop: () => {
      stops.forEach((stop) => stop());
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/**
 * One attempt on its reservation, settled at what it came to: `real`, null where only its worst case is known. Never
 * throws; a settlement that fails is logged.
 */
export async function bookedAttempt(
  deps: BookingDeps,
  attempt: AttemptDeps,
  target: CallTarget,
  reservationId: string,
  signal: AbortSignal,
): Promise<{ result: Attempt; real: Amount | null }> {
  const startedMs = deps.clock.now();
  const result = signal.aborted ? notMade : await attemptModel(attempt, target.request, signal);
  const real = realAmount(target, result);
  if (result.ok && !result.usage.estimated)
    deps.memory.counted(target.conversation, target.request, soundUsage(result.usage).promptTokens);
  if (real !== null && exceeds(real, target.worst.amount))
    deps.log.warn('a model call came to more than its bound', { ...target.facts, real, worst: target.worst });
  const outcome = outcomeOf(target, result, deps.clock.now() - startedMs);
  try {
    await deps.ledger.settle(reservationId, real, outcome);
  } catch (error) {
    // The answer is worth more than its row, and the worst case stays booked.
    deps.log.error('usage could not be stored', { error: String(error), job_id: target.facts.jobId });
  }
  return { result, real };
}

/** The signal came while the reservation was made: nothing was sent. */
const notMade: Attempt = {
  ok: false,
  error: { kind: 'network', reached: false, message: 'The model call was canceled before it was made.' },
  delivered: false,
  characters: 0,
  firstTokenMs: null,
};

/** What the attempt came to; null where only its worst case is known. */
function realAmount({ tariff }: CallTarget, result: Attempt): Amount | null {
  if (!result.ok) {
    const started = result.delivered || result.firstTokenMs !== null;
    return mayHaveCost({ ...result, delivered: started }) ? null : { tokens: 0, micros: 0 };
  }
  if (result.usage.estimated) return null;
  const usage = soundUsage(result.usage);
  const told = result.usage.costUsd;
  const isTold = told !== undefined && Number.isFinite(told) && told >= 0;
  const micros = isTold ? Math.min(microsUp(told), maxMicros) : tariff && costOf(tariff, usage);
  return { tokens: tokensOf(usage), micros };
}

/** More than any call costs; a number above it is a provider's mistake, and must not break sums. */
const maxMicros = 1e12;

const exceeds = (real: Amount, worst: Amount): boolean =>
  real.tokens > worst.tokens || (worst.micros !== null && (real.micros ?? 0) > worst.micros);

function outcomeOf({ request }: CallTarget, result: Attempt, durationMs: number): CallOutcome {
  const common = { firstTokenMs: result.firstTokenMs, durationMs };
  if (result.ok) {
    const { promptTokens, cachedTokens, completionTokens, reasoningTokens, estimated } = soundUsage(
      result.usage,
    );
    const usage = { promptTokens, cachedTokens, completionTokens, reasoningTokens, estimated };
    return { ...common, ...usage, outcome: 'success', errorKind: null };
  }
  return {
    ...common,
    // Tokens that it has surely had: none when nothing came back.
    promptTokens: result.delivered ? estimateTokens(requestSize(request)) : 0,
    completionTokens: estimateTokens(result.characters),
    cachedTokens: 0,
    reasoningTokens: 0,
    estimated: true,
    outcome: 'error',
    errorKind: result.error.kind,
  };
}
