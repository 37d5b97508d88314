import type { FileSource } from '../contract/format.ts';

type Range = Parameters<FileSource['read']>[0];
type FetchedRange = Range & { readonly bytes: Promise<Uint8Array> };

/** How many bytes of the last range are kept. If the last range cut a record, a text reader reads the end of this range again. */
const keptBytes = 64 * 1024;

/**
 * Wraps a file for a reader that reads from front to back. Over a network, the next range is fetched while the reader processes the last
 * range, because a request takes as long as decoding its answer. For a local file, the same file is returned. If ranges are read in another
 * order, nothing is fetched in advance.
 */
export function readingAhead(source: FileSource): FileSource {
  if (source.localPath !== undefined) return source;
  const ahead = new Ahead(source);
  return { ...source, read: (range, into) => ahead.read(range, into) };
}

class Ahead {
  readonly #source: FileSource;
  #last: Range = { start: -1, end: -1 };
  /** The last bytes of the range that was read last. */
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
    // The reader that waits for the range gets the error of the request, so the error is ignored here.
    this.#tail.catch(() => undefined);
    return await reading;
  }

  async #joined(range: Range, again: number, fetched: Promise<Uint8Array>, into: Uint8Array | undefined): Promise<Uint8Array> {
    const [tail, rest] = await Promise.all([this.#tail, fetched]);
    // If the file became shorter, reading the range itself throws the right error.
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
