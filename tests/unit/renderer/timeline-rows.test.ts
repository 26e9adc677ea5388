import { describe, expect, test } from 'vitest';
import { TimelineRows } from '../../../src/renderer/src/lib/timeline-rows.ts';
import { withFrames } from '../../../src/renderer/src/stores/job-timeline.ts';
import type { JobEvent } from '../../../src/shared/job.ts';

const event = (id: number, metadata: Record<string, unknown>): JobEvent => ({
  id,
  job_id: 'j',
  at: '2026-01-01T00:00:00.000Z',
  state: 'executing',
  message: `event ${id}`,
  metadata: { call_order: id, ...metadata },
});
const agent = { agent: 'backend', agent_role: 'backend', task_id: 'T1' };
const step = (id: number, number: number, ...calls: string[]): JobEvent =>
  event(id, {
    ...agent,
    event_type: 'agent_step',
    step: number,
    text: '',
    tool_calls: calls.map((call_id) => ({ call_id, name: 'read_file', summary: '' })),
    prompt_tokens: 1,
    completion_tokens: 1,
  });
const result = (id: number, number: number, call_id: string): JobEvent =>
  event(id, {
    ...agent,
    event_type: 'tool_result',
    step: number,
    call_id,
    name: 'read_file',
    ok: true,
    output: `output ${id}`,
    duration_ms: 1,
    sandbox_run: false,
  });
const notice = (id: number): JobEvent => event(id, { event_type: 'notice', text: `notice ${id}` });

const outputs = (rows: TimelineRows): Record<string, string>[] =>
  rows.rows.map((row) =>
    Object.fromEntries(Object.entries(row.results).map(([id, { output }]) => [id, output])),
  );

describe('rows of the timeline', () => {
  test('a step holds the results of its calls, even when call ids repeat from step to step', () => {
    const rows = new TimelineRows();
    rows.append([
      step(1, 1, 'c1'),
      result(2, 1, 'c1'),
      step(3, 2, 'c1', 'c2'),
      result(4, 2, 'c2'),
      result(5, 2, 'c1'),
    ]);
    expect(outputs(rows)).toEqual([{ c1: 'output 2' }, { c1: 'output 5', c2: 'output 4' }]);
  });

  test('only rows that change are new objects', () => {
    const rows = new TimelineRows();
    rows.append([notice(1), step(2, 1, 'c1')]);
    const [first, second] = rows.rows;
    rows.append([result(3, 1, 'c1')]);
    expect(rows.rows[0]).toBe(first);
    expect(rows.rows[1]).not.toBe(second);
  });

  test('events that come twice, by loading and by the feed, count once', () => {
    const rows = new TimelineRows();
    rows.append([notice(1), notice(2)]);
    expect(rows.append([notice(1), notice(2)])).toBe(false);
    rows.append([notice(2), notice(3), notice(3)]);
    rows.prepend([notice(1)]);
    expect(rows.rows.map((row) => row.key)).toEqual([1, 2, 3]);
  });

  test('a result whose step is not loaded stands alone until it is', () => {
    const rows = new TimelineRows();
    rows.append([result(2, 1, 'c1'), notice(3)]);
    expect(rows.rows.map((row) => row.key)).toEqual([2, 3]);
    rows.prepend([step(1, 1, 'c1')]);
    expect(rows.rows.map((row) => row.key)).toEqual([1, 3]);
    expect(outputs(rows)[0]).toEqual({ c1: 'output 2' });
  });

  test('events of a later version are kept and show their message', () => {
    const rows = new TimelineRows();
    rows.append([event(1, { event_type: 'from_the_future' })]);
    expect(rows.rows[0]).toMatchObject({ metadata: null, event: { message: 'event 1' } });
  });

  test('100,000 events cost in proportion to their number: of the processor less than five seconds', () => {
    const rows = new TimelineRows();
    const events = Array.from({ length: 100_000 }, (_, index) => notice(index + 1));
    const start = process.threadCpuUsage();
    rows.append(events);
    expect(rows.rows).toHaveLength(100_000);
    expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(5000);
    rows.keepLast(3000);
    expect(rows.rows[0]?.key).toBe(97_001);
  });
});

describe('streaming text', () => {
  const delta = (text: string) =>
    ({ kind: 'delta', job_id: 'j', agent: 'backend', agent_role: 'backend', text }) as const;

  test('grows by deltas and goes when its step is there', () => {
    const writing = withFrames({}, [delta('Hel'), delta('lo')]);
    expect(writing).toEqual({ backend: { role: 'backend', text: 'Hello' } });
    expect(withFrames(writing, [{ kind: 'event', event: step(1, 1) }])).toEqual({});
    expect(withFrames(writing, [{ kind: 'event', event: notice(1) }])).toBe(writing);
  });

  test('does not outlive the job', () => {
    const writing = withFrames({}, [delta('Hello')]);
    expect(withFrames(writing, [{ kind: 'event', event: { ...notice(1), state: 'canceled' } }])).toEqual({});
    expect(withFrames(writing, [{ kind: 'done', job_id: 'j' }])).toEqual({});
  });
});
