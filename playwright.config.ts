import { defineConfig } from '@playwright/test';

// Workers inherit it; two runs side by side would delete each other's traces.
process.env['PLAYWRIGHT_RUN'] ??= String(process.pid);

/**
 * Windows and pages drive a whole app with its engine each: one at a time on two cores. The limits are for a machine that
 * others keep busy: what waits for something to be true ends as soon as it is.
 */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.{spec,test}.ts',
  outputDir: `.cache/playwright/${process.env['PLAYWRIGHT_RUN']}`,
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: {
    actionTimeout: 60_000,
    // What fades in is, for a moment, of too little contrast, and proves nothing.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    ...(process.env['DEV_CREW_CHROMIUM'] && {
      launchOptions: {
        executablePath: process.env['DEV_CREW_CHROMIUM'],
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      },
    }),
  },
});
