import type { z } from 'zod';
import { accountOperations } from './operations/account-operations.ts';
import { jobOperations } from './operations/job-operations.ts';
import { llmOperations } from './operations/llm-operations.ts';
import { systemOperations } from './operations/system-operations.ts';
import { usageOperations } from './operations/usage-operations.ts';

export type { HttpRoute, Operation } from './operations/operation.ts';
export * from './operations/job-operations.ts';
export * from './operations/system-operations.ts';

/** Every operation of Dev Crew, declared once each. */
export const operations = {
  ...jobOperations,
  ...systemOperations,
  ...llmOperations,
  ...accountOperations,
  ...usageOperations,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
/** What a caller gives (defaults not yet filled in). */
export type InputOf<N extends OperationName> = z.input<Operations[N]['input']>;
/** What a handler receives (parsed, defaults filled in). */
export type ParsedInputOf<N extends OperationName> = z.output<Operations[N]['input']>;
export type OutputOf<N extends OperationName> = z.output<Operations[N]['output']>;
export const operationNames = Object.keys(operations) as OperationName[];
