/** Reads the beginning of a file, as UTF-8, and finds where the records begin. */

import { type Compression, compressionOf, plainBytes } from '../bytes/compression.ts';
import type { FileSource } from '../contract/format.ts';
import { hasLoneReturns } from './detect.ts';
import { carriageReturn, lineFeed } from './dialect.ts';
import { asUtf8, byteOrderMark, encodingNamed, unmarkedUtf16 } from './encodings.ts';
import { emptyFile, unmarked } from './errors.ts';
import type { CsvHomeOptions } from './options.ts';

export interface Storage {
  readonly compression: Compression;
  /** The canonical name of the file’s encoding. */
  readonly encoding: string;
  /** The number of bytes of the byte order mark. */
  readonly mark: number;
}

export interface FileStart extends Storage {
  readonly bytes: Uint8Array;
  /** The position at which the first record begins, after the byte order mark and the lines to skip. */
  readonly from: number;
  /** The delimiter from a first line such as `sep=;`, which Excel writes. */
  readonly separator: string | undefined;
  /** Whether the bytes are the whole file. */
  readonly last: boolean;
}

/** Whether each stretch of the file can be read separately. */
export function isRanged({ compression, encoding }: Storage): boolean {
  return compression === 'none' && encoding === 'utf-8';
}

/** The plain text of the file in order, as UTF-8. If the file itself is UTF-8, the byte order mark stays. */
export function utf8Stream(source: FileSource, { compression, encoding }: Storage): AsyncGenerator<Uint8Array> {
  // UTF-8 goes through the decoder as well, because the decoder refuses invalid bytes.
  return asUtf8(source, encoding, plainBytes(source, compression));
}

/** Reads about the first `length` bytes. Throws if the file is empty. */
export async function readFileStart(source: FileSource, options: CsvHomeOptions, length: number): Promise<FileStart> {
  if (source.bytes === 0) throw emptyFile(source.name);
  const compression = await compressionOf(source, options.compression ?? 'auto');
  const storage = await storageOf(source, compression, options);
  const { bytes, last } = isRanged(storage) ? await firstBytes(source, length) : await firstOfStream(utf8Stream(source, storage), length);
  const mark = isRanged(storage) ? behindMarks(bytes, storage.mark) : behindMarks(bytes, 0);
  if (bytes.length <= mark) throw emptyFile(source.name);
  const { skip_rows: skipped = 0 } = options;
  const separator =
    skipped === 0 ? /^"?sep=([^"\r\n])"?(?:\r?\n|\r|$)/i.exec(Buffer.from(bytes.subarray(mark, mark + 16)).toString('latin1')) : null;
  return { ...storage, bytes, last, separator: separator?.[1], from: skipLines({ bytes, from: mark }, separator ? 1 : skipped, options) };
}

/** The position after the byte order marks. If a file was marked twice, the second mark is not part of a name. */
function behindMarks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  return at;
}

async function storageOf(source: FileSource, compression: Compression, options: CsvHomeOptions): Promise<Storage> {
  const { bytes } = await firstOfStream(plainBytes(compression === 'none' ? within(source, 4) : source, compression), 4);
  const found = byteOrderMark(bytes);
  const said = options.encoding === undefined ? undefined : encodingNamed(options.encoding);
  const encoding = found?.encoding ?? said ?? 'utf-8';
  const looks = unmarkedUtf16(bytes);
  if (looks !== undefined && !encoding.startsWith('utf-16')) throw unmarked(source.name, { looks, encoding });
  return { compression, encoding, mark: found?.bytes ?? 0 };
}

function within(source: FileSource, bytes: number): FileSource {
  return { ...source, bytes: Math.min(bytes, source.bytes) };
}

async function firstBytes(source: FileSource, length: number): Promise<{ bytes: Uint8Array; last: boolean }> {
  return { bytes: await source.read({ start: 0, end: Math.min(length, source.bytes) }), last: length >= source.bytes };
}

async function firstOfStream(stream: AsyncGenerator<Uint8Array>, length: number): Promise<{ bytes: Uint8Array; last: boolean }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    parts.push(part);
    bytes += part.length;
    // The text is cut at `length`, because decisions must not depend on the size of the parts that were read.
    if (bytes > length) return { bytes: Buffer.concat(parts, length), last: false };
  }
  return { bytes: Buffer.concat(parts), last: true };
}

/** Skips lines. Quotes in these lines have no meaning. */
function skipLines({ bytes, from }: Pick<FileStart, 'bytes' | 'from'>, lines: number, options: CsvHomeOptions): number {
  const end = hasLoneReturns({ bytes, from }, options) ? carriageReturn : lineFeed;
  let at = from;
  for (let skipped = 0; skipped < lines; skipped++) {
    const next = bytes.indexOf(end, at);
    if (next < 0) return bytes.length;
    at = next + 1;
  }
  return at;
}
