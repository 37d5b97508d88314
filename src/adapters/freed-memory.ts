/** Of a piece of memory that is taken and given back once. */
const once = 16 * 1024 * 1024 - 64 * 1024;

/**
 * glibc gives freed memory back to the system as soon as 128 kB of it lie at the top of a heap, and asks for it again with the next frame or
 * answer: a sixth of all processor time of a large copy went into that. It keeps twice as much as the largest piece that was ever freed (its
 * dynamic threshold, mallopt(3)), so one of them is freed at the start; nothing of it is touched. Other allocators are as they were.
 */
export function keepFreedMemory(): void {
  new ArrayBuffer(once).transfer(0);
}
