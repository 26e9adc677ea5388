import type { AppError, Result } from '../../../shared/errors.ts';

/** Something from the engine: what is known, whether it is being asked for, and why the last asking failed. */
export interface Loadable<T> {
  value: T | null;
  error: AppError | null;
  loading: boolean;
}

export const notLoaded: Loadable<never> = { value: null, error: null, loading: false };

export const startLoading = <T>(before: Loadable<T>): Loadable<T> => ({ ...before, loading: true });

/** A failure keeps the value known before, so that a page does not lose what it shows. */
export const settle = <T>(before: Loadable<T>, result: Result<T>): Loadable<T> =>
  result.ok
    ? { value: result.value, error: null, loading: false }
    : { value: before.value, error: result.error, loading: false };
