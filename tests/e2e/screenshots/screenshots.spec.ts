import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { makeRepo } from '../../support/repos.ts';
import { needs, part } from '../../support/requirements-e2e.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../../support/scenarios/add-bug.ts';
import { startServe } from '../../support/serve-process.ts';
import { setStage } from '../whole-job/drive.ts';

needs('build', 'chromium', 'docker');

/** `UPDATE_SCREENSHOTS=1 npm test -- e2e screenshots` renews the pictures of the README. */
const folder = process.env['UPDATE_SCREENSHOTS']
  ? resolve(import.meta.dirname, '../../../docs/screenshots')
  : resolve(import.meta.dirname, '../../../.cache/screenshots');

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-US' },
  { name: 'dark-ko', colorScheme: 'dark', locale: 'ko-KR' },
] as const;

/** Beside the scenario of the demo: a plan that waits at the gate, and a question. */
function script(): ScriptInput {
  const base = addBugScript();
  return {
    ...base,
    exchanges: [
      ...(base.exchanges ?? []).map((exchange) =>
        exchange.name === 'plan' ? { ...exchange, times: 'any' as const } : exchange,
      ),
      {
        name: 'question',
        when: { user: 'Your task (t1)', step: 0 },
        reply: {
          toolCalls: [
            {
              name: 'ask_human',
              arguments: {
                question: 'Should add() also take numbers that come as text, such as "2"?',
                options: ['Yes, convert them', 'No, throw a TypeError'],
              },
            },
          ],
        },
      },
    ],
  };
}

interface Jobs {
  done: string;
  gate: string;
  question: string;
}

/** One finished job, one at the gate, one with a question, one that failed and two dry runs. */
async function fill(engine: TestEngine, repo: string): Promise<Jobs> {
  const live = { goal: addBugGoal, repo, mode: 'live', specialists: 'auto' } as const;
  const waiting = (event: { metadata: Record<string, unknown> }): boolean =>
    event.metadata['event_type'] === 'waiting';
  const done = await engine.call('jobs.create', { ...live, approval: 'auto' });
  await engine.ended(done.job_id);
  const question = await engine.call('jobs.create', {
    ...live,
    goal: 'Let add() take any number of arguments',
    approval: 'auto',
  });
  await engine.until(question.job_id, waiting);
  const gate = await engine.call('jobs.create', {
    ...live,
    goal: 'Add a subtract() beside add(), with tests',
  });
  await engine.until(gate.job_id, waiting);
  const failed = await engine.call('jobs.create', {
    ...live,
    goal: 'Translate the README',
    base_branch: 'develop',
  });
  await engine.ended(failed.job_id);
  for (const goal of ['Check the licences of all dependencies', 'Rename the package']) {
    const dry = await engine.call('jobs.create', { ...live, goal, mode: 'dry_run' });
    await engine.ended(dry.job_id);
  }
  return { done: done.job_id, gate: gate.job_id, question: question.job_id };
}

/** Address of each page, and a text that is there once it is complete. */
const pagesOf = ({
  done,
  gate,
  question,
}: Jobs): readonly { name: string; hash: string; shows: string }[] => [
  { name: 'jobs', hash: '#/jobs', shows: 'Rename the package' },
  { name: 'new-job', hash: '#/new', shows: 'Ctrl ↵' },
  { name: 'inbox', hash: '#/inbox', shows: 'Yes, convert them' },
  { name: 'job-timeline', hash: `#/jobs/${done}/timeline`, shows: 'run_command' },
  { name: 'job-plan', hash: `#/jobs/${gate}/plan`, shows: 'Mend add()' },
  { name: 'job-changes', hash: `#/jobs/${done}/changes`, shows: 'src/add.js' },
  { name: 'job-report', hash: `#/jobs/${done}/report`, shows: 'node --test' },
  { name: 'job-question', hash: `#/jobs/${question}/timeline`, shows: 'ask_human' },
  { name: 'job-escalations', hash: `#/jobs/${question}/escalations`, shows: 'Should add()' },
  { name: 'usage', hash: '#/usage', shows: '$0.00' },
  { name: 'models', hash: '#/models', shows: 'llama3.1:8b' },
  { name: 'accounts', hash: '#/accounts', shows: 'OpenRouter' },
  { name: 'settings', hash: '#/settings', shows: 'DEV_CREW_OLLAMA_BASE_URL' },
];

async function capture(page: Page, name: string, hash: string, shows: string): Promise<void> {
  await page.evaluate((next) => {
    location.hash = next;
  }, hash);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('main').getByText(shows).filter({ visible: true }).first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`)).toEqual([]);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

test('every page, light and dark, in English and Korean, without accessibility violations', async ({
  browser,
}) => {
  test.setTimeout(600_000);
  await using stage = await setStage();
  await stage.model.close();
  const model = await startModelServer(script());
  const repo = await makeRepo(join(stage.folder, 'demo', 'calculator'), addBugFiles);
  const dataFolder = join(stage.folder, 'data');
  const env = { ...stage.env, DEV_CREW_OLLAMA_BASE_URL: model.url };
  const engine = await startEngine({ dataFolder, env });
  const jobs = await fill(engine, repo.path);
  await engine.stop();
  await mkdir(folder, { recursive: true });
  await using server = await startServe(part('build'), dataFolder, env);
  for (const { name: look, colorScheme, locale } of looks) {
    const context = await browser.newContext({
      colorScheme,
      locale,
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(server.pageUrl);
    for (const { name, hash, shows } of pagesOf(jobs)) await capture(page, `${name}-${look}`, hash, shows);
    await context.close();
  }
  await model.close();
});
