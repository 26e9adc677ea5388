import type { Plan, PlanTask } from '../../shared/plan.ts';
import { planSchema } from '../../shared/plan.ts';
import { roles } from '../../shared/roles.ts';
import { err, ok, type Result } from '../../shared/errors.ts';

/** One thing wrong with a plan; `path` is where, as in `tasks[2].depends_on[0]`. */
export interface PlanIssue {
  path: string;
  message: string;
}

/**
 * Checks what a model calls a plan: the schema, then the graph (empty, duplicate ids, unknown dependencies, cycles)
 * and the commands. Issues are written so that the model can mend them.
 */
export function checkPlan(
  candidate: unknown,
  refuse: (command: string) => string | null,
): Result<Plan, PlanIssue[]> {
  const parsed = planSchema.safeParse(candidate);
  if (!parsed.success) {
    return err(
      parsed.error.issues.map((issue) => ({
        path: pathText(issue.path),
        message: explain(issue.path, issue.message),
      })),
    );
  }
  const issues = [...graphIssues(parsed.data), ...commandIssues(parsed.data, refuse)];
  return issues.length > 0 ? err(issues) : ok(parsed.data);
}

/** Issues of the task graph alone. */
export function graphIssues(plan: Plan): PlanIssue[] {
  if (plan.tasks.length === 0) return [{ path: 'tasks', message: 'the plan has no task' }];
  const issues: PlanIssue[] = [];
  const ids = new Set<string>();
  plan.tasks.forEach((task, index) => {
    if (ids.has(task.id))
      issues.push({ path: `tasks[${index}].id`, message: `duplicate task id "${task.id}"` });
    ids.add(task.id);
  });
  plan.tasks.forEach((task, index) => {
    task.depends_on.forEach((id, at) => {
      if (!ids.has(id))
        issues.push({ path: `tasks[${index}].depends_on[${at}]`, message: `unknown task "${id}"` });
    });
  });
  if (issues.length > 0) return issues;
  const cycle = findCycle(plan.tasks);
  return cycle
    ? [{ path: `tasks[${cycle.index}].depends_on`, message: `cycle: ${cycle.ids.join(' → ')}` }]
    : [];
}

/** Tasks so that each comes after all it depends on; ties keep the plan's order. The plan must be valid. */
export function taskOrder(plan: Plan): PlanTask[] {
  const done = new Set<string>();
  const rest = [...plan.tasks];
  const ordered: PlanTask[] = [];
  while (rest.length > 0) {
    const index = rest.findIndex((task) => task.depends_on.every((id) => done.has(id)));
    const [task] = rest.splice(Math.max(index, 0), 1);
    if (task === undefined) break;
    done.add(task.id);
    ordered.push(task);
  }
  return ordered;
}

function commandIssues(plan: Plan, refuse: (command: string) => string | null): PlanIssue[] {
  const listed = (['commands', 'test_matrix'] as const).flatMap((field) =>
    plan[field].map((command, index) => ({ path: `${field}[${index}]`, command })),
  );
  return listed.flatMap(({ path, command }) => {
    const reason = refuse(command);
    return reason === null ? [] : [{ path, message: reason }];
  });
}

function findCycle(tasks: readonly PlanTask[]): { index: number; ids: string[] } | null {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const finished = new Set<string>();
  const visit = (id: string, trail: string[]): string[] | null => {
    const at = trail.indexOf(id);
    if (at >= 0) return [...trail.slice(at), id];
    if (finished.has(id)) return null;
    for (const next of byId.get(id)?.depends_on ?? []) {
      const found = visit(next, [...trail, id]);
      if (found) return found;
    }
    finished.add(id);
    return null;
  };
  for (const task of tasks) {
    const ids = visit(task.id, []);
    if (ids) return { index: tasks.findIndex((other) => other.id === ids[0]), ids };
  }
  return null;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function explain(path: readonly PropertyKey[], message: string): string {
  return path.at(-1) === 'owner_agent' ? `unknown owner; one of: ${roles.join(', ')}` : message;
}
