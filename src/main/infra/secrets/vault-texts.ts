import type { VaultFailure } from '../../app/ports/secrets.ts';

const fileInstead =
  'or keep the tokens in a file: set DEV_CREW_OAUTH_TOKEN_PATH to a path outside of the workspace and start again';

/** What a person can do about a keychain that does not serve. */
export function keychainAdvice(
  state: Exclude<VaultFailure['state'], 'lost'>,
  platform: NodeJS.Platform = process.platform,
): string {
  switch (state) {
    case 'missing':
      return platform === 'linux'
        ? `Install and start a keyring (GNOME Keyring, KWallet) and log in again, ${fileInstead}.`
        : `Make the keychain of this user available, ${fileInstead}.`;
    case 'locked':
      return `Unlock the keychain and try again, ${fileInstead}.`;
    case 'slow':
      return `It may be asking for a password in another window: answer there, then try again, ${fileInstead}.`;
    case 'failed':
      return `Try again, ${fileInstead}.`;
  }
}

export function keychainDetail(state: Exclude<VaultFailure['state'], 'lost'>, detail: string): string {
  const because = detail === '' ? '' : ` (${detail})`;
  switch (state) {
    case 'missing':
      return `This session has no keychain${because}`;
    case 'locked':
      return `The keychain is locked${because}`;
    case 'slow':
      return 'The keychain has not answered yet';
    case 'failed':
      return `The keychain failed${because}`;
  }
}

/** The same in one line, for errors. */
export const keychainFailure = (
  state: Exclude<VaultFailure['state'], 'lost'>,
  detail: string,
): VaultFailure => ({
  state,
  message: `${keychainDetail(state, detail)}. ${keychainAdvice(state)}`,
});
