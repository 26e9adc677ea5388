import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../../support/scenarios/add-bug.ts';
import { sandboxImage } from '../../support/requirements-e2e.ts';

/** A repository with failing tests and the scripted model that mends it. */
export interface Stage extends AsyncDisposable {
  folder: string;
  repo: TestRepo;
  model: ModelServer;
  env: Record<string, string>;
}

export async function setStage(): Promise<Stage> {
  const folder = await makeTempFolder();
  const repo = await makeRepo(join(folder, 'calculator'), addBugFiles);
  const model = await startModelServer(addBugScript());
  return {
    folder,
    repo,
    model,
    env: { DEV_CREW_OLLAMA_BASE_URL: model.url, DEV_CREW_DOCKER_IMAGE: sandboxImage() },
    async [Symbol.asyncDispose]() {
      await model.close();
      await removeTempFolder(folder);
    },
  };
}

/** Does the whole job as a person does it on the pages: new job, approval, changes, report. */
export async function driveWholeJob(page: Page, repoPath: string): Promise<void> {
  await page.getByRole('link', { name: 'New job' }).first().click();
  await page.getByLabel('Goal').fill(addBugGoal);
  await page.getByLabel('Repository').fill(repoPath);
  await page.getByLabel('Base branch').click();
  await expect(page.getByText('1 branch')).toBeVisible();
  await page.getByText('Live', { exact: true }).click();
  await page.getByText('Advanced').click();
  await page.getByText('As needed', { exact: true }).click();
  await page.getByRole('button', { name: /Start job/ }).click();

  await expect(page.getByText('The plan is ready for you')).toBeVisible();
  await openPart(page, 'Plan');
  await expect(page.getByText('Mend add()').first()).toBeVisible();
  await page
    .getByRole('button', { name: /^Approve/ })
    .first()
    .click();

  await openPart(page, 'Timeline');
  await expect(page.getByText('Fixed in 1 of 5 rounds')).toBeVisible({ timeout: 120_000 });
  await openPart(page, 'Changes');
  await expect(page.getByText('src/add.js').first()).toBeVisible();
  await openPart(page, 'Report');
  await expect(
    page.getByText(/1 of 1 test commands passed when the host ran them on the result/),
  ).toBeVisible({
    timeout: 120_000,
  });
}

function openPart(page: Page, name: string): Promise<void> {
  return page.getByRole('navigation', { name: 'Parts of the job' }).getByRole('link', { name }).click();
}

/** The branch holds one commit whose tests pass; nothing was asked of the model that its script did not expect. */
export async function expectVerifiedBranch({ repo, model }: Stage): Promise<void> {
  const branch = await repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/crew');
  expect(await repo.git('rev-list', '--count', `main..${branch}`)).toBe('1');
  expect(await repo.git('show', `${branch}:src/add.js`)).toContain('return a + b;');
  model.assertDone();
}
