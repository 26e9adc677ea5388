import { z } from 'zod';
import type { ToolSpec } from './model-messages.ts';

const path = z.string().min(1).describe('Path relative to the repository root');

/** Arguments of each tool of an agent (design.md §2). Unknown arguments are refused, so that a typo is noticed. */
export const toolInputs = {
  list_files: z.strictObject({ path: z.string().default('.').describe('Folder to list') }),
  search: z.strictObject({
    pattern: z.string().min(1).max(500).describe('Regular expression'),
    path: z.string().default('.').describe('Folder or file to search in'),
  }),
  read_file: z.strictObject({
    path,
    from: z.int().min(1).optional().describe('First line, from 1'),
    to: z.int().min(1).optional().describe('Last line, inclusive'),
  }),
  edit_file: z.strictObject({
    path,
    old_text: z.string().min(1).describe('Exact text to replace; must occur exactly once'),
    new_text: z.string().describe('Text to put there'),
  }),
  write_file: z.strictObject({ path, content: z.string().describe('The whole new content') }),
  delete_file: z.strictObject({ path }),
  run_command: z.strictObject({
    command: z
      .string()
      .min(1)
      .max(10_000)
      .describe('Shell command, run in the repository root inside the sandbox'),
    timeout_seconds: z.int().min(1).max(3600).optional(),
  }),
  update_progress: z.strictObject({
    text: z.string().min(1).max(2000).describe('One line on what you are doing'),
  }),
  ask_human: z.strictObject({
    question: z.string().min(1).max(5000),
    options: z.array(z.string().max(500)).max(10).default([]),
  }),
  finish: z.strictObject({
    summary: z.string().min(1).max(20_000).describe('What was done and what was found'),
  }),
} as const;

export type ToolName = keyof typeof toolInputs;
export type ToolInput<N extends ToolName> = z.output<(typeof toolInputs)[N]>;

const descriptions: Record<ToolName, string> = {
  list_files: 'List files of the repository below a folder.',
  search: 'Search text files with a regular expression; answers path:line: text.',
  read_file: 'Read a text file, whole or a range of lines.',
  edit_file: 'Replace one exact piece of text in a file.',
  write_file: 'Create a file or replace its whole content.',
  delete_file: 'Delete a file.',
  run_command: 'Run a shell command in the sandbox. It has no network. Processes it leaves behind are ended.',
  update_progress: 'Tell the people who watch what you are doing now.',
  ask_human: 'Ask a person a question you cannot answer yourself. Work stops until the answer comes.',
  finish: 'End your work with a summary.',
};

export const readOnlyTools: readonly ToolName[] = [
  'list_files',
  'search',
  'read_file',
  'update_progress',
  'finish',
];
export const allTools = Object.keys(toolInputs) as ToolName[];

/** Calls that may change the worktree: each is preceded by a persisted intent. */
export const changesWorktree = (name: ToolName): boolean =>
  name === 'edit_file' || name === 'write_file' || name === 'delete_file' || name === 'run_command';

/** Tools as a model is told of them. */
export function toolSpecs(names: readonly ToolName[]): ToolSpec[] {
  return names.map((name) => {
    const { $schema: _, ...parameters } = z.toJSONSchema(toolInputs[name], { io: 'input' });
    return { name, description: descriptions[name], parameters };
  });
}

export type ParsedCall = { [N in ToolName]: { name: N; input: ToolInput<N> } }[ToolName];

/**
 * A model's call as a typed value, or what was wrong with it in words for the model. A name in other case is taken;
 * arguments that came as a JSON string are read.
 */
export function parseCall(
  name: string,
  input: unknown,
  allowed: readonly ToolName[],
): { ok: true; call: ParsedCall } | { ok: false; message: string } {
  const known = allowed.find((tool) => tool === name.trim().toLowerCase());
  if (!known) return { ok: false, message: `There is no tool "${name}". Tools: ${allowed.join(', ')}.` };
  const parsed = toolInputs[known].safeParse(unwrapJson(input));
  if (parsed.success) return { ok: true, call: { name: known, input: parsed.data } as ParsedCall };
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`,
  );
  return { ok: false, message: `The arguments of ${known} are wrong: ${problems.join('; ')}.` };
}

function unwrapJson(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}
