import { describe, expect, it } from 'vitest';
import {
  fullUntilMs,
  quotaOfEvent,
  quotaOfHeaders,
  quotaOfUsage,
} from '../../src/main/infra/llm/codex-quota.ts';

const nowMs = 1_700_000_000_000;
const fiveHours = { label: '5h', usedPercent: 42.5, resetAtMs: 1_700_010_000_000 };
const week = { label: '7d', usedPercent: 100, resetAtMs: 1_700_400_000_000 };

describe('what the Codex backend says of a plan', () => {
  it('is read from headers', () => {
    const headers = new Headers({
      'x-codex-primary-used-percent': '42.5',
      'x-codex-primary-window-minutes': '299',
      'x-codex-primary-reset-at': '1700010000',
      'x-codex-secondary-used-percent': '100',
      'x-codex-secondary-window-minutes': '10080',
      'x-codex-secondary-reset-at': '1700400000',
    });
    expect(quotaOfHeaders(headers, nowMs)).toEqual({ plan: null, windows: [fiveHours, week] });
  });

  it.each([
    ['none', {}],
    ['an empty one', { 'x-codex-primary-used-percent': '' }],
    ['one that is no number', { 'x-codex-primary-used-percent': 'NaN' }],
  ])('is nothing with headers that have %s', (_what, headers: Record<string, string>) => {
    expect(quotaOfHeaders(new Headers(headers), nowMs)).toBeNull();
  });

  it('is read from an event', () => {
    const event = {
      type: 'codex.rate_limits',
      plan_type: 'plus',
      rate_limits: {
        allowed: true,
        primary: { used_percent: 42.5, window_minutes: 300, reset_at: 1_700_010_000 },
        secondary: null,
      },
    };
    expect(quotaOfEvent(event, nowMs)).toEqual({ plan: 'plus', windows: [fiveHours] });
    expect(quotaOfEvent({ type: 'codex.rate_limits' }, nowMs)).toBeNull();
  });

  it('is read from the usage page, whose windows may be told from now', () => {
    const body = {
      plan_type: 'pro',
      rate_limit: {
        allowed: true,
        primary_window: { used_percent: 42.5, limit_window_seconds: 17_940, reset_after_seconds: 10_000 },
        secondary_window: { used_percent: 100, limit_window_seconds: 604_740, reset_at: 1_700_400_000 },
      },
      credits: null,
    };
    expect(quotaOfUsage(body, nowMs)).toEqual({ plan: 'pro', windows: [fiveHours, week] });
    expect(quotaOfUsage({ plan_type: 'free', rate_limit: null }, nowMs)).toEqual({
      plan: 'free',
      windows: [],
    });
    expect(quotaOfUsage('<html>', nowMs)).toBeNull();
    expect(quotaOfUsage({}, nowMs)).toBeNull();
  });

  it('keeps a percentage within its bounds and names a window of unknown length', () => {
    const rate_limit = { primary_window: { used_percent: 104 }, secondary_window: { used_percent: -1 } };
    expect(quotaOfUsage({ rate_limit }, nowMs)?.windows).toEqual([
      { label: 'limit', usedPercent: 100, resetAtMs: null },
      { label: 'limit', usedPercent: 0, resetAtMs: null },
    ]);
  });
});

describe('a full plan', () => {
  it('is free again when the last of its full windows ends', () => {
    const later = { ...week, resetAtMs: week.resetAtMs + 1 };
    expect(fullUntilMs({ plan: null, windows: [fiveHours, week, later] })).toBe(later.resetAtMs);
    expect(fullUntilMs({ plan: null, windows: [fiveHours] })).toBeNull();
    expect(fullUntilMs({ plan: null, windows: [{ ...week, resetAtMs: null }] })).toBeNull();
  });
});
