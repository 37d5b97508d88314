/** The size of a memory block that is allocated and freed once. */
const once = 16 * 1024 * 1024 - 64 * 1024;

/**
 * glibc returns freed memory to the system as soon as 128 kB are free at the top of a heap, and requests it again with the next frame or answer. That
 * took a sixth of the processor time of a large copy. It keeps twice as much as the largest block that was ever freed (its dynamic threshold,
 * mallopt(3)), so a large block is freed at the start without being used. Other allocators are not affected.
 */
export function keepFreedMemory(): void {
  new ArrayBuffer(once).transfer(0);
}
