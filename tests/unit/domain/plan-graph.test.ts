import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlan, taskOrder } from '../../../src/main/domain/plan-graph.ts';

const allow = (): null => null;
const task = (id: string, dependsOn: string[] = [], owner = 'backend') => ({
  id,
  title: `Task ${id}`,
  owner_agent: owner,
  depends_on: dependsOn,
  acceptance_criteria: [],
});
const plan = (tasks: unknown[], more: Record<string, unknown> = {}) => ({
  tasks,
  pr: { title: 't', body: '' },
  ...more,
});

function issuesOf(candidate: unknown, refuse: (command: string) => string | null = allow): string[] {
  const checked = checkPlan(candidate, refuse);
  return checked.ok ? [] : checked.error.map((issue) => `${issue.path}: ${issue.message}`);
}

describe('the plan graph', () => {
  it('names the place of each mistake', () => {
    expect(issuesOf(plan([]))).toEqual(['tasks: the plan has no task']);
    expect(issuesOf(plan([task('a'), task('a')]))).toEqual(['tasks[1].id: duplicate task id "a"']);
    expect(issuesOf(plan([task('a', ['b'])]))).toEqual(['tasks[0].depends_on[0]: unknown task "b"']);
    expect(issuesOf(plan([task('a', ['b']), task('b', ['a'])]))).toEqual([
      'tasks[0].depends_on: cycle: a → b → a',
    ]);
    expect(issuesOf(plan([task('a', ['a'])]))).toEqual(['tasks[0].depends_on: cycle: a → a']);
    expect(issuesOf(plan([task('a', [], 'wizard')]))[0]).toMatch(
      /^tasks\[0\]\.owner_agent: unknown owner; one of: leader/,
    );
  });

  it('refuses what is no plan at all', () => {
    for (const candidate of [null, 'plan', 7, [], {}, { tasks: 'all' }])
      expect(issuesOf(candidate)).not.toEqual([]);
  });

  it('asks the policy about every command', () => {
    const refuse = (command: string): string | null => (command.includes('rm') ? 'forbidden' : null);
    const candidate = plan([task('a')], { commands: ['ls', 'rm -rf /'], test_matrix: ['rm -rf x'] });
    expect(issuesOf(candidate, refuse)).toEqual(['commands[1]: forbidden', 'test_matrix[0]: forbidden']);
  });

  it('property: a random acyclic graph is valid and ordered so that each task follows what it depends on', () => {
    const edges = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        edges,
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        (count, pairs, shuffle) => {
          const tasks = Array.from({ length: count }, (_, index) => task(`t${index}`));
          for (const [from, to] of pairs) if (from < to && to < count) tasks[to]?.depends_on.push(`t${from}`);
          const shuffled = tasks
            .map((value, index) => ({ value, key: shuffle[index] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ value }) => value);
          const checked = checkPlan(plan(shuffled), allow);
          expect(checked.ok).toBe(true);
          if (!checked.ok) return;
          const order = taskOrder(checked.value).map(({ id }) => id);
          expect([...order].sort()).toEqual(tasks.map(({ id }) => id).sort());
          for (const { id, depends_on: dependsOn } of tasks) {
            for (const before of dependsOn) expect(order.indexOf(before)).toBeLessThan(order.indexOf(id));
          }
        },
      ),
    );
  });

  it('keeps the order of the plan where it may', () => {
    const checked = checkPlan(plan([task('c'), task('a', ['b']), task('b')]), allow);
    expect(checked.ok && taskOrder(checked.value).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});
