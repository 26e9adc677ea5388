import type { Role } from '../../shared/roles.ts';
import { soundUsage } from '../domain/call-bound.ts';
import type { ModelError } from '../domain/model-messages.ts';
import { routeModel, type ModelRoute } from '../domain/model-route.ts';
import { usdOf } from '../domain/price.ts';
import { nextAttemptIn, retryLimits, type RetryLimits } from '../domain/retry.ts';
import type { CallModel, ModelAnswer } from './crew/engine.ts';
import { admit, bookedAttempt, type BookingDeps } from './models/booked-attempt.ts';
import { targetOf, type CallRequest, type TargetDeps } from './models/call-target.ts';
import { createFallback } from './models/fallback.ts';
import { budgetWait, finalAnswer } from './models/final-answer.ts';
import { createPromptMemory } from './models/prompt-memory.ts';
import type { Credential, Credentials } from './ports/credentials.ts';
import type { ModelPort } from './ports/model.ts';
import { createRateLimiter } from './rate-limiter.ts';

export interface ModelCallerDeps extends Omit<TargetDeps, 'memory'>, Omit<BookingDeps, 'limiter' | 'memory'> {
  model: ModelPort;
  credentials: Credentials;
  /** In [0, 1). */
  random: () => number;
  /** Text as it streams, not redacted. Must not throw. */
  onDelta: (delta: { jobId: string; agent: string; role: Role; text: string }) => void;
  /** The text of an attempt is at its end, whole or not. Must not throw. */
  onDeltaEnd?: (who: { jobId: string; agent: string }) => void;
  /** Default: the limits of compatibility.md §2. */
  limits?: RetryLimits;
}

type Parts = ModelCallerDeps & TargetDeps & BookingDeps & { limits: RetryLimits };

/**
 * The one way the crew calls a model: account, quota, rate limits, reservation, time limits, retries, settlement. An
 * aborted signal gives an error of kind `canceled`. Redacting the request and storing the answer are the caller's.
 */
export function createModelCaller(deps: ModelCallerDeps): { call: CallModel } {
  const limiter = createRateLimiter(deps.clock);
  const parts: Parts = { limits: retryLimits(), ...deps, limiter, memory: createPromptMemory() };
  const callNamed = async (
    request: CallRequest,
    model: string,
    signal: AbortSignal,
  ): Promise<ModelAnswer> => {
    const route = routeModel(model);
    return route === null ? unknownProvider(model) : callRoute(parts, request, route, signal);
  };
  const withFallback = createFallback(callNamed, deps);
  return {
    call: async (request, signal) => {
      try {
        return await withFallback(request, signal);
      } catch (reason) {
        if (signal.aborted) return canceled;
        throw reason;
      }
    },
  };
}

const canceled: ModelAnswer = {
  ok: false,
  error: { kind: 'canceled', message: 'The model call was canceled.' },
};

const unknownProvider = (model: string): ModelAnswer => ({
  ok: false,
  error: {
    kind: 'unsupported',
    message: `No provider for the model "${model}": write it as provider/model.`,
  },
});

/** How far a call has come. */
interface Progress {
  attempt: number;
  /** When its first attempt began, moved by the time that it waited for others' reservations. */
  startedMs: number | null;
  /** What the provider answered with a 401; renewed once. */
  refused: Credential | null;
}

interface Failure {
  error: ModelError;
  delivered: boolean;
  /** Null: there was none to call with. */
  credential: Credential | null;
}

type Tried = { done: true; answer: ModelAnswer } | ({ done: false } & Failure);

/** Rejects when the signal aborts a wait between attempts. */
async function callRoute(
  parts: Parts,
  request: CallRequest,
  route: ModelRoute,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const progress: Progress = { attempt: 1, startedMs: null, refused: null };
  for (;;) {
    const tried = await tryOnce(parts, request, route, progress, signal);
    if (tried.done) return tried.answer;
    if (signal.aborted) return canceled;
    if (tried.error.kind === 'auth_expired' && tried.credential !== null && progress.refused === null) {
      // Not a try of its own: the same request, with a token that is good.
      progress.refused = tried.credential;
      continue;
    }
    const waitMs = pauseAfter(parts, tried, progress);
    if (waitMs === null) return finalAnswer(parts, route, tried, progress.attempt);
    parts.log.warn('model call failed, trying again', {
      model: request.model,
      job_id: request.jobId,
      attempt: progress.attempt,
      kind: tried.error.kind,
      wait_ms: waitMs,
    });
    await parts.clock.sleep(waitMs, signal);
    progress.attempt += 1;
  }
}

async function tryOnce(
  parts: Parts,
  request: CallRequest,
  route: ModelRoute,
  progress: Progress,
  signal: AbortSignal,
): Promise<Tried> {
  const found = await (progress.refused === null
    ? parts.credentials.active(route.provider, signal)
    : parts.credentials.renew(progress.refused, signal));
  if (!found.ok) return { done: false, error: found.error, delivered: false, credential: null };
  const target = targetOf(parts, request, route, found.value);
  const admitted = await admit(parts, target, signal);
  if (!admitted.ok) return { done: true, answer: budgetWait(target, admitted.shortfall) };
  progress.startedMs = (progress.startedMs ?? parts.clock.now() - admitted.waitedMs) + admitted.waitedMs;
  const { agent, jobId, role } = request;
  const attempt = {
    model: parts.model,
    clock: parts.clock,
    limits: parts.limits,
    callStartedMs: progress.startedMs,
    onText: (text: string) => {
      if (jobId !== null && role !== null) parts.onDelta({ jobId, agent, role, text });
    },
  };
  const attemptMs = parts.clock.now();
  const { result, real } = await bookedAttempt(parts, attempt, target, admitted.reservationId, signal);
  if (jobId !== null) parts.onDeltaEnd?.({ jobId, agent });
  if (!result.ok) return { done: false, ...result, credential: found.value };
  if (result.quota) parts.credentials.observe(found.value, result.quota);
  const { text, toolCalls, usage, replay, firstTokenMs } = result;
  const costUsd = real?.micros == null ? null : usdOf(real.micros);
  const measured = { firstTokenMs, durationMs: parts.clock.now() - attemptMs, costUsd };
  const told = { text, toolCalls, usage: soundUsage(usage), measured };
  return { done: true, answer: { ok: true, ...told, ...(replay && { replay }) } };
}

/** How long to wait before the next try; null when there is to be none. Others with the account keep its pause too. */
function pauseAfter(
  parts: Parts,
  { error, delivered, credential }: Failure,
  progress: Progress,
): number | null {
  const nowMs = parts.clock.now();
  const elapsedMs = nowMs - (progress.startedMs ??= nowMs);
  // A token that could not be had now for a reason that may pass.
  const seen: ModelError =
    error.kind === 'auth_expired' && credential === null ? { ...error, kind: 'network' } : error;
  const { attempt } = progress;
  const waitMs = nextAttemptIn(
    { error: seen, delivered, attempt, elapsedMs, random: parts.random() },
    parts.limits,
  );
  if (
    waitMs !== null &&
    error.kind === 'rate_limited' &&
    error.retryAfterMs !== null &&
    credential?.kind !== 'none'
  )
    parts.limiter.pause(`${credential?.provider}:${credential?.accountId}`, nowMs + error.retryAfterMs);
  return waitMs;
}
