import { randomUUID } from 'node:crypto';
import type { Ids } from '../app/ports/system.ts';

/** Ids of the edges: correlation only, so nothing needs to foresee them. */
export const systemIds: Ids = { uuid: () => randomUUID() };
