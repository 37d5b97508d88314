/** Adds gzip and zstd to any format: readers get plain bytes, and writers pass plain bytes. Files are streamed, and never in memory as a whole. */
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { textCodes } from '../../errors/codes/text.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import type { FileSource } from '../contract/format.ts';
import { readingAhead } from './prefetch-ranges.ts';
import { beginsZstd, ZstdFrames } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** For each compression, the ending of the file names. */
export const compressedExtensions: Readonly<Record<Compression, string>> = { none: '', gzip: '.gz', zstd: '.zst' };

const readBytes = 4 * 1024 * 1024;
const chunkBytes = 256 * 1024;

/** The compression of a file. The config says it, or the first bytes of the file show it. */
export async function compressionOf(source: FileSource, said: 'auto' | Compression): Promise<Compression> {
  if (said !== 'auto') return said;
  if (source.bytes < 4) return 'none';
  const first = await source.read({ start: 0, end: 4 });
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  return beginsZstd(first) ? 'zstd' : 'none';
}

/**
 * The plain bytes of a file, in order, in chunks. A file may have several gzip members or zstd frames, because files are joined by
 * appending one to another. Throws HomeError HYG-3301 if a compressed file is torn or damaged, or contains other data as well.
 */
export async function* plainBytes(source: FileSource, compression: Compression): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* storedBytes(source);
    return;
  }
  const isGzip = compression === 'gzip';
  const open = isGzip ? createGunzip({ chunkSize: chunkBytes }) : createZstdDecompress({ chunkSize: chunkBytes });
  const stored = isGzip ? storedBytes(source) : frameByFrame(source);
  const fed = pipeline(Readable.from(stored, { objectMode: true, highWaterMark: 1 }), open);
  // The loop below reports a failure of the source, because the failure also ends the loop.
  fed.catch(() => undefined);
  try {
    for await (const chunk of open) yield chunk as Uint8Array;
    // If a zero byte follows a gzip member, the decoder stops and ignores the rest of the file.
    if (isGzip && open.bytesWritten < source.bytes) await onlyPadding(source, open.bytesWritten);
    else await fed;
  } catch (cause) {
    throw isOfCodec(cause) ? ofCodec(source.name, compression, cause) : cause;
  }
}

async function* storedBytes(stored: FileSource, from = 0): AsyncGenerator<Uint8Array> {
  const source = readingAhead(stored);
  for (let start = from; start < source.bytes; start += readBytes)
    yield await source.read({ start, end: Math.min(source.bytes, start + readBytes) });
}

async function* frameByFrame(source: FileSource): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames();
  for await (const bytes of storedBytes(source))
    for (const piece of frames.cut(bytes)) {
      if (piece === undefined)
        throw frames.begun === 0
          ? undecodable(source.name, 'zstd', ['The first bytes are not the bytes of a zstd frame.'])
          : followed(source.name, 'zstd');
      yield piece;
    }
  if (!frames.isBetween) throw torn(source.name, 'zstd', [`The file ends inside frame ${Math.max(1, frames.begun)}.`]);
}

/** Throws if anything but zeros follows the last gzip member. Tapes and block devices add such zeros. */
async function onlyPadding(source: FileSource, from: number): Promise<void> {
  for await (const bytes of storedBytes(source, from)) if (bytes.some((byte) => byte !== 0)) throw followed(source.name, 'gzip');
}

/** Whether the error comes from zlib or zstd. A source that can’t be read throws an error of its own. */
function isOfCodec(cause: unknown): cause is NodeJS.ErrnoException {
  return /^(Z_|ZSTD_|ERR_ZLIB|ERR_ZSTD)/.test(String((cause as NodeJS.ErrnoException | null)?.code));
}

function ofCodec(name: string, compression: Compression, cause: NodeJS.ErrnoException): HomeError {
  const early = cause.code === 'Z_BUF_ERROR' || /unexpected end/i.test(cause.message);
  return (early ? torn : undecodable)(name, compression, [cause.message], cause);
}

function torn(name: string, compression: Compression, why: readonly string[], cause?: unknown): HomeError {
  return damaged(`${name} is torn: its ${compression} data ends too early.`, why, cause);
}

function undecodable(name: string, compression: Compression, why: readonly string[], cause?: unknown): HomeError {
  return damaged(`${name} can't be decompressed as ${compression}.`, why, cause);
}

function followed(name: string, compression: Compression): HomeError {
  return damaged(`${name} has other data after its ${compression} data.`, [
    'That data may contain rows, so nothing of the file is loaded.',
  ]);
}

function damaged(what: string, why: readonly string[], cause?: unknown): HomeError {
  return new HomeError({ code: 'HYG-3301', what, why, tryThis: textCodes['HYG-3301'].tryThis, cause });
}

/** Compresses the written bytes in order. With `none`, the bytes stay unchanged. The codec returns bytes as soon as they are ready, and the rest at the end. */
export class Compressor {
  readonly #codec: Transform | undefined;
  #ready: Uint8Array[] = [];

  constructor(compression: Compression) {
    if (compression === 'gzip') this.#codec = createGzip({ chunkSize: chunkBytes });
    // A zstd frame gets a checksum, as gzip always has, so that readers can recognize a damaged file.
    if (compression === 'zstd') this.#codec = createZstdCompress({ chunkSize: chunkBytes, params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    this.#codec?.on('data', (chunk: Uint8Array) => this.#ready.push(chunk));
  }

  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    const codec = this.#codec;
    if (codec === undefined) {
      yield bytes;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      codec.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    yield* this.#taken();
  }

  async *end(): AsyncGenerator<Uint8Array> {
    const codec = this.#codec;
    if (codec === undefined) return;
    await new Promise<void>((resolve, reject) => {
      codec.once('end', resolve);
      codec.once('error', reject);
      codec.end();
    });
    yield* this.#taken();
  }

  #taken(): readonly Uint8Array[] {
    const taken = this.#ready;
    this.#ready = [];
    return taken;
  }
}
