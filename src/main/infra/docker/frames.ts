/** A piece of one frame's payload; views the chunk it came in. */
export interface OutputPiece {
  stream: 'stdout' | 'stderr';
  data: Buffer;
}

const headerBytes = 8;

/**
 * Splits Docker's multiplexed stream (8-byte header: stream type, three zeros, big-endian length; then the payload)
 * at any chunk borders. Payloads are passed on as they come, so a frame of any length needs no memory.
 *
 * Written here because dockerode's `demuxStream` recurses for each frame, knows no backpressure and never ends.
 * Throws on a header that is none: the stream is then not a multiplexed one, which is a defect.
 */
export function createFrameParser(): (chunk: Buffer) => OutputPiece[] {
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let payloadLeft = 0;
  let stream: OutputPiece['stream'] = 'stdout';

  return (chunk) => {
    const pieces: OutputPiece[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft > 0) {
        const data = chunk.subarray(at, at + payloadLeft);
        pieces.push({ stream, data });
        at += data.length;
        payloadLeft -= data.length;
        continue;
      }
      const copied = chunk.copy(header, headerFilled, at, at + headerBytes - headerFilled);
      at += copied;
      headerFilled += copied;
      if (headerFilled < headerBytes) break;
      stream = streamOf(header);
      payloadLeft = header.readUInt32BE(4);
      headerFilled = 0;
    }
    return pieces;
  };
}

function streamOf(header: Buffer): OutputPiece['stream'] {
  const type = header[0];
  if (type === 2) return 'stderr';
  // 0 is stdin, which the engine uses for its own messages on some versions.
  if (type === 0 || type === 1) return 'stdout';
  throw new Error(`not a multiplexed Docker stream: header ${header.toString('hex')}`);
}
