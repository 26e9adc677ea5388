import type { JobRecord } from '../../src/main/domain/job-record.ts';

/** A job just created, live, with the default budgets; fields may be replaced. */
export function jobRecord(fields: Partial<JobRecord> = {}): JobRecord {
  return {
    jobId: '11111111-2222-4333-8444-555555555555',
    goal: 'Make add() add',
    repo: '/tmp/repo',
    baseBranch: 'main',
    workBranch: 'crew/11111111',
    state: 'received',
    mode: 'live',
    waitingFor: null,
    approval: 'manual',
    priority: 0,
    model: 'ollama/test',
    managerModel: 'ollama/test',
    specialists: 'all',
    transitionsUsed: 0,
    maxStateTransitions: 20,
    toolCallsUsed: 0,
    maxToolCalls: 10,
    maxCostMicros: null,
    maxTokens: null,
    autoFixRounds: 0,
    planVersion: 0,
    approvedPlanVersion: 0,
    snapshots: 0,
    baseCommit: null,
    headCommit: null,
    error: null,
    retryOf: null,
    idempotencyKey: null,
    version: 0,
    createdAtMs: 0,
    updatedAtMs: 0,
    ...fields,
  };
}
