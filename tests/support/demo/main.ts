/**
 * `npm run demo`: one whole job on a sample repository. The model is scripted (it speaks Ollama's protocol over HTTP);
 * engine, git, SQLite and Docker are real. Exit code 0 only if the repository's tests pass afterwards, run by the host.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { parseEventMetadata } from '../../../src/shared/events.ts';
import type { JobEvent } from '../../../src/shared/job.ts';
import type { Report } from '../../../src/shared/report.ts';
import { startEngine, type TestEngine } from '../engine.ts';
import { startModelServer } from '../model-server/server.ts';
import { makeRepo } from '../repos.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../scenarios/add-bug.ts';

const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const live = process.env['DEV_CREW_DEMO_MODE'] !== 'dry_run';

async function main(): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'dev-crew-demo-'));
  const repo = await makeRepo(join(root, 'calculator'), addBugFiles);
  const dataFolder = join(root, 'data');
  const model = await startModelServer(addBugScript({ reading: true }));
  introduce(repo.path);
  const engine = await startEngine({
    dataFolder,
    env: { ...process.env, DEV_CREW_OLLAMA_BASE_URL: model.url },
  });
  try {
    const { job_id: jobId } = await engine.call('jobs.create', {
      goal: addBugGoal,
      repo: repo.path,
      mode: live ? 'live' : 'dry_run',
      specialists: 'auto',
    });
    const ended = follow(engine, jobId);
    if (live) await approve(engine, jobId);
    await ended;
    return await conclude(engine, jobId, repo.path);
  } finally {
    await engine.stop();
    await model.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

function introduce(path: string): void {
  say('Dev Crew demo: one whole job, no account needed.');
  say(
    "The model is a scripted server of ours that speaks Ollama's protocol; engine, git, SQLite and Docker are real.",
  );
  say(`Repository: ${path}`);
  say(`Goal: ${addBugGoal}`);
  say();
}

/** Prints events as they come; resolves when the job has ended. */
function follow(engine: TestEngine, jobId: string): Promise<void> {
  const started = Date.now();
  return new Promise((resolve) => {
    engine.app.feed.subscribe({ job_id: jobId, after: 0 }, (frame) => {
      if (frame.kind === 'done') resolve();
      if (frame.kind === 'event') say(lineOf(frame.event, (Date.now() - started) / 1000));
    });
  });
}

function lineOf(event: JobEvent, seconds: number): string {
  const metadata = parseEventMetadata(event.metadata);
  const detail = metadata?.event_type === 'tool_result' && !metadata.ok ? indent(metadata.output) : '';
  return `${seconds.toFixed(1).padStart(6)} s  ${event.state.padEnd(22)} ${event.message.split('\n', 1)[0] ?? ''}${detail}`;
}

const indent = (text: string): string =>
  text
    .split('\n')
    .slice(0, 8)
    .map((line) => `\n           ${line}`)
    .join('');

/** The demo stands in for the person at the gate: it shows the plan and approves it. */
async function approve(engine: TestEngine, jobId: string): Promise<void> {
  await engine.until(jobId, (event) => event.metadata['event_type'] === 'waiting').catch(() => undefined);
  const { plan, version } = await engine.call('jobs.plan', { job_id: jobId });
  say('\n  The plan:');
  for (const task of plan.tasks) say(`    ${task.id} (${task.owner_agent}) ${task.title}`);
  say(`    verified by: ${plan.test_matrix.join('; ')}`);
  say('  The demo approves it in your place.\n');
  await engine.call('jobs.approve', { job_id: jobId, version });
}

async function conclude(engine: TestEngine, jobId: string, path: string): Promise<number> {
  const job = await engine.call('jobs.get', { job_id: jobId });
  say();
  if (!live) return concludeDryRun(job.state);
  if (job.state !== 'completed') {
    say(`The job ${job.state}: ${job.error ?? ''}`);
    return 1;
  }
  const { diff } = await engine.call('jobs.diff', { job_id: jobId });
  printReport(await engine.call('jobs.report', { job_id: jobId }));
  say(`Diff of ${job.work_branch}:\n\n${diff}`);
  return testOnHost(path, job.work_branch);
}

function printReport(report: Report): void {
  say(`Report: ${report.run_summary}`);
  const { evidence } = report;
  for (const run of evidence?.tests_before?.runs ?? [])
    say(`  before: ${run.command} → exit code ${run.exit_code}`);
  for (const run of evidence?.tests_after?.runs ?? [])
    say(`  after:  ${run.command} → exit code ${run.exit_code}`);
  say(`  auto-fix rounds: ${evidence?.auto_fix_rounds}, model calls: ${evidence?.model_calls}`);
  for (const failure of report.failures) say(`  failure: ${failure}`);
  for (const action of report.next_actions) say(`  next: ${action}`);
  say();
}

/** What a person would do next: merge the branch, run the tests. */
function testOnHost(path: string, branch: string): number {
  const merged = spawnSync('git', ['merge', '--quiet', '--ff-only', branch], { cwd: path, stdio: 'inherit' });
  const tests = spawnSync(process.execPath, ['--test'], { cwd: path, encoding: 'utf8' });
  const passed = merged.status === 0 && tests.status === 0;
  if (!passed) say(tests.stdout + tests.stderr);
  say(`Tests on this machine after merging ${branch}: ${passed ? 'they pass' : 'THEY FAIL'}.`);
  say(`The repository: ${path}`);
  return passed ? 0 : 1;
}

function concludeDryRun(state: string): number {
  say(
    `This was a dry run (${process.env['DEV_CREW_DEMO_REASON'] ?? 'no sandbox'}): it ended as ${state}, nothing was executed.`,
  );
  say('For the real one start Docker, or run this as root on Linux, and run it again.');
  return 1;
}

process.exitCode = await main();
