import { createHash } from 'node:crypto';
import type { Shortfall } from '../../domain/ledger.ts';
import type { ModelError } from '../../domain/model-messages.ts';
import type { ModelRoute } from '../../domain/model-route.ts';
import { usdOf } from '../../domain/price.ts';
import { quotaEndOf } from '../../domain/wait.ts';
import type { ModelAnswer } from '../crew/engine.ts';
import type { Credential, Credentials } from '../ports/credentials.ts';
import type { Clock } from '../ports/system.ts';
import type { CallTarget } from './call-target.ts';

export interface FinalDeps {
  clock: Clock;
  credentials: Pick<Credentials, 'gate'>;
}

/** A call that no further try will save: what the job is to wait for, or why it fails. */
export function finalAnswer(
  deps: FinalDeps,
  { provider, modelId }: ModelRoute,
  failed: { error: ModelError; credential: Credential | null },
  attempts: number,
): ModelAnswer {
  const { error, credential } = failed;
  const accountId = credential?.accountId ?? null;
  const common = { provider, accountId };
  if (error.kind === 'auth_invalid' || error.kind === 'auth_expired') {
    const refused = credential === null ? null : secretDigest(credential);
    return { ok: false, error, wait: { kind: 'sign_in', ...common, refused, reason: error.message } };
  }
  const untilMs = quotaEndOf(error, deps.clock.now());
  if (untilMs !== null) {
    if (credential !== null && credential.kind !== 'none') deps.credentials.gate(credential, untilMs);
    const reason = `${provider}/${modelId} has no quota until ${new Date(untilMs).toISOString()}: ${error.message}`;
    return { ok: false, error, wait: { kind: 'quota', ...common, untilMs, reason } };
  }
  if (attempts === 1) return { ok: false, error };
  return { ok: false, error: { ...error, message: `${error.message} (after ${attempts} attempts)` } };
}

/** Tells one secret from another without keeping it. */
export const secretDigest = ({ secret }: Credential): string =>
  createHash('sha256').update(secret).digest('hex');

/** A call that does not fit into a limit, and would not if all calls under way came to nothing. */
export function budgetWait({ facts, worst }: CallTarget, shortfall: Shortfall): ModelAnswer {
  const reason = shortfallText(shortfall);
  return {
    ok: false,
    error: { kind: 'refused', message: reason },
    wait: { kind: 'budget', call: facts, ...worst, shortfall, reason },
  };
}

const whose: Record<Shortfall['scope'], string> = {
  job: 'of this job',
  day: 'of the day',
  account: 'of the account for a day',
};

function shortfallText({ scope, unit, limit, booked, needed }: Shortfall): string {
  const show = unit === 'micros' ? usdText : tokensText;
  return `The next model call may need ${show(needed)}, and ${show(booked)} of the limit ${whose[scope]}, ${show(limit)}, is used`;
}

const usdText = (micros: number): string => `$${usdOf(micros).toFixed(micros % 10_000 === 0 ? 2 : 4)}`;
const tokensText = (tokens: number): string => `${tokens.toLocaleString('en-US')} tokens`;
