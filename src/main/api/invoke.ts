import { err, fail, type AppError, type Result } from '../../shared/errors.ts';
import { operations, type Operation, type OperationName } from '../../shared/operations.ts';
import type { Handlers } from '../app/handlers.ts';
import { StoreUnavailable } from '../app/ports/store.ts';
import type { Ids, Log } from '../app/ports/system.ts';
import { fieldErrors, fieldsMessage } from './field-errors.ts';

export interface InvokeDeps {
  handlers: Handlers;
  log: Log;
  ids: Ids;
  /** Checks what handlers return; a defect of ours, so for tests and development. */
  validateOutput?: boolean;
}

/** The one way into the engine, behind IPC, HTTP and the command line. Must not throw or reject. */
export type Invoke = (name: string, input: unknown, signal: AbortSignal) => Promise<Result<unknown>>;

const isOperation = (name: string): name is OperationName => Object.hasOwn(operations, name);

/**
 * Input of any shape is parsed here, once. Defects are caught here: the log gets the stack, the caller an `internal`
 * error with the id that finds it. Trouble of the disk comes as the `unavailable` error that says what to do.
 */
export function createInvoke({ handlers, log, ids, validateOutput = false }: InvokeDeps): Invoke {
  const defect = (name: string, error: unknown): Result<never> => {
    const correlationId = ids.uuid();
    log.error('operation failed', { operation: name, correlation_id: correlationId, error: describe(error) });
    return err<AppError>({
      code: 'internal',
      message: `Something went wrong inside Dev Crew; the log has the details under ${correlationId}`,
      correlation_id: correlationId,
    });
  };

  return async (name, input, signal) => {
    if (!isOperation(name)) return fail('not_found', `No operation is called ${JSON.stringify(name)}`);
    try {
      const operation: Operation = operations[name];
      const parsed = operation.input.safeParse(input ?? {});
      if (!parsed.success) {
        const fields = fieldErrors(operation, input ?? {}, parsed.error.issues);
        return err<AppError>({ code: 'invalid_input', message: fieldsMessage(fields), fields });
      }
      // The schema was looked up by the same name as the handler, which the compiler cannot follow.
      const handle = handlers[name] as (input: unknown, signal: AbortSignal) => Promise<Result<unknown>>;
      const result = await handle(parsed.data, signal);
      if (validateOutput && result.ok) operation.output.parse(result.value);
      return result;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) return defect(name, error);
      log.error('the store is unavailable', { operation: name, error: error.message });
      return err(error.failure);
    }
  };
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
