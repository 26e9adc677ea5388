import type { ScriptInput } from '../model-server/script.ts';

/**
 * The scenario of the demo and of the whole-job tests: a small repository whose tests fail. The scripted crew studies
 * it, plans one task, mends half of the bug, and needs one auto-fix round for the other half.
 */
export const addBugGoal =
  'Make the tests pass: add() must add two numbers and refuse anything else with a TypeError.';

export const addBugFiles: Record<string, string> = {
  'package.json': `${JSON.stringify({ name: 'calculator', version: '1.0.0', type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md': '# Calculator\n\nOne function, two tests. Run them with `npm test`.\n',
  'src/add.js': 'export function add(a, b) {\n  return a - b;\n}\n',
  'test/add.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { add } from '../src/add.js';

test('adds two numbers', () => {
  assert.equal(add(2, 3), 5);
});

test('refuses what is not a number', () => {
  assert.throws(() => add('2', 3), TypeError);
});
`,
};

export const addBugPlan = {
  tasks: [
    {
      id: 't1',
      title: 'Mend add()',
      owner_agent: 'backend',
      depends_on: [],
      acceptance_criteria: ['add(2, 3) is 5', 'add("2", 3) throws a TypeError'],
    },
  ],
  files_to_change: ['src/add.js'],
  commands: ['node --test'],
  test_matrix: ['node --test'],
  pr: { title: 'Make add() add', body: 'It subtracted, and took anything for a number.' },
  risks: ['Callers that pass numeric strings now get a TypeError'],
};

const call = (name: string, args: Record<string, unknown>) => ({ name, arguments: args });
const studying = 'Study the repository';

const readingStep = {
  name: 'study: read',
  when: { system: studying, step: 0 },
  times: 'any',
  reply: {
    text: 'Let me look at the function.\n',
    toolCalls: [call('read_file', { path: 'src/add.js' })],
  },
} satisfies ScriptInput['exchanges'][number];

interface ScenarioOptions {
  /** Holds the task's first answer at the gate `task` until it is released. */
  slow?: boolean;
  /** Specialists read a file before they answer; without it they answer at once, which saves rate-limited calls. */
  reading?: boolean;
  replayIdentical?: boolean;
}

export function addBugScript(options: ScenarioOptions = {}): ScriptInput {
  const task = (step: number) => ({ user: 'Your task (t1)', step });
  const fix = (step: number) => ({ user: 'Auto-fix round 1', step });
  const says = 'I read the code before I change it.';
  return {
    replayIdentical: options.replayIdentical ?? false,
    exchanges: [
      ...(options.reading ? [readingStep] : []),
      {
        name: 'study: findings',
        when: { system: studying, step: options.reading ? 1 : 0 },
        times: 'any',
        reply: {
          toolCalls: [
            call('finish', {
              summary: 'src/add.js subtracts. The tests run with node --test and need no packages.',
            }),
          ],
        },
      },
      { name: 'plan', when: { role: 'leader', format: true }, reply: { text: JSON.stringify(addBugPlan) } },
      {
        name: 'task: read',
        when: task(0),
        reply: {
          text: options.slow ? [{ gate: 'task' }, `${says}\n`] : `${says}\n`,
          toolCalls: [
            call('update_progress', { text: 'Reading src/add.js' }),
            call('read_file', { path: 'src/add.js' }),
          ],
        },
      },
      {
        name: 'task: edit',
        when: task(1),
        reply: {
          text: 'It subtracts. I make it add.\n',
          toolCalls: [
            call('edit_file', { path: 'src/add.js', old_text: 'return a - b;', new_text: 'return a + b;' }),
          ],
        },
      },
      {
        name: 'task: try',
        when: task(2),
        reply: {
          toolCalls: [
            call('run_command', {
              command: `node -e "import('./src/add.js').then(m => console.log(m.add(2, 3)))"`,
            }),
          ],
        },
      },
      {
        name: 'task: finish',
        when: task(3),
        reply: { toolCalls: [call('finish', { summary: 'add() adds now.' })] },
      },
      {
        name: 'fix: edit',
        when: fix(0),
        reply: {
          text: 'The second test fails: it must refuse what is not a number.\n',
          toolCalls: [
            call('edit_file', {
              path: 'src/add.js',
              old_text: '  return a + b;',
              new_text:
                "  if (typeof a !== 'number' || typeof b !== 'number') throw new TypeError('add() takes two numbers');\n  return a + b;",
            }),
          ],
        },
      },
      {
        name: 'fix: test',
        when: fix(1),
        reply: { toolCalls: [call('run_command', { command: 'node --test' })] },
      },
      {
        name: 'fix: finish',
        when: fix(2),
        reply: { toolCalls: [call('finish', { summary: 'Both tests pass.' })] },
      },
    ],
  };
}
