import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shiftDay } from '../../../src/main/domain/local-day.ts';

const module = new URL('../../../src/main/domain/local-day.ts', import.meta.url).href;

/** The value of an expression over the module in a process of another time zone. */
function inNewYork(expression: string): unknown {
  const script = `const { localDay, nextMidnight } = await import('${module}'); console.log(JSON.stringify(${expression}))`;
  const env = { ...process.env, TZ: 'America/New_York' };
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }),
  );
}

describe('a local day', () => {
  it('goes from midnight to midnight where the person is', () => {
    expect(
      inNewYork('[localDay(Date.UTC(2026, 10, 22, 4, 59)), localDay(Date.UTC(2026, 10, 22, 5))]'),
    ).toEqual(['2026-11-21', '2026-11-22']);
  });

  it('has 23 or 25 hours where the clocks change', () => {
    const hours = (start: string): string => `(nextMidnight(${start}) - ${start}) / 3_600_000`;
    const spring = 'Date.UTC(2026, 2, 8, 5)';
    const autumn = 'Date.UTC(2026, 10, 1, 4)';
    expect(inNewYork(`[${hours(spring)}, ${hours(autumn)}, localDay(nextMidnight(${autumn}) - 1)]`)).toEqual([
      23,
      25,
      '2026-11-01',
    ]);
  });

  it('is shifted over months, years and changes of clocks', () => {
    expect(shiftDay('2026-11-02', -1)).toBe('2026-11-01');
    expect(shiftDay('2026-03-08', 1)).toBe('2026-03-09');
    expect(shiftDay('2026-01-01', -1)).toBe('2025-12-31');
    expect(shiftDay('2026-11-22', -29)).toBe('2026-10-24');
  });
});
