import { z } from 'zod';

/** A limit of cost in US dollars; 0 lets only free calls through. */
export const maxCostSchema = z.number().min(0).max(1_000_000);
/** A limit of tokens, those of prompts and of answers together. */
export const maxTokensSchema = z.number().int().min(0).max(1e12);
