import { z } from 'zod';
import type { CrewBridge, CrewClient } from '../../../shared/client.ts';
import { type Result, appErrorSchema, err, ok } from '../../../shared/errors.ts';
import { feedFrameSchema } from '../../../shared/events.ts';
import { type InputOf, type OperationName, type OutputOf, operations } from '../../../shared/operations.ts';
import { unreachable, unreadable } from './wire-error.ts';

const resultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: appErrorSchema }),
]);

/** The client of the desktop: everything goes through the two functions that the preload exposes. */
export function createIpcClient(bridge: CrewBridge): CrewClient {
  async function ask(name: string, input: unknown): Promise<Result<unknown>> {
    try {
      const result = resultSchema.safeParse(await bridge.call(name, input));
      return result.success ? result.data : err(unreadable);
    } catch {
      return err(unreachable);
    }
  }

  return {
    async call<N extends OperationName>(name: N, input: InputOf<N>): Promise<Result<OutputOf<N>>> {
      const result = await ask(name, input);
      if (!result.ok) return result;
      const output = operations[name].output.safeParse(result.value);
      return output.success ? ok(output.data as OutputOf<N>) : err(unreadable);
    },

    subscribe(request, onFrame, onStatus) {
      const stop = bridge.subscribe(request, (frame) => {
        const parsed = feedFrameSchema.safeParse(frame);
        if (parsed.success) onFrame(parsed.data);
      });
      // The engine lives as long as the window, so the feed is open from the start.
      onStatus?.('open');
      return stop;
    },

    desktop: {
      async pickFolder() {
        const result = await ask('desktop.pickFolder', {});
        return result.ok && typeof result.value === 'string' ? result.value : null;
      },
    },
  };
}
