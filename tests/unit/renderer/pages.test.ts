import { describe, expect, test } from 'vitest';
import {
  clockTime,
  duration,
  firstLine,
  fullTime,
  relativeTime,
  repoName,
} from '../../../src/renderer/src/lib/format.ts';
import { createGrouping, groupJobs } from '../../../src/renderer/src/lib/group-jobs.ts';
import { createKeyMatcher, nameOfKey } from '../../../src/renderer/src/lib/keys.ts';
import { parseRoute, toHash } from '../../../src/renderer/src/lib/router.ts';
import { looksOfSteps } from '../../../src/renderer/src/lib/steps.ts';
import { errorsOf, findProblems, toInput } from '../../../src/renderer/src/pages/new-job/form-values.ts';
import type { Job, JobSummary } from '../../../src/shared/job.ts';

describe('addresses', () => {
  test('every page has one, and strange ones lead to a page that says so', () => {
    expect(parseRoute('')).toEqual({ page: 'jobs', scope: 'all' });
    expect(parseRoute(toHash.jobs('failed'))).toEqual({ page: 'jobs', scope: 'failed' });
    expect(parseRoute(toHash.job('a/ b', 'plan'))).toEqual({ page: 'job', jobId: 'a/ b', tab: 'plan' });
    expect(parseRoute('#/jobs/abc')).toEqual({ page: 'job', jobId: 'abc', tab: null });
    for (const hash of ['#/jobs/a/b', '#/jobs/a/plan/x', '#/list/odd', '#/x', '#/settings/x', '#/jobs/%zz'])
      expect([hash, parseRoute(hash).page]).toEqual([hash, 'unknown']);
  });
});

describe('keys', () => {
  test('a Korean keyboard layout types the same shortcuts', () => {
    expect(nameOfKey({ key: 'ㅜ', code: 'KeyN' })).toBe('n');
    expect(nameOfKey({ key: 'N', code: 'KeyN' })).toBe('n');
    expect(nameOfKey({ key: 'j', code: 'KeyC' })).toBe('j');
    expect(nameOfKey({ key: 'ArrowDown', code: 'ArrowDown' })).toBe('ArrowDown');
  });

  test('sequences wait a moment, and win over the single key', () => {
    let now = 0;
    const match = createKeyMatcher();
    const pressed: string[] = [];
    const map = { j: () => pressed.push('j'), 'g j': () => pressed.push('g j') } as Record<
      string,
      () => void
    >;
    const press = (key: string): void => match(key, now, map)?.();
    press('g');
    press('j');
    press('j');
    press('g');
    now = 5000;
    press('j');
    expect(pressed).toEqual(['g j', 'j', 'j']);
  });
});

describe('words for values', () => {
  test('the line that stands for a goal', () => {
    expect(firstLine('\n\n# Fix it\n\nmore')).toBe('Fix it');
    expect(firstLine('- first\n- second')).toBe('first');
    expect(firstLine('---')).toBe('---');
  });

  test('the name of a repository', () => {
    expect(repoName('/home/a/my repo/')).toBe('my repo');
    expect(repoName('acme/booking')).toBe('acme/booking');
    expect(repoName('https://git.example.org/team/storefront.git')).toBe('storefront');
    expect(repoName('git@github.com:acme/x.git')).toBe('x');
    expect(repoName('C:\\work\\app')).toBe('app');
  });

  test('times', () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    expect(relativeTime('2026-01-01T23:59:30Z', now, 'en')).toBeNull();
    expect(relativeTime('2026-01-03T00:00:00Z', now, 'en')).toBeNull();
    expect(relativeTime('2026-01-01T23:50:00Z', now, 'ko')).toBe('10분 전');
    expect(duration(840, 'en')).toBe('840 ms');
    expect(duration(59_999, 'en')).toBe('60 sec');
    expect(duration(7_500_000, 'en')).toBe('2 hr 5 min');
    const noon = new Date(2026, 0, 2, 12, 5, 9);
    expect(clockTime(noon.toISOString(), 'en')).toBe('12:05:09');
    expect(fullTime(noon.toISOString(), 'ko')).toBe(
      noon.toLocaleString('ko', { dateStyle: 'medium', timeStyle: 'medium' }),
    );
    expect(fullTime('never', 'en')).toBe('Invalid Date');
  });
});

describe('steps of a job', () => {
  const job = (some: Partial<Job>) =>
    ({
      state: 'executing',
      waiting_for: null,
      last_event: null,
      base_commit: null,
      head_commit: null,
      ...some,
    }) as Job;

  test('auto-fixing is part of working', () => {
    expect(looksOfSteps(job({ state: 'auto_fixing' }))).toMatchObject({
      awaiting_plan_approval: 'done',
      executing: 'current',
      reporting: 'todo',
    });
  });
  test('an end that came early is shown where it came', () => {
    const last_event = {
      at: '',
      state: 'failed',
      message: '',
      metadata: { from_state: 'planning' },
    } as Job['last_event'];
    expect(looksOfSteps(job({ state: 'failed', last_event }))).toMatchObject({
      context_collecting: 'done',
      planning: 'failed',
      executing: 'todo',
    });
    expect(looksOfSteps(job({ state: 'canceled' }))).toMatchObject({
      received: 'done',
      context_collecting: 'canceled',
    });
  });
  test('a job that waits, and one that is done', () => {
    expect(looksOfSteps(job({ waiting_for: 'answer' })).executing).toBe('waiting');
    expect(new Set(Object.values(looksOfSteps(job({ state: 'completed' }))))).toEqual(new Set(['done']));
  });
});

describe('groups of the list', () => {
  test('what needs a human comes first', () => {
    const byId = Object.fromEntries(
      (
        [
          ['done', 'completed', null],
          ['run', 'executing', null],
          ['ask', 'executing', 'answer'],
        ] as const
      ).map(([job_id, state, waiting_for]) => [job_id, { job_id, state, waiting_for } as JobSummary]),
    );
    const names = groupJobs('all', Object.keys(byId), byId).map((item) =>
      item.kind === 'group' ? item.group : item.jobId,
    );
    expect(names).toEqual(['needs_you', 'ask', 'active', 'run', 'earlier', 'done']);
    expect(groupJobs('failed', ['a'], {})).toEqual([{ kind: 'job', jobId: 'a' }]);
  });

  test('stay the same array until a job comes, goes, or changes its group', () => {
    const job = (state: JobSummary['state']): JobSummary => ({ job_id: 'a', state }) as JobSummary;
    const itemsOf = createGrouping();
    const of = (byId: Record<string, JobSummary>) => itemsOf({ scope: 'all', ids: Object.keys(byId), byId });
    const before = of({ a: job('planning') });
    expect(of({ a: job('executing') })).toBe(before);
    const after = of({ a: job('completed') });
    expect(after).not.toBe(before);
    expect(of({ a: job('completed'), b: job('completed') })).not.toBe(after);
  });
});

describe('the form of a new job', () => {
  const values = {
    goal: 'g',
    repo: ' /r ',
    base_branch: 'main',
    mode: 'auto',
    model: 'ollama/x',
    approval: 'manual',
    specialists: 'all',
    max_state_transitions: '',
    max_tool_calls: '',
    max_cost_usd: '',
    max_tokens: '',
  } as const;

  test('says what is missing before anything is sent', () => {
    const fields = findProblems({ ...values, goal: '  ', repo: '', max_tool_calls: '1.5' }).map(
      (problem) => problem.field,
    );
    expect(fields).toEqual(['goal', 'repo', 'max_tool_calls']);
    expect(findProblems({ ...values, goal: 'x'.repeat(50_001) })).toMatchObject([{ why: 'goal_long' }]);
    expect(findProblems(values)).toEqual([]);
  });

  test('leaves to the settings what was not chosen', () => {
    expect(toInput(values, 'ollama/x')).toEqual({
      goal: 'g',
      repo: '/r',
      base_branch: 'main',
      approval: 'manual',
      specialists: 'all',
    });
    expect(toInput({ ...values, mode: 'live', max_tool_calls: '0' }, 'ollama/y')).toMatchObject({
      mode: 'live',
      model: 'ollama/x',
      max_tool_calls: 0,
    });
  });

  test('puts the answer of the engine at the fields it speaks of', () => {
    const fields = [
      { loc: ['body', 'repo'], msg: 'is not a repository', type: '' },
      { loc: ['header', 'idempotency_key'], msg: 'too long', type: '' },
    ];
    expect(errorsOf({ code: 'invalid_input', message: '', fields }, 'text')).toEqual({
      repo: 'is not a repository',
      other: 'too long',
    });
    expect(errorsOf({ code: 'conflict', message: 'used' }, 'used')).toEqual({ other: 'used' });
  });
});
