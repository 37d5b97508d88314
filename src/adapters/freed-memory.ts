/** The size of a memory block that is allocated and freed once. */
const once = 16 * 1024 * 1024 - 64 * 1024;

/**
 * glibc returns freed memory to the system as soon as 128 kB are free at the top of a heap, and requests it again with the next frame or answer. This took
 * a sixth of the processor time of a large copy. glibc then keeps twice as much memory as the largest block that was ever freed (its dynamic threshold,
 * mallopt(3)). So an unused large block is allocated and freed at the start. Other allocators are not affected.
 */
export function keepFreedMemory(): void {
  new ArrayBuffer(once).transfer(0);
}
