import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTerminal, jobStates } from '../../../src/shared/job.ts';
import {
  createdEvent,
  decide,
  evolve,
  transitions,
  type JobCommand,
} from '../../../src/main/domain/job-machine.ts';
import type { JobRecord, NewJobEvent } from '../../../src/main/domain/job-record.ts';
import { jobRecord } from '../../support/job-record.ts';

/** given(job).when(commands) → the events, folded; throws with the refusal. */
function when(job: JobRecord, ...commands: JobCommand[]): { job: JobRecord; events: NewJobEvent[] } {
  const events: NewJobEvent[] = [];
  let state = job;
  for (const command of commands) {
    const decided = decide(state, command);
    if (!decided.ok) throw new Error(decided.error.message);
    for (const event of decided.value) state = evolve(state, event, 1);
    events.push(...decided.value);
  }
  return { job: state, events };
}
const moves = (events: readonly NewJobEvent[]): string[] =>
  events.flatMap(({ detail }) =>
    detail.event_type === 'state_transition' ? [`${detail.from_state}->${detail.to_state}`] : [],
  );

const toGate: JobCommand[] = [
  { type: 'collect_context' },
  { type: 'start_planning' },
  { type: 'submit_plan', taskCount: 2 },
];
const happyPath: JobCommand[] = [
  ...toGate,
  { type: 'approve', by: 'human' },
  { type: 'begin_reporting' },
  { type: 'complete' },
];

describe('the job machine', () => {
  it('starts with the event "Job created"', () => {
    const event = createdEvent(jobRecord({ idempotencyKey: 'k' }));
    expect(event).toMatchObject({
      state: 'received',
      message: 'Job created',
      detail: { event_type: 'workflow_step', step: 'request', phase: 'received', idempotency_key: 'k' },
    });
  });

  it('goes the happy path of compatibility.md', () => {
    const { job, events } = when(jobRecord(), ...happyPath);
    expect(moves(events)).toEqual([
      'received->context_collecting',
      'context_collecting->planning',
      'planning->awaiting_plan_approval',
      'awaiting_plan_approval->executing',
      'executing->reporting',
      'reporting->completed',
    ]);
    expect(job).toMatchObject({
      state: 'completed',
      transitionsUsed: 6,
      approvedPlanVersion: 1,
      waitingFor: null,
    });
  });

  it('waits at the gate when live, and not when approval is automatic or the run is dry', () => {
    expect(when(jobRecord(), ...toGate).job.waitingFor).toBe('plan_approval');
    expect(when(jobRecord({ approval: 'auto' }), ...toGate).job.waitingFor).toBeNull();
    expect(when(jobRecord({ mode: 'dry_run' }), ...toGate).job.waitingFor).toBeNull();
  });

  it('makes only the three event types of compatibility.md in a dry run', () => {
    const { events } = when(jobRecord({ mode: 'dry_run' }), ...happyPath);
    const types = new Set(events.map((event) => event.detail.event_type));
    expect([...types].sort()).toEqual(['state_transition', 'workflow_step']);
  });

  it('refuses a second approval, an approval of an old plan and one of an ended job', () => {
    const { job } = when(jobRecord(), ...toGate);
    const approved = when(job, { type: 'approve', by: 'human' }).job;
    expect(decide(approved, { type: 'approve', by: 'human' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_state' },
    });
    expect(decide(job, { type: 'approve', by: 'human', version: 7 })).toMatchObject({
      error: { code: 'conflict' },
    });
    const ended = when(approved, { type: 'begin_reporting' }, { type: 'complete' }).job;
    expect(decide(ended, { type: 'approve', by: 'human' })).toMatchObject({
      error: { code: 'invalid_state' },
    });
  });

  it('cancels from every state before the report, free of charge', () => {
    for (const state of jobStates) {
      const decided = decide(jobRecord({ state, maxStateTransitions: 0 }), { type: 'cancel', reason: '' });
      expect(decided.ok, state).toBe(transitions[state].includes('canceled'));
    }
  });

  it('refuses the transition after the last one allowed, in the words of compatibility.md; failing is free', () => {
    const { job } = when(
      jobRecord({ maxStateTransitions: 2 }),
      { type: 'collect_context' },
      { type: 'start_planning' },
    );
    expect(decide(job, { type: 'submit_plan', taskCount: 1 })).toEqual({
      ok: false,
      error: { code: 'limit_exceeded', message: 'max_state_transitions exceeded: 3/2' },
    });
    const failed = when(job, {
      type: 'fail',
      error: 'max_state_transitions exceeded: 3/2',
      escalationId: 'e',
    }).job;
    expect(failed).toMatchObject({
      state: 'failed',
      transitionsUsed: 2,
      error: 'max_state_transitions exceeded: 3/2',
    });
  });

  it('tells of a failed execution before the failed conclusion', () => {
    const { events } = when(jobRecord({ state: 'executing' }), {
      type: 'fail',
      error: 'x',
      escalationId: 'e',
    });
    const steps = events.flatMap(({ detail }) =>
      detail.event_type === 'workflow_step' ? [`${detail.step}:${detail.phase}`] : [],
    );
    expect(steps).toEqual(['execution:failed', 'final_conclusion:failed']);
    expect(events.at(-1)?.detail).toMatchObject({ to_state: 'failed', error: 'x', escalation_id: 'e' });
  });

  it('counts rounds of auto-fixing', () => {
    const { job } = when(
      jobRecord({ state: 'executing' }),
      { type: 'begin_fix', reason: 'r' },
      { type: 'resume_execution' },
    );
    expect(job).toMatchObject({ state: 'executing', autoFixRounds: 1 });
  });

  const anyCommand: fc.Arbitrary<JobCommand> = fc.constantFrom<JobCommand[]>(
    ...happyPath,
    { type: 'reject', reason: 'no' },
    { type: 'begin_fix', reason: 'tests' },
    { type: 'resume_execution' },
    { type: 'fail', error: 'e', escalationId: 'e' },
    { type: 'cancel', reason: '' },
    { type: 'wait', for: 'answer', escalationId: 'e', reason: 'q' },
    { type: 'resume', message: 'a' },
  );

  it('property: whatever is asked, moves are those of the table, the budget holds and an end is final', () => {
    fc.assert(
      fc.property(
        fc.array(anyCommand, { maxLength: 60 }),
        fc.integer({ min: 0, max: 25 }),
        (commands, budget) => {
          let job = jobRecord({ maxStateTransitions: budget });
          for (const command of commands) {
            const decided = decide(job, command);
            if (isTerminal(job.state)) expect(decided.ok).toBe(false);
            if (!decided.ok) continue;
            for (const event of decided.value) {
              const before = job;
              job = evolve(job, event, 1);
              if (event.detail.event_type !== 'state_transition') expect(job.state).toBe(before.state);
              else expect(transitions[before.state]).toContain(job.state);
            }
            expect(job.transitionsUsed).toBeLessThanOrEqual(budget);
            if (isTerminal(job.state)) expect(job.waitingFor).toBeNull();
          }
        },
      ),
    );
  });
});
