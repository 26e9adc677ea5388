import type { CallModel } from '../../../src/main/app/crew/engine.ts';
import type { ModelPort } from '../../../src/main/app/ports/model.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import type { Booked } from '../../../src/main/domain/ledger.ts';
import type { ModelError, ModelEvent, ModelUsage } from '../../../src/main/domain/model-messages.ts';
import { done, makeCaller, type CallerOptions } from '../../support/caller.ts';
import { jobRecord, newStore } from '../sqlite/support.ts';

export const never = (): AbortSignal => new AbortController().signal;
export const request = (change: Partial<Parameters<CallModel>[0]> = {}): Parameters<CallModel>[0] => ({
  model: 'openai/gpt-5',
  system: 'You are the backend.',
  messages: [{ role: 'user', text: 'hello' }],
  tools: [],
  contextTokens: 8192,
  jobId: 'a',
  role: 'backend',
  agent: 'task:t1',
  ...change,
});
export const fault = (error: ModelError): ModelEvent => ({ type: 'error', error });
export const withUsage = (usage: Partial<ModelUsage>): ModelEvent => {
  const end = done();
  return end.type === 'done' ? { ...end, usage: { ...end.usage, ...usage } } : end;
};

export function setUp(
  model: ModelPort,
  options: Partial<CallerOptions> & { job?: Parameters<typeof jobRecord>[1] } = {},
) {
  const { job, ...rest } = options;
  const store = newStore();
  store.transaction(({ jobs }) => jobs.insert(jobRecord('a', job)));
  return makeCaller({ store, model, ...rest });
}
export const ofJob = (store: Store): Booked => store.tables.ledger.ofJob('a');
