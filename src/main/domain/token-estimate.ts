/** Characters of a token in ordinary English and code. */
const charactersPerToken = 4;

/** A guess, for where a provider sends no counts. Always mark what comes of it as estimated. */
export const estimateTokens = (characters: number): number => Math.ceil(characters / charactersPerToken);

/** Characters of what is sent to a model, its tools aside. */
export const requestSize = (request: { system: string; messages: readonly unknown[] }): number =>
  request.system.length + JSON.stringify(request.messages).length;
