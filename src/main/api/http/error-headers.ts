/** Headers that tell a client of ours what the body of compatibility.md §1 has no room for. */
export const errorHeaders = { code: 'dev-crew-error', correlation: 'dev-crew-correlation-id' } as const;
