import { z } from 'zod';
import { verificationSchema, type Verification } from '../../../shared/report.ts';
import { roleSchema } from '../../../shared/roles.ts';
import type { Tables } from '../ports/store.ts';
import type { RepoContext, WorkspaceHandle } from '../ports/workspace.ts';

const named = z.object({ path: z.string(), text: z.string() });
const contextSchema: z.ZodType<RepoContext> = z.object({
  files: z.array(z.string()),
  fileCount: z.number(),
  manifests: z.array(named),
  instructions: z.array(named),
  readme: z.string().nullable(),
  moduleMap: z.array(z.object({ path: z.string(), files: z.number() })),
  testCommands: z.array(z.string()),
});
const handleSchema: z.ZodType<WorkspaceHandle> = z.object({
  jobId: z.string(),
  gitDir: z.string(),
  worktreeGitDir: z.string(),
  worktree: z.string(),
  baseCommit: z.string(),
  workBranch: z.string(),
});
const snapshotSchema = z.object({ commit: z.string(), tree: z.string() });

interface Fact<T> {
  get(tables: Tables, jobId: string): T | null;
  set(tables: Tables, jobId: string, value: T): void;
  remove(tables: Tables, jobId: string): void;
}

/** A named JSON value of a job that lets another process go on: written in the transaction that makes it true. */
export function fact<T>(name: string, schema: z.ZodType<T>): Fact<T> {
  const key = (jobId: string): string => `job:${jobId}:${name}`;
  return {
    get: (tables, jobId) => {
      const value = tables.values.get(key(jobId));
      if (value === undefined) return null;
      const parsed = schema.safeParse(value);
      return parsed.success ? parsed.data : null;
    },
    set: (tables, jobId, value) => tables.values.set(key(jobId), value),
    remove: (tables, jobId) => tables.values.remove(key(jobId)),
  };
}

export const workspaceFact = fact('workspace', handleSchema);
/** Redacted: it goes to models. */
export const contextFact = fact('context', contextSchema);
/** Who studies the repository; set when the study began. */
export const crewFact = fact('crew', z.array(roleSchema));
/** What the specialists found; set when all were done. */
export const findingsFact = fact('findings', z.array(z.object({ role: roleSchema, text: z.string() })));
export const snapshotFact = fact('snapshot', snapshotSchema);
export const baselineFact = fact('baseline', verificationSchema);
export const verificationFact = (round: number): Fact<Verification> =>
  fact(`verification:${round}`, verificationSchema);
