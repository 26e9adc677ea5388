import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Limits for a machine that others keep busy, in milliseconds: a test that waits for something to be true ends as soon as
 * it is. vitest's own second for `expect.poll` is none for two processes that talk.
 */
const patience = { hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } } };

/**
 * unit and contract need nothing but memory and disk; integration drives real parts (engine, git, keyring,
 * child processes), which two files at a time keep two cores busy with.
 */
export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          pool: 'threads',
          maxWorkers: availableParallelism(),
          testTimeout: 60_000,
          ...patience,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['tests/contract/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          ...patience,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 240_000,
          ...patience,
        },
      },
    ],
  },
});
