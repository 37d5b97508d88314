import type { Arrow } from '../native.ts';
import type { DataType } from '../schema.ts';
import { isSet } from '../values/cells.ts';
import { Md5 } from './md5.ts';
import type { ValueWriter } from './value-writer.ts';
import { valueWriter } from './value-writers.ts';

/** The most bytes before a text in a row: ten digits and a colon. */
const mostPrefix = 11;
const colon = 58;
const missing = 110;

interface WrittenColumn {
  readonly writer: ValueWriter;
  /** The validity bits of the rows. Undefined: all rows have a value. */
  readonly valid: Uint8Array | undefined;
  readonly offset: number;
}

/** Writes the row texts of an Arrow batch into the buffer of an `Md5`, and hashes them. The buffer grows if a row needs more room. */
export class RowWriter {
  readonly #md5 = new Md5();
  #columns: readonly WrittenColumn[] = [];
  /** The most bytes of a row, without the columns in `#varying`. */
  #most = 0;
  #varying: readonly (WrittenColumn & { readonly most: (row: number) => number })[] = [];

  /** Sets the batch whose rows are written next. */
  begin(types: readonly DataType[], columns: readonly Arrow.Data[]): void {
    this.#columns = types.map((type, at) => {
      const data = columns[at] as Arrow.Data;
      const bits = data.nullCount > 0 ? data.nullBitmap : undefined;
      const valid = type.kind === 'null' ? nothing : bits !== undefined && bits.length > 0 ? bits : undefined;
      return { writer: valueWriter(type, data), valid, offset: data.offset };
    });
    this.#most = 0;
    this.#varying = this.#columns.flatMap((column) => {
      const { most } = column.writer;
      this.#most += mostPrefix + (typeof most === 'number' ? most : 0);
      return typeof most === 'number' ? [] : [{ ...column, most }];
    });
  }

  /** Hashes the text of a row. The hash is put into `into` as two or four words of 32 bits, the low word at `at`. */
  hash(row: number, into: Int32Array, at: number, words: 2 | 4 = 2): void {
    this.#md5.hash(this.#write(row), into, at, words);
  }

  /** Writes the text of a row. Returns the number of bytes of the text. */
  #write(row: number): number {
    let size = this.#most;
    for (const { most, valid, offset } of this.#varying) if (hasValue(valid, offset + row)) size += most(row);
    this.#md5.reserve(size);
    const { bytes } = this.#md5;
    let at = 0;
    for (const { writer, valid, offset } of this.#columns) {
      if (hasValue(valid, offset + row)) at = framed(bytes, at, writer.write(row, bytes, at + 3));
      else bytes[at++] = missing;
    }
    return at;
  }
}

function hasValue(valid: Uint8Array | undefined, at: number): boolean {
  return valid === undefined || isSet(valid, at);
}

/** Puts the length before a text that begins three bytes after `at`. Most texts have between 10 and 99 bytes, so their length has two digits and they need not move. */
function framed(bytes: Uint8Array, at: number, end: number): number {
  const length = end - at - 3;
  if (length > 9 && length < 100) {
    const tens = (length / 10) | 0;
    bytes[at] = 48 + tens;
    bytes[at + 1] = 48 + length - tens * 10;
    bytes[at + 2] = colon;
    return end;
  }
  if (length < 10) {
    bytes[at] = 48 + length;
    bytes[at + 1] = colon;
    for (let i = at + 2; i < end - 1; i++) bytes[i] = bytes[i + 1] as number;
    return end - 1;
  }
  const prefix = Buffer.from(`${length}:`);
  bytes.copyWithin(at + prefix.length, at + 3, end);
  bytes.set(prefix, at);
  return at + prefix.length + length;
}

/** Validity bits for a column that has only nulls. */
const nothing = new Uint8Array();
