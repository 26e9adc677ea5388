/** Events out of the bytes of a stream, whatever way they are cut, UTF-8 sequences included. */
export interface EventText {
  /** Text of the events that these bytes end. Throws RangeError for an endless one. */
  feed(bytes: Uint8Array): string[];
  /** The event that the end of the stream ends, though what should end it is missing. */
  end(): string[];
  /** Comments since it was last asked: providers send them as a sign of life. */
  comments(): number;
}
