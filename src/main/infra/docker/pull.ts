import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';

const messageSchema = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
});
type PullMessage = z.infer<typeof messageSchema>;

/**
 * Follows a pull to its end, and closes the stream. `onProgress` gets whole lines, at most one for every tenth that was
 * downloaded. Throws the engine's own error message when the pull fails.
 */
export async function followPull(
  image: string,
  stream: NodeJS.ReadableStream,
  onProgress: (line: string) => void,
): Promise<void> {
  const meter = createMeter();
  // A connection that breaks after the engine has said what failed would otherwise end the process.
  stream.on('error', () => undefined);
  onProgress(`Pulling image ${image}`);
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const message = parse(line);
      if (message?.error !== undefined) throw new Error(message.error);
      const progress = message && meter(message);
      if (progress) onProgress(`Pulling image ${image}: ${progress}`);
    }
  } finally {
    if (stream instanceof Readable) stream.destroy();
  }
  onProgress(`Pulled image ${image}`);
}

function parse(line: string): PullMessage | null {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Sums up the layers that are being downloaded; a line when a further tenth of what is known is there. */
export function createMeter(): (message: PullMessage) => string | null {
  const layers = new Map<string, { current: number; total: number }>();
  let lastTenth = 0;
  return ({ id, status, progressDetail }) => {
    if (id === undefined) return null;
    const known = layers.get(id);
    if (status === 'Downloading' && progressDetail?.total) {
      layers.set(id, { current: progressDetail.current ?? 0, total: progressDetail.total });
    } else if (known && (status === 'Download complete' || status === 'Pull complete')) {
      known.current = known.total;
    } else return null;
    let current = 0;
    let total = 0;
    for (const layer of layers.values()) {
      current += layer.current;
      total += layer.total;
    }
    const tenth = Math.floor((current / total) * 10);
    // More layers become known on the way, so the share can fall.
    if (tenth <= lastTenth) return null;
    lastTenth = tenth;
    return `${megabytes(current)} of ${megabytes(total)} MB`;
  };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
