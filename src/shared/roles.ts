import { z } from 'zod';

/** The built-in crew (compatibility.md §2). The leader gathers; the others are specialists. */
export const roles = [
  'leader',
  'architect',
  'frontend',
  'backend',
  'designer',
  'ci/cd engineer',
  'qa engineer',
  'security engineer',
] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const specialists: readonly Role[] = roles.filter((role) => role !== 'leader');
