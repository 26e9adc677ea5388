import type { AuditEntry } from './ports/store.ts';
import type { EventDetail } from '../domain/job-record.ts';

/** Audit records that an event stands for (compatibility.md §3). `metadata` is the event's own, already redacted. */
export function auditOf(
  jobId: string,
  at: string,
  detail: EventDetail,
  metadata: Record<string, unknown>,
): AuditEntry[] {
  const record = (category: AuditEntry['category'], action: string): AuditEntry => ({
    at,
    job_id: jobId,
    category,
    action,
    metadata,
  });
  switch (detail.event_type) {
    case 'workflow_step': {
      const step = record('workflow', `${detail.step}:${detail.phase}`);
      return detail.step === 'request' ? [record('job', 'created'), step] : [step];
    }
    case 'agent_decision':
      return [record('agent', 'decision_recorded')];
    case 'state_transition':
      return [record('state_transition', `${detail.from_state}->${detail.to_state}`)];
    case 'plan_decision':
      return [record('job', `plan_${detail.decision}`)];
    case 'tool_result':
      return detail.sandbox_run ? [] : [record('tool_call', detail.name)];
    case 'committed':
      return [record('job', 'committed')];
    case 'answered':
      return [record('job', 'answered')];
    case 'budget_changed':
      return [record('job', 'budget_changed')];
    case 'plan_submitted':
    case 'waiting':
    case 'resumed':
    case 'agent_step':
    case 'task_status':
    case 'progress':
    case 'snapshot':
    case 'verification':
    case 'auto_fix':
    case 'escalation':
    case 'notice':
    case 'workspace_ready':
      return [];
  }
}
