import type { Role } from '../../shared/roles.ts';
import type { ModelError } from '../domain/model-messages.ts';
import { localDay } from '../domain/local-day.ts';
import { nextAttemptIn, retryLimits, type RetryLimits } from '../domain/retry.ts';
import { estimateTokens, requestSize } from '../domain/token-estimate.ts';
import type { CallModel, ModelAnswer } from './crew/engine.ts';
import { attemptModel, type Attempt } from './model-attempt.ts';
import type { ModelPort, ModelRequest } from './ports/model.ts';
import type { UsageCall } from './ports/money-store.ts';
import type { Store } from './ports/store.ts';
import type { Clock, Log } from './ports/system.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';

export interface ModelCallerDeps {
  model: ModelPort;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  store: Pick<Store, 'transaction'>;
  log: Log;
  /** Text as it streams, not redacted. Must not throw. */
  onDelta: (delta: { jobId: string; agent: string; role: Role; text: string }) => void;
  /** The text of an attempt is at its end, whole or not. Must not throw. */
  onDeltaEnd?: (who: { jobId: string; agent: string }) => void;
  /** Default: the limits of compatibility.md §2. */
  limits?: RetryLimits;
}

type CallRequest = Parameters<CallModel>[0];

/**
 * The one way the crew calls a model: rate limits, time limits, retries, usage. Expected failures are returned; an
 * aborted signal gives an error of kind `canceled`. Redacting the request and storing the answer are the caller's.
 */
export function createModelCaller(deps: ModelCallerDeps): { call: CallModel } {
  const limiter = createRateLimiter(deps.clock);
  return {
    call: async (request, signal) => {
      try {
        return await callWithRetries(deps, limiter, request, signal);
      } catch (reason) {
        if (signal.aborted) return canceled;
        throw reason;
      }
    },
  };
}

/** Rejects when the signal aborts a wait between attempts. */
async function callWithRetries(
  deps: ModelCallerDeps,
  limiter: RateLimiter,
  request: CallRequest,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const { clock, limits = retryLimits() } = deps;
  await limiter.pass(request.jobId, signal);
  const callStartedMs = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    if (attempt > 1) await limiter.pass(request.jobId, signal);
    const startedMs = clock.now();
    const result = await attemptModel(
      {
        model: deps.model,
        clock,
        limits,
        callStartedMs,
        onText: (text) => deps.onDelta({ ...whoOf(request), text }),
      },
      modelRequestOf(request),
      signal,
    );
    deps.onDeltaEnd?.(whoOf(request));
    record(deps, request, result, startedMs);
    if (result.ok) return result;
    if (signal.aborted) return canceled;
    const elapsedMs = clock.now() - callStartedMs;
    const waitMs = nextAttemptIn({ ...result, attempt, elapsedMs, random: deps.random() }, limits);
    if (waitMs === null) return final(result.error, attempt);
    deps.log.warn('model call failed, trying again', {
      model: request.model,
      job_id: request.jobId,
      attempt,
      kind: result.error.kind,
      wait_ms: waitMs,
    });
    await clock.sleep(waitMs, signal);
  }
}

const canceled: ModelAnswer = {
  ok: false,
  error: { kind: 'canceled', message: 'The model call was canceled.' },
};

const final = (error: ModelError, attempts: number): ModelAnswer =>
  attempts === 1
    ? { ok: false, error }
    : { ok: false, error: { ...error, message: `${error.message} (after ${attempts} attempts)` } };

const whoOf = ({ jobId, agent, role }: CallRequest) => ({ jobId, agent, role });

function modelRequestOf({ jobId: _j, agent: _a, role: _r, ...request }: CallRequest): ModelRequest {
  return request;
}

/** One row an attempt. A failure to store it is logged: the answer is worth more than its row. */
function record(deps: ModelCallerDeps, request: CallRequest, result: Attempt, startedMs: number): void {
  const nowMs = deps.clock.now();
  const slash = request.model.indexOf('/');
  const row: UsageCall = {
    provider: request.model.slice(0, Math.max(0, slash)),
    model: request.model.slice(slash + 1),
    jobId: request.jobId,
    role: request.role,
    ...(result.ok ? result.usage : usageOfFailure(request, result)),
    reservationId: null,
    accountId: 'default',
    cachedTokens: 0,
    reasoningTokens: 0,
    costMicros: null,
    errorKind: result.ok ? null : result.error.kind,
    firstTokenMs: null,
    day: localDay(nowMs),
    outcome: result.ok ? 'success' : 'error',
    durationMs: nowMs - startedMs,
    atMs: nowMs,
  };
  try {
    deps.store.transaction((tables) => tables.usage.insert(row));
  } catch (error) {
    deps.log.error('usage could not be stored', { error: String(error), job_id: request.jobId });
  }
}

/** Tokens that a failed attempt has surely cost: none when nothing came back. */
function usageOfFailure(request: CallRequest, result: Extract<Attempt, { ok: false }>) {
  return {
    promptTokens: result.delivered ? estimateTokens(requestSize(request)) : 0,
    completionTokens: estimateTokens(result.characters),
    estimated: true,
  };
}
