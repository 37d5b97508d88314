/** Keeps small files in memory, because each read costs a request, however few bytes are read. */

/** Over a network, a file of up to this many bytes is read whole, since a request costs more than the bytes. */
export const smallBytes = 256 * 1024;
/** The most bytes of small files that are kept in memory, from planning until their slices are read. */
const keptBytes = 32 * 1024 * 1024;

/** Keeps small files whole. The first request for a part of a file fetches the whole file. If the files together grow too large, the oldest files are dropped, and fetched again when they are needed. */
export class SmallFiles {
  readonly #kept = new Map<string, { readonly body: Promise<Uint8Array>; readonly bytes: number }>();
  #bytes = 0;

  /** @param key identifies this version of the file. @param load loads the whole file. */
  async whole(key: string, bytes: number, load: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known.body;
    const body = load();
    this.#kept.set(key, { body, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= keptBytes) break;
      this.#forget(oldest);
    }
    try {
      return await body;
    } catch (error) {
      if (this.#kept.get(key)?.body === body) this.#forget(key);
      throw error;
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}

/** A range of the file as a copy, which the caller may change or transfer. */
export function rangeOf(
  whole: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  into?: Uint8Array,
): Uint8Array {
  const part = whole.subarray(start, Math.max(start, end));
  if (into === undefined || into.byteLength < part.byteLength) return part.slice();
  into.set(part);
  return into.subarray(0, part.byteLength);
}
