import { join } from 'node:path';
import { needs } from '../../support/requirements-e2e.ts';
import { launchDesktop, test } from '../desktop/desktop.ts';
import { driveWholeJob, expectVerifiedBranch, setStage } from './drive.ts';

needs('build', 'electron', 'display', 'docker');

test('the real window takes a job from its goal to a verified branch', async () => {
  await using stage = await setStage();
  await using desktop = await launchDesktop({ env: stage.env, dataFolder: join(stage.folder, 'data') });
  await driveWholeJob(desktop.page, stage.repo.path);
  await expectVerifiedBranch(stage);
});
