import type { ModelError } from '../../domain/model-messages.ts';

/** Shorter ones are no secrets, and would tear words apart. */
const shortestSecret = 6;

/** Without the secrets that it was called with: servers echo keys in their errors. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .reduce((clean, form) => clean.replaceAll(form, '…'), text);
}

export const withoutSecrets = (error: ModelError, secrets: readonly string[]): ModelError => ({
  ...error,
  message: hideSecrets(error.message, secrets),
});
