import { describe, expect, it } from 'vitest';
import { watchAttention, type Attention } from '../../../src/main/app/attention.ts';
import { createEventBus } from '../../../src/main/app/event-bus.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';

describe('attention', () => {
  it('is asked for when an account was signed out for good', () => {
    const bus = createEventBus((error) => expect.fail(String(error)));
    const heard: Attention[] = [];
    const stop = watchAttention({} as Store, bus, (attention) => heard.push(attention));
    const notice = { provider: 'chatgpt', accountId: 'default', name: 'Mine', reason: 'Sign in again.' };
    bus.publishSignedOut(notice);
    stop();
    bus.publishSignedOut(notice);
    expect(heard).toEqual([
      { kind: 'signed_out', job_id: null, goal: 'chatgpt: Mine', reason: 'Sign in again.' },
    ]);
  });
});
