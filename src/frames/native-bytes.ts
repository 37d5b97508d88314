/** Buffers that are given back at once. Of a buffer V8 sees a small object, and collects it late. */

/** The bytes are used no more. A part of a larger buffer stays: others may be at work in it. */
export function letGoOfBytes({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
