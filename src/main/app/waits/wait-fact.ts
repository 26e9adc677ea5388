import { z } from 'zod';
import { providerSchema } from '../../../shared/models.ts';
import { limitScopes } from '../../domain/ledger.ts';
import type { Wait } from '../../domain/wait.ts';
import { fact } from '../crew/facts.ts';

const who = { provider: providerSchema, accountId: z.string().nullable(), reason: z.string() };
const waitSchema: z.ZodType<Wait> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('quota'), ...who, untilMs: z.number() }),
  z.object({ kind: z.literal('sign_in'), ...who, refused: z.string().nullable() }),
  z.object({
    kind: z.literal('budget'),
    call: z.object({
      jobId: z.string().nullable(),
      provider: providerSchema,
      accountId: z.string(),
      model: z.string(),
      role: z.string().nullable(),
    }),
    promptTokens: z.number(),
    amount: z.object({ tokens: z.number(), micros: z.number().nullable() }),
    shortfall: z.object({
      scope: z.enum(limitScopes),
      unit: z.enum(['micros', 'tokens']),
      limit: z.number(),
      booked: z.number(),
      needed: z.number(),
    }),
    reason: z.string(),
  }),
]);

/** What a job waits for and the escalation that says so; set with the wait, gone with its end. */
export const waitFact = fact('wait', z.object({ wait: waitSchema, escalationId: z.string().nullable() }));
