import type { FileSource } from '../contract/format.ts';

type Range = Parameters<FileSource['read']>[0];
type FetchedRange = Range & { readonly bytes: Promise<Uint8Array> };

/** How many bytes of the last range are kept. A text reader reads the end of the last range again if a record was cut there. */
const keptBytes = 64 * 1024;

/**
 * The same file for a reader that reads it from front to back. Over a network, the next range is fetched while the last one is processed: a
 * request takes as long as decoding its answer. A local file is returned unchanged. Ranges in another order fetch nothing in advance.
 */
export function readingAhead(source: FileSource): FileSource {
  if (source.localPath !== undefined) return source;
  const ahead = new Ahead(source);
  return { ...source, read: (range, into) => ahead.read(range, into) };
}

class Ahead {
  readonly #source: FileSource;
  #last: Range = { start: -1, end: -1 };
  /** The end of the range that was read last. */
  #tail: Promise<Uint8Array> = Promise.resolve(new Uint8Array(0));
  #next: FetchedRange | undefined;

  constructor(source: FileSource) {
    this.#source = source;
  }

  async read(range: Range, into?: Uint8Array): Promise<Uint8Array> {
    const [last, next] = [this.#last, this.#next];
    const goesOn = range.start > last.start && range.start <= last.end && range.end > last.end;
    const again = last.end - range.start;
    const isFetched = goesOn && next !== undefined && again <= keptBytes && range.end <= next.end;
    const reading = isFetched ? this.#joined(range, again, next.bytes, into) : this.#source.read(range, into);
    this.#last = range;
    this.#tail = reading.then((bytes) => bytes.slice(-keptBytes));
    this.#next = goesOn ? this.#inAdvance(range) : undefined;
    // The failure is thrown to the reader that waits for the range itself.
    this.#tail.catch(() => undefined);
    return await reading;
  }

  async #joined(range: Range, again: number, fetched: Promise<Uint8Array>, into: Uint8Array | undefined): Promise<Uint8Array> {
    const [tail, rest] = await Promise.all([this.#tail, fetched]);
    // The file became shorter: reading the range itself reports it.
    if (tail.length < again) return await this.#source.read(range, into);
    const kept = again === 0 ? tail.subarray(0, 0) : tail.subarray(-again);
    const taken = rest.subarray(0, range.end - range.start - again);
    const length = kept.length + taken.length;
    const whole = into !== undefined && into.length >= length ? into.subarray(0, length) : new Uint8Array(length);
    whole.set(kept);
    whole.set(taken, kept.length);
    return whole;
  }

  #inAdvance({ start, end }: Range): FetchedRange | undefined {
    const { bytes: size } = this.#source;
    if (end >= size) return undefined;
    const next = { start: end, end: Math.min(size, end + (end - start)) };
    const bytes = this.#source.read(next);
    bytes.catch(() => undefined);
    return { ...next, bytes };
  }
}
