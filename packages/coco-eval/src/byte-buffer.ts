/** Bytes that grow in number, in room that is kept. */
export type ByteBuffer = {
  /** The bytes, and room behind them. */
  bytes: Uint8Array;
  /** How many there are. */
  length: number;
};

/** Makes an empty buffer. */
export function byteBuffer(): ByteBuffer {
  return { bytes: new Uint8Array(1024), length: 0 };
}

/** Makes room for `count` more bytes, and returns what the buffer then is written to: from its `length` on. */
export function reserveBytes(buffer: ByteBuffer, count: number): Uint8Array {
  const { bytes, length } = buffer;
  if (length + count <= bytes.length) return bytes;
  const grown = new Uint8Array(Math.max(2 * bytes.length, length + count));
  grown.set(bytes.subarray(0, length));
  buffer.bytes = grown;
  return grown;
}
