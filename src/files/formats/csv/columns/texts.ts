import type { Arrow } from '../../../../frames/native.ts';
import type { DataType } from '../../../../frames/schema.ts';
import { escaped, type Fields, plain, quoted } from '../fields.ts';
import type { ColumnDecoder } from './decoder.ts';
import type { NullTexts, ValueForms } from './reading.ts';
import { TextBuffer } from './text-buffer.ts';

/** Text as it stands; of uuid and json, only what is one. An empty field is null, one in quotes is the empty text. */
export class PlainTextDecoder implements ColumnDecoder {
  readonly type: DataType;
  readonly values = new TextBuffer();
  readonly #nulls: NullTexts;
  readonly #escapeByte: number;

  constructor(type: DataType, forms: ValueForms, escapeByte: number) {
    this.type = type;
    this.#nulls = forms.nulls;
    this.#escapeByte = escapeByte;
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, columns, starts, ends, marks, bytes, anyQuoted } = fields;
    const texts = this.values;
    const nulls = this.#nulls;
    const hasTexts = nulls.any;
    const { kind } = this.type;
    texts.reserve(fields, column);
    for (let row = 0, place = column; row < rows; row++, place += columns) {
      const start = starts[place] as number;
      const end = ends[place] as number;
      const mark = anyQuoted ? (marks[place] as number) : plain;
      if (start === end && ((mark === plain && nulls.empty) || (mark === quoted && kind !== 'string') || (nulls.empty && nulls.inQuotes))) {
        texts.addNull();
        continue;
      }
      if (hasTexts && nulls.has(bytes, start, end, mark !== plain)) {
        texts.addNull();
        continue;
      }
      if (kind !== 'string' && !fits(kind, unescaped(fields, place, this.#escapeByte))) {
        bad(row);
        texts.addNull();
      } else if (mark === escaped) texts.addEscaped(bytes, start, end, this.#escapeByte);
      else texts.add(bytes, start, end);
    }
  }

  finish(A: typeof Arrow): Arrow.Data {
    return this.values.finish(A, 'text');
  }
}

/** Bytes as base64, which is how our own store writes them. */
export class BinaryDecoder implements ColumnDecoder {
  readonly type: DataType;
  readonly values = new TextBuffer();
  readonly #nulls: NullTexts;

  constructor(type: DataType, forms: ValueForms) {
    this.type = type;
    this.#nulls = forms.nulls;
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, columns, starts, ends, marks, bytes, anyQuoted } = fields;
    this.values.reserve(fields, column);
    for (let row = 0, place = column; row < rows; row++, place += columns) {
      const start = starts[place] as number;
      const end = ends[place] as number;
      const isQuoted = anyQuoted && marks[place] !== plain;
      if ((start === end && !isQuoted && this.#nulls.empty) || this.#nulls.has(bytes, start, end, isQuoted)) {
        this.values.addNull();
        continue;
      }
      const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
      const value = Buffer.from(text, 'base64');
      // Node takes whatever looks a little like base64; only what it would write itself is the whole value.
      if (value.toString('base64') === text) this.values.add(value, 0, value.length);
      else {
        bad(row);
        this.values.addNull();
      }
    }
  }

  finish(A: typeof Arrow): Arrow.Data {
    return this.values.finish(A, 'binary');
  }
}

/** The text of a field. */
export function unescaped(fields: Fields, place: number, escapeByte: number): string {
  const { bytes, starts, ends, marks, anyQuoted } = fields;
  const written = bytes.subarray(starts[place], ends[place]);
  if (!anyQuoted || marks[place] !== escaped) return Buffer.from(written).toString('utf8');
  const text: number[] = [];
  for (let i = 0; i < written.length; i++) {
    if (written[i] === escapeByte && i + 1 < written.length) i++;
    text.push(written[i] as number);
  }
  return Buffer.from(text).toString('utf8');
}

function fits(kind: DataType['kind'], text: string): boolean {
  if (kind === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
