import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

let folder: string;
let engine: TestEngine;
beforeEach(async () => {
  folder = await makeTempFolder();
  engine = await startEngine({ dataFolder: folder, env: { DEV_CREW_CREWAI_DRY_RUN: '1' } });
});
afterEach(async () => {
  await engine.stop();
  await removeTempFolder(folder);
});

const dryJob = { goal: 'Do a thing', repo: 'nobody/nothing' };

describe('a dry run', () => {
  it('makes exactly the events of compatibility.md, without a repository, a model or Docker', async () => {
    const { job_id: jobId } = await engine.call('jobs.create', { ...dryJob, idempotency_key: 'key' });
    const events = await engine.ended(jobId);
    const told = events.map(({ metadata: m }) => {
      if (m['event_type'] === 'workflow_step') return `${String(m['step'])}:${String(m['phase'])}`;
      if (m['event_type'] === 'agent_decision') return `${String(m['phase'])} ${String(m['agent_role'])}`;
      return `${String(m['from_state'])}->${String(m['to_state'])}`;
    });
    expect(told).toEqual([
      'request:received',
      'received->context_collecting',
      'context_collecting->planning',
      'pan_out:started',
      'pan_out architect',
      'pan_out frontend',
      'pan_out backend',
      'pan_out designer',
      'pan_out ci/cd engineer',
      'pan_out qa engineer',
      'pan_out security engineer',
      'pan_out:completed',
      'pan_in leader',
      'pan_in:completed',
      'aggregation:completed',
      'planning->awaiting_plan_approval',
      'awaiting_plan_approval->executing',
      'execution:completed',
      'executing->reporting',
      'final_conclusion:completed',
      'reporting->completed',
    ]);
    expect(events.map((event) => event.metadata['call_order'])).toEqual(events.map((_, index) => index + 1));
    expect(events[0]).toMatchObject({ message: 'Job created', metadata: { idempotency_key: 'key' } });
    const job = await engine.call('jobs.get', { job_id: jobId });
    expect(job).toMatchObject({
      state: 'completed',
      mode: 'dry_run',
      work_branch: `crew/${jobId.slice(0, 8)}`,
      history_count: events.length,
      tool_calls_used: 1,
      transitions_used: 6,
    });
    expect((await engine.call('jobs.report', { job_id: jobId })).run_summary).toMatch(/^Dry run/);
  });

  it('leaves the audit records of compatibility.md, chained, in the database and in the file', async () => {
    const { job_id: jobId } = await engine.call('jobs.create', dryJob);
    await engine.ended(jobId);
    expect(await engine.call('audit.verify', {})).toMatchObject({ ok: true });
    await engine.stop();
    const lines = (await readFile(join(folder, 'audit.log'), 'utf8')).trim().split('\n');
    const records = lines.map(
      (line) => JSON.parse(line) as { category: string; action: string; metadata: { command?: string[] } },
    );
    const names = records.map(({ category, action }) => `${category}/${action}`);
    for (const name of [
      'job/created',
      'workflow/request:received',
      'state_transition/received->context_collecting',
      'agent/decision_recorded',
      'crewai/orchestration',
      'tool_call/sandbox_run',
      'workflow/final_conclusion:completed',
    ]) {
      expect(names).toContain(name);
    }
    const run = records.find(({ action }) => action === 'sandbox_run');
    expect(run?.metadata.command?.[0]).toBe('docker');
    expect(run?.metadata).toMatchObject({
      returncode: 0,
      stdout: '',
      stderr: '',
      target_repo: 'nobody/nothing',
    });
  });

  it('reuses a job for the same key and body, and refuses the key for another body', async () => {
    const first = await engine.call('jobs.create', { ...dryJob, idempotency_key: 'k' });
    const [second, third] = await Promise.all([
      engine.call('jobs.create', { ...dryJob, idempotency_key: 'k' }),
      engine.attempt('jobs.create', { ...dryJob, goal: 'Another', idempotency_key: 'k' }),
    ]);
    expect(second).toMatchObject({ job_id: first.job_id, reused: true });
    expect(third).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: 'idempotency key already used with different request payload' },
    });
    const empty = await Promise.all(
      [1, 2].map(() => engine.call('jobs.create', { ...dryJob, idempotency_key: '' })),
    );
    expect(new Set(empty.map(({ job_id }) => job_id)).size).toBe(2);
  });

  it('of many clients at once with one key makes one job', async () => {
    const created = await Promise.all(
      Array.from({ length: 20 }, () => engine.call('jobs.create', { ...dryJob, idempotency_key: 'same' })),
    );
    expect(new Set(created.map(({ job_id }) => job_id)).size).toBe(1);
    expect(created.filter(({ reused }) => !reused)).toHaveLength(1);
  });

  it.each([
    [{ max_state_transitions: 3 }, 'max_state_transitions exceeded: 4/3'],
    [{ max_tool_calls: 0 }, 'max_tool_calls exceeded: 1/0'],
  ])('fails with an escalation when its budget %j is used up', async (budget, message) => {
    const { job_id: jobId } = await engine.call('jobs.create', { ...dryJob, ...budget });
    const events = await engine.ended(jobId);
    expect(events.at(-1)).toMatchObject({
      state: 'failed',
      message,
      metadata: { to_state: 'failed', error: message },
    });
    const [escalation] = await engine.call('jobs.escalations', { job_id: jobId });
    expect(escalation).toMatchObject({ reason: message, severity: 'critical' });
    expect(events.at(-1)?.metadata['escalation_id']).toBe(escalation?.escalation_id);
    await engine.stop();
    const file = await readFile(join(folder, 'escalations.log'), 'utf8');
    expect(JSON.parse(file.trim())).toEqual(escalation);
  });

  it('redacts secrets before anything is stored', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const { job_id: jobId } = await engine.call('jobs.create', {
      ...dryJob,
      goal: `Use ${secret} and mail me@corp.example.org`,
    });
    await engine.ended(jobId);
    await engine.stop();
    for (const name of ['jobs.db', 'jobs.db-wal', 'audit.log']) {
      const bytes = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
      expect(bytes.includes(secret), name).toBe(false);
      expect(bytes.includes('me@corp.example.org'), name).toBe(false);
    }
  });
});
