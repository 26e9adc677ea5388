import type { Plan } from '../../../src/shared/plan.ts';
import type { Report } from '../../../src/shared/report.ts';

export const samplePlan: Plan = {
  tasks: [
    {
      id: 'T1',
      title: 'Keep the sign when splitting an instant',
      owner_agent: 'backend',
      depends_on: [],
      acceptance_criteria: ['Instants before 1970 keep their day', 'No change for instants after 1970'],
    },
    {
      id: 'T2',
      title: 'Cover the first and last day of every era',
      owner_agent: 'qa engineer',
      depends_on: ['T1'],
      acceptance_criteria: ['1969-12-31 and 0001-01-01 are tested'],
    },
    {
      id: 'T3',
      title: 'Check that no input reaches eval',
      owner_agent: 'security engineer',
      depends_on: ['T1', 'T2'],
      acceptance_criteria: [],
    },
  ],
  files_to_change: ['src/parse.ts', 'tests/parse.test.ts'],
  commands: ['npm ci'],
  test_matrix: ['npm test', 'npm run lint'],
  pr: {
    title: 'Parse dates before 1970',
    body: 'The sign was lost in `toParts`.\n\n- fixes the parser\n- adds tests',
  },
  risks: ['Callers may rely on the old rounding for durations.'],
  approvals: { requires_plan_approval: true },
};

export const sampleDiff = {
  files: [
    { path: 'src/parse.ts', additions: 4, deletions: 2 },
    { path: 'tests/parse.test.ts', additions: 5, deletions: 0 },
    { path: 'docs/<img src=x onerror=alert(1)>.md', additions: 1, deletions: 1 },
  ],
  diff: `diff --git a/src/parse.ts b/src/parse.ts
index 83db48f..bf2a1c0 100644
--- a/src/parse.ts
+++ b/src/parse.ts
@@ -10,9 +10,11 @@ const day = 86_400_000;
 
 /** Splits an instant into whole days and the rest. */
 export function toParts(ms: number): Parts {
-  const days = Math.trunc(ms / day);
-  const rest = ms % day;
+  // Towards the past, not towards zero: 1969 lies before 1970.
+  const days = Math.floor(ms / day);
+  const rest = ms - days * day;
+
   return { days, rest };
 }
 
 export const isLeap = (year: number): boolean => year % 4 === 0;
diff --git a/tests/parse.test.ts b/tests/parse.test.ts
new file mode 100644
index 0000000..a1b2c3d
--- /dev/null
+++ b/tests/parse.test.ts
@@ -0,0 +1,5 @@
+import { toParts } from '../src/parse.ts';
+
+test('a day before 1970', () => {
+  expect(toParts(-1).days).toBe(-1);
+});
diff --git a/docs/<img src=x onerror=alert(1)>.md b/docs/<img src=x onerror=alert(1)>.md
index 1111111..2222222 100644
--- a/docs/<img src=x onerror=alert(1)>.md
+++ b/docs/<img src=x onerror=alert(1)>.md
@@ -1 +1 @@
-<script>alert('old')</script>
+<script>alert('new')</script>
`,
};

const runs = (passed: boolean): NonNullable<NonNullable<Report['evidence']>['tests_after']> => ({
  commit: passed ? '45c48cce2e2d7fbd' : '8f14e45fceea167a',
  passed,
  runs: [
    {
      command: 'npm test',
      exit_code: passed ? 0 : 1,
      passed,
      timed_out: false,
      duration_ms: 4210,
      output: passed ? '44 passed' : '1 failed, 41 passed',
    },
    { command: 'npm run lint', exit_code: 0, passed: true, timed_out: false, duration_ms: 1830, output: '' },
  ],
});

export const sampleReport: Report = {
  run_summary:
    'Dates before 1970 keep their day. `toParts` now rounds towards the past, and **two new tests** cover the first and the last day of an era.\n\n<script>alert("report")</script>',
  links: ['crew/done0000', 'https://git.example.org/team/storefront/compare/main...crew/done0000'],
  failures: [],
  next_actions: ['Read the change in `src/parse.ts`', 'Merge `crew/done0000` into `main`'],
  evidence: {
    base_commit: '8f14e45fceea167a5a36dedd4bea2543c2f3a1b0',
    head_commit: '45c48cce2e2d7fbdea1afc51c7c6ad26bb1f2a90',
    tests_before: runs(false),
    tests_after: runs(true),
    tests_removed_or_weakened: ['tests/legacy/parse.test.ts'],
    commands_run: [
      { command: 'npm ci', exit_code: 0, duration_ms: 9120 },
      { command: 'npm test -- parse', exit_code: 1, duration_ms: 3870 },
      { command: 'npm test', exit_code: 0, duration_ms: 4210 },
    ],
    auto_fix_rounds: 1,
    model_calls: 18,
    prompt_tokens: 84_210,
    completion_tokens: 6_120,
    cost_usd: 0.4137,
    unpriced_calls: 0,
    duration_ms: 1_284_000,
  },
};
