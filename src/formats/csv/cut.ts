/** Cuts a large file into pieces of whole records, by reading the file once. */
import type { Format, Piece } from '../contract/format.ts';
import { type Dialect, standsAt } from './dialect.ts';
import { neverClosed, tooLarge } from './errors.ts';
import { isRanged } from './file-start.ts';
import { memoryOf, openedOf } from './opened-file.ts';
import { mostRowBytes, RangedText } from './text.ts';

const scanBytes = 8 * 1024 * 1024;

type CutRequest = Parameters<NonNullable<Format['cut']>>[0];

/** See `Format.cut`. Some files stay whole: compressed files, small files, files that are not UTF-8, and files that are not on a local disk. */
export async function cutFile({ source, content, pieceBytes, signal }: CutRequest, usual: number): Promise<readonly Piece[]> {
  const { storage, dialect, firstRow } = openedOf(content);
  const wanted = Math.min(usual, Math.max(1, Math.floor(pieceBytes)));
  if (!isRanged(storage) || source.localPath === undefined || source.bytes - firstRow <= wanted) return content.pieces;
  const scan = new RecordEnds(dialect);
  const lineAt = async (offset: number): Promise<number> => {
    const text = new RangedText({ source, newline: dialect.newline, chunkBytes: scanBytes }, offset, source.bytes);
    return (await text.linesBefore(0)) + 1;
  };
  const ends: number[] = [];
  const memory = new Uint8Array(scanBytes);
  let last = firstRow;
  for (let start = firstRow; start < source.bytes; start += scanBytes) {
    signal?.throwIfAborted();
    const bytes = await source.read({ start, end: Math.min(source.bytes, start + scanBytes) }, memory);
    for (let from = 0; from < bytes.length; ) {
      const target = Math.max(0, last + wanted - start);
      const end = scan.next(bytes, from, target);
      if (end < 0) break;
      last = start + end;
      if (last < source.bytes) ends.push(last);
      from = end;
    }
    if (scan.openBytes > mostRowBytes) throw tooLarge(source.name, await lineAt(start + bytes.length - scan.openBytes), mostRowBytes);
  }
  if (scan.isOpen()) throw neverClosed(source.name, await lineAt(source.bytes - scan.openBytes));
  return [firstRow, ...ends].map((from, i): Piece => {
    const to = ends[i] ?? source.bytes;
    return { from, to, rows: null, bytes: memoryOf(to - from) };
  });
}

/** Scans a text stretch by stretch, and reports where records end. The rules are those of `split.ts`. */
export class RecordEnds {
  /** The number of bytes since the quote that is still open. 0: no quote is open. */
  openBytes = 0;
  readonly #dialect: Dialect;
  /** Whether a field begins with the next byte. A field begins after a delimiter or a line end, so the last byte of the previous stretch decides this. */
  #fieldStart = true;
  #recordStart = true;
  #inComment = false;
  /** Set if the stretch ended after an escape byte, or after a quote. That quote may close the field, or be the first of two. */
  #pending: 'nothing' | 'escape' | 'quote' = 'nothing';

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** The end of the first record that ends at or after `target`, searched from `from`. -1: the stretch was scanned completely, and no such record ends in it. */
  next(bytes: Uint8Array, from: number, target: number): number {
    return this.#dialect.comment === null ? this.#byQuotes(bytes, from, target) : this.#byBytes(bytes, from, target);
  }

  /** Goes from quote to quote. Between two quotes, only the line ends at or after `target` are searched for. */
  #byQuotes(bytes: Uint8Array, from: number, target: number): number {
    const { quote, delimiter, newline } = this.#dialect;
    const search = new Search(bytes);
    for (let i = from; ; ) {
      if (this.openBytes > 0) {
        i = this.#insideQuotes(bytes, i, search);
        if (i >= bytes.length) return -1;
      }
      const next = search.next(quote, i);
      if (next >= target) {
        const start = Math.max(i, target - 1);
        const end = bytes.subarray(start, next).indexOf(newline);
        if (end >= 0) {
          this.#fieldStart = true;
          return start + end + 1;
        }
      }
      if (next > i) this.#fieldStart = bytes[next - 1] === delimiter || bytes[next - 1] === newline;
      if (next === bytes.length) return -1;
      if (this.#fieldStart) this.openBytes = 1;
      this.#fieldStart = false;
      i = next + 1;
    }
  }

  #byBytes(bytes: Uint8Array, from: number, target: number): number {
    const { quote, delimiter, newline, comment } = this.#dialect;
    const search = new Search(bytes);
    for (let i = from; i < bytes.length; i++) {
      if (this.openBytes > 0) {
        i = this.#insideQuotes(bytes, i, search);
        if (i >= bytes.length) return -1;
      }
      const byte = bytes[i];
      if (this.#recordStart && comment !== null) this.#inComment = standsAt(bytes, i, comment);
      this.#recordStart = false;
      if (byte === newline) {
        this.#inComment = false;
        this.#recordStart = true;
        this.#fieldStart = true;
        if (i + 1 >= target) return i + 1;
      } else if (byte === quote && this.#fieldStart && !this.#inComment) {
        this.openBytes = 1;
        this.#fieldStart = false;
      } else {
        this.#fieldStart = byte === delimiter;
        if (!this.#fieldStart) while (i + 1 < bytes.length && bytes[i + 1] !== delimiter && bytes[i + 1] !== newline) i++;
      }
    }
    return -1;
  }

  /** Returns the position of the first byte after the closing quote. */
  #insideQuotes(bytes: Uint8Array, from: number, search: Search): number {
    const { quote, escapeByte } = this.#dialect;
    let i = from;
    for (; i < bytes.length; i++) {
      if (this.#pending === 'nothing' && escapeByte === quote) i = search.next(quote, i);
      else if (this.#pending === 'nothing') while (i < bytes.length && bytes[i] !== quote && bytes[i] !== escapeByte) i++;
      if (i >= bytes.length) break;
      const byte = bytes[i];
      if (this.#pending === 'escape') this.#pending = 'nothing';
      else if (this.#pending === 'quote') {
        this.#pending = 'nothing';
        if (byte !== quote) {
          this.openBytes = 0;
          return i;
        }
      } else if (byte === escapeByte && escapeByte !== quote) this.#pending = 'escape';
      else if (byte === quote) {
        if (escapeByte === quote) this.#pending = 'quote';
        else {
          this.openBytes = 0;
          return i + 1;
        }
      }
    }
    this.openBytes += i - from;
    return i;
  }

  /** Whether a quote is still open at the end of the file. The last byte of the file may be the closing quote. */
  isOpen(): boolean {
    return this.openBytes > 0 && this.#pending !== 'quote';
  }
}

/** Searches for a byte, four bytes at a time. Quotes are so close together that a call of `indexOf` for each would take longer. */
class Search {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** The number of bytes before the first word of four bytes. */
  readonly #before: number;

  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, length } = bytes;
    this.#bytes = bytes;
    this.#before = Math.min(length, -byteOffset & 3);
    // A short array may end before its first word begins.
    this.#words = length < 4 ? new Int32Array(0) : new Int32Array(buffer, byteOffset + this.#before, (length - this.#before) >> 2);
  }

  /** The position of the next byte that equals `byte`, or else the end. @param byte below zero: the file has no such byte. */
  next(byte: number, from: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    const before = this.#before;
    const { length } = bytes;
    if (byte < 0) return length;
    let i = from;
    for (; i < length && (i < before || ((i - before) & 3) !== 0); i++) if (bytes[i] === byte) return i;
    const wanted = byte * 0x1010101;
    let word = (i - before) >> 2;
    for (; word < words.length; word++) {
      const other = (words[word] as number) ^ wanted;
      // Leaves the loop if a byte of the word is zero, and so equals the searched byte.
      if (((other - 0x1010101) & ~other & 0x80808080) !== 0) break;
    }
    for (i = Math.max(i, before + word * 4); i < length; i++) if (bytes[i] === byte) return i;
    return length;
  }
}
