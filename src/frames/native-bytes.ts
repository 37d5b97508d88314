/** Buffers that are released at once. V8 sees a buffer as a small object, and collects it late. */

/** The bytes are no longer used. A part of a larger buffer stays: other code may use the rest. */
export function letGoOfBytes({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
