import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { needs, part } from '../../support/requirements-e2e.ts';
import { startServe } from '../../support/serve-process.ts';
import { driveWholeJob, expectVerifiedBranch, setStage } from './drive.ts';

needs('build', 'chromium', 'docker');

test('a browser over HTTP takes a job from its goal to a verified branch', async ({ page }) => {
  await using stage = await setStage();
  await using server = await startServe(part('build'), join(stage.folder, 'data'), stage.env);
  await page.goto(server.pageUrl);
  await driveWholeJob(page, stage.repo.path);
  await expectVerifiedBranch(stage);
  expect(page.url()).not.toContain('token');
});
