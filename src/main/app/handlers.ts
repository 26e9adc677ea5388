import type { Result } from '../../shared/errors.ts';
import type { OperationName, OutputOf, ParsedInputOf } from '../../shared/operations.ts';

/** One handler for each operation of the contract. Input is parsed; expected failures are returned, never thrown. */
export type Handlers = {
  [N in OperationName]: (input: ParsedInputOf<N>, signal: AbortSignal) => Promise<Result<OutputOf<N>>>;
};
