import type { ModelError } from '../../domain/model-messages.ts';
import { ModelFailure } from './model-failure.ts';
import { geminiKeyAdvice } from './subscription-constants.ts';

/** Google's terms forbid other apps for Antigravity, so nothing of it is called until the user says so. */
export interface AntigravityGate {
  /** Read at each call: the setting `antigravity_consent`. */
  consented: () => boolean;
  /** Google has closed the service to the account: consent is to be taken back. Must not throw. */
  onTermsBreached?: () => void;
}

/** Throws ModelFailure without the user's consent. */
export function requireConsent({ consented }: AntigravityGate): void {
  if (!consented()) throw new ModelFailure(notConsented);
}

const notConsented: ModelError = {
  kind: 'unsupported',
  message: `Google Antigravity is off: Google's terms forbid other apps for it, and accounts were closed for that. ${geminiKeyAdvice} To use it all the same, allow it in Settings.`,
};
