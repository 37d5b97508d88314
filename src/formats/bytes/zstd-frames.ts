/**
 * Finds where the frames of a zstd file end (RFC 8878). A file may contain any number of frames, as `cat a.zst b.zst` or a parallel
 * compressor writes it, and skippable frames between them. The decoder stops after the first frame if a piece contains more than one frame.
 */

const magic = 0xfd2fb528;
/** Whether the field is 0x184D2A50 to 0x184D2A5F, which begins a skippable frame. */
const isSkippable = (field: number): boolean => field >>> 4 === 0x184d2a5;

/** Whether the bytes begin with the first four bytes of a zstd file. */
export function beginsZstd(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const field = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  return field === magic || isSkippable(field);
}

/** What follows in the frame: a field of this many bytes that hygge reads, or this many bytes that only the decoder understands. */
type Next =
  | { readonly field: 'magic' | 'descriptor' | 'block' | 'skippable size'; readonly bytes: number }
  | { readonly field: 'none'; readonly bytes: number; readonly then: Next };

const frame: Next = { field: 'magic', bytes: 4 };
const block: Next = { field: 'block', bytes: 3 };
const blockKinds = { compressed: 2, rle: 1 };

/** Cuts the bytes of a file at the end of each frame. Skippable frames are cut like other frames, because the decoder skips them. */
export class ZstdFrames {
  #next: Next = frame;
  /** How many bytes of the next field were seen, and the value of these bytes, little-endian. */
  #seen = 0;
  #value = 0;
  #hasChecksum = false;
  #begun = 0;

  /** The number of frames that begin in the bytes that were cut so far. */
  get begun(): number {
    return this.#begun;
  }

  /** Whether the file may end here, between two frames. */
  get isBetween(): boolean {
    return this.#begun > 0 && this.#next === frame && this.#seen === 0;
  }

  /** Cuts a chunk into pieces. Undefined in place of a piece: the bytes there do not begin a frame. */
  *cut(chunk: Uint8Array): Generator<Uint8Array | undefined> {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      at = this.#advance(chunk, at);
      if (this.#seen < this.#next.bytes) break;
      const next = this.#following(this.#next);
      if (next === undefined) {
        yield undefined;
        return;
      }
      this.#next = next;
      this.#seen = 0;
      this.#value = 0;
      if (next !== frame) continue;
      yield chunk.subarray(from, at);
      from = at;
    }
    if (from < chunk.length) yield chunk.subarray(from);
  }

  #advance(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.#next.bytes - this.#seen);
    if (this.#next.field !== 'none') for (let i = at; i < end; i++) this.#value += (chunk[i] as number) * 2 ** (8 * (this.#seen + i - at));
    this.#seen += end - at;
    return end;
  }

  #following(next: Next): Next | undefined {
    const value = this.#value;
    switch (next.field) {
      case 'none':
        return next.then;
      case 'magic':
        if (value !== magic && !isSkippable(value)) return undefined;
        this.#begun++;
        return value === magic ? { field: 'descriptor', bytes: 1 } : { field: 'skippable size', bytes: 4 };
      case 'skippable size':
        return passing(value, frame);
      case 'descriptor': {
        this.#hasChecksum = (value & 4) !== 0;
        const isSingleSegment = (value & 32) !== 0;
        const window = isSingleSegment ? 0 : 1;
        const dictionary = [0, 1, 2, 4][value & 3] as number;
        const size = [isSingleSegment ? 1 : 0, 2, 4, 8][value >>> 6] as number;
        return passing(window + dictionary + size, block);
      }
      case 'block': {
        const kind = (value >>> 1) & 3;
        // If the block has the reserved fourth kind, the decoder refuses the file.
        const bytes = kind === blockKinds.rle ? 1 : kind > blockKinds.compressed ? 0 : value >>> 3;
        const isLast = (value & 1) !== 0;
        return passing(bytes, isLast ? passing(this.#hasChecksum ? 4 : 0, frame) : block);
      }
    }
  }
}

const passing = (bytes: number, then: Next): Next => (bytes === 0 ? then : { field: 'none', bytes, then });
