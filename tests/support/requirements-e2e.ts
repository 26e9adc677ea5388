import { test } from '@playwright/test';
import { missingReason, type Part } from './parts.ts';

export { missingReason, part, sandboxImage } from './parts.ts';

/** Playwright's side of `describeWith…`: call it first in a file or a `test.describe`. */
export function needs(...parts: readonly Part[]): void {
  const reason = missingReason(...parts);
  test.skip(reason !== null, reason ?? '');
}
