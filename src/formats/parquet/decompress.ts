import { promisify } from 'node:util';
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib';
import { ThriftDamaged } from './thrift.ts';

/** CompressionCodec of parquet.thrift. LZO and the older LZ4 are left out, because readers disagree about their framing. */
export const codecIds = { uncompressed: 0, snappy: 1, gzip: 2, brotli: 4, zstd: 6, lz4: 7 } as const;

type Decompress = (bytes: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array>;

const limited =
  (decompress: (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>): Decompress =>
  (bytes, size) =>
    decompress(bytes, { maxOutputLength: Math.max(1, size) });

const decompressors: Readonly<Record<number, Decompress>> = {
  [codecIds.uncompressed]: (bytes) => bytes,
  [codecIds.snappy]: fromSnappy,
  // gunzip decompresses all gzip members of the page, one after another.
  [codecIds.gzip]: limited(promisify(gunzip)),
  [codecIds.brotli]: limited(promisify(brotliDecompress)),
  [codecIds.zstd]: limited(promisify(zstdDecompress)),
  [codecIds.lz4]: fromLz4,
};

export function isKnownCodec(codec: number): boolean {
  return codec in decompressors;
}

/** The decompressed bytes. Their number must be the size that the page states. Throws ThriftDamaged. */
export async function decompressed(
  bytes: Uint8Array,
  { codec, size }: { readonly codec: number; readonly size: number },
): Promise<Uint8Array> {
  // Some writers write zero bytes for an empty page.
  if (bytes.length === 0 && size === 0) return bytes;
  const decompress = decompressors[codec];
  if (decompress === undefined) throw new ThriftDamaged(`codec ${codec}`);
  const plain = await Promise.resolve(decompress(bytes, size)).catch((cause: Error) => {
    throw new ThriftDamaged(`a page that can't be decompressed: ${cause.message}`);
  });
  if (plain.length !== size) throw new ThriftDamaged(`a page of ${plain.length} bytes that says it has ${size}`);
  return plain;
}

/** The output of a decoder: literals, and copies of earlier output. Both formats consist of these two. */
class Output {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  literal(from: Uint8Array, start: number, length: number): void {
    if (start + length > from.length) throw new ThriftDamaged('a compressed page that ends too early');
    this.#mustFit(length);
    this.bytes.set(from.subarray(start, start + length), this.#at);
    this.#at += length;
  }

  copy(back: number, length: number): void {
    if (back === 0 || back > this.#at) throw new ThriftDamaged('a compressed page that refers to data outside of it');
    this.#mustFit(length);
    // Copied bytes may be copied again by the same copy, so the bytes are copied one by one.
    for (const end = this.#at + length; this.#at < end; this.#at++) this.bytes[this.#at] = this.bytes[this.#at - back] ?? 0;
  }

  whole(): Uint8Array {
    return this.bytes.subarray(0, this.#at);
  }

  #mustFit(length: number): void {
    if (this.#at + length > this.bytes.length) throw new ThriftDamaged('a compressed page that is larger than it says');
  }
}

/** A number of `length` bytes, with the low byte first. */
function little(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new ThriftDamaged('a compressed page that ends too early');
    value = value * 256 + byte;
  }
  return value;
}

async function fromSnappy(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const output = new Output(size);
  // The stream begins with its size, seven bits per byte. The size is skipped, because the page states the size as well.
  let at = 0;
  while (((bytes[at++] ?? 0) & 0x80) !== 0);
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const more = Math.max(0, short - 59);
      const length = 1 + (more === 0 ? short : little(bytes, at, more));
      output.literal(bytes, at + more, length);
      at += more + length;
    } else if (kind === 1) {
      output.copy((tag >> 5) * 256 + little(bytes, at, 1), ((tag >> 2) & 7) + 4);
      at += 1;
    } else {
      const wide = kind === 2 ? 2 : 4;
      output.copy(little(bytes, at, wide), (tag >> 2) + 1);
      at += wide;
    }
  }
  return output.whole();
}

async function fromLz4(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const output = new Output(size);
  let at = 0;
  /** A length of four bits. If all four bits are set, the length continues in further bytes. */
  const extended = (short: number): number => {
    let length = short;
    for (let byte = short === 15 ? 255 : 0; byte === 255; length += byte) byte = little(bytes, at++, 1);
    return length;
  };
  while (at < bytes.length) {
    const token = bytes[at++] ?? 0;
    const literals = extended(token >> 4);
    output.literal(bytes, at, literals);
    at += literals;
    // The last sequence consists of literals alone, so decoding ends here.
    if (at >= bytes.length) break;
    const back = little(bytes, at, 2);
    at += 2;
    output.copy(back, extended(token & 15) + 4);
  }
  return output.whole();
}
