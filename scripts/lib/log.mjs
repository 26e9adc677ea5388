/**
 * All that the launcher says goes to stderr: stdout belongs to the program it starts
 * (`npm run -s dev-crew -- token` is used in `$(…)`).
 * @param {string} text one line
 */
export function say(text) {
  process.stderr.write(`dev-crew: ${text}\n`);
}

/** A failure the user can do something about: shown as its message, without a stack. */
export class SetupError extends Error {
  /** @param {string} message what failed and what to do next */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}
