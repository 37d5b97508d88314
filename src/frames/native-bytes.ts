/** Releases the memory of buffers at once. V8 would collect a buffer late, because it sees the buffer as a small object. */

/** Releases bytes that are no longer used. If the bytes are a part of a larger buffer, they stay, because other code may use the rest of the buffer. */
export function letGoOfBytes({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
