import type { Arrow } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import { parsedJson } from '../../../ports/values.ts';
import { uuidOf } from '../../bytes/json-texts.ts';
import { type Fields, written } from '../fields.ts';
import type { ColumnDecoder } from './decoder.ts';
import { TextBuffer } from './text-buffer.ts';
import type { NullTexts, ValueForms } from './value-reader.ts';

/** The number of hyphens in a uuid. The text of a uuid may lack them. */
const hyphens = 4;

/** Decodes text as it is written. For uuid and json, only valid values fit, and a uuid is stored in small letters. An empty field is null, and an empty field in quotes is the empty text. */
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
    const { rows, columns, fast } = fields;
    const nulls = this.#nulls;
    const one = (row: number): void => {
      if (!this.#add(fields, row * columns + column)) bad(row);
    };
    if (fast === undefined || this.type.kind !== 'string' || nulls.any || nulls.inQuotes) {
      this.values.reserve(fields, column, this.type.kind === 'uuid' ? rows * hyphens : 0);
      for (let row = 0; row < rows; row++) one(row);
      return;
    }
    const empty = fast.call.texts(column, columns, rows, this.values.size, nulls.empty ? 1 : 0, this.#escapeByte);
    this.values.addAll(fast, rows, empty);
  }

  /** Adds a text. False: the text is not a value of the type. */
  #add(fields: Fields, place: number): boolean {
    const { starts, ends, marks, bytes, anyQuoted } = fields;
    const texts = this.values;
    const nulls = this.#nulls;
    const { kind } = this.type;
    const start = starts[place] as number;
    const end = ends[place] as number;
    const mark = anyQuoted ? (marks[place] as number) : written.plain;
    const isNothing =
      start === end &&
      ((mark === written.plain && nulls.empty) || (mark === written.quoted && kind !== 'string') || (nulls.empty && nulls.inQuotes));
    const isNull = isNothing || (nulls.any && nulls.has(bytes, start, end, mark !== written.plain));
    if (!isNull && kind === 'uuid') return this.#addUuid(unescapeField(fields, place, this.#escapeByte));
    const isBad = !isNull && kind === 'json' && parsedJson(unescapeField(fields, place, this.#escapeByte)) === undefined;
    if (isNull || isBad) texts.addNull();
    else if (mark === written.escaped) texts.addEscaped(bytes, start, end, this.#escapeByte);
    else texts.add(bytes, start, end);
    return !isBad;
  }

  /** Adds a uuid. False: the text is not a uuid. */
  #addUuid(text: string): boolean {
    const uuid = uuidOf(text);
    if (uuid === undefined) this.values.addNull();
    else this.values.add(Buffer.from(uuid, 'latin1'), 0, uuid.length);
    return uuid !== undefined;
  }

  finish(A: typeof Arrow): Arrow.Data {
    return this.values.finish(A, 'text');
  }
}

/** Decodes bytes that are written as base64, as hygge’s own store writes bytes. */
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
      const isQuoted = anyQuoted && marks[place] !== written.plain;
      if ((start === end && !isQuoted && this.#nulls.empty) || this.#nulls.has(bytes, start, end, isQuoted)) {
        this.values.addNull();
        continue;
      }
      const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
      const value = Buffer.from(text, 'base64');
      // Node decodes any text that looks like base64. A text that Node itself would write for the decoded bytes is complete.
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

/** The text of a field, without escape bytes. */
export function unescapeField(fields: Fields, place: number, escapeByte: number): string {
  const { bytes, starts, ends, marks, anyQuoted } = fields;
  const field = bytes.subarray(starts[place], ends[place]);
  if (!anyQuoted || marks[place] !== written.escaped) return Buffer.from(field).toString('utf8');
  const text = Buffer.allocUnsafe(field.length);
  let length = 0;
  for (let i = 0; i < field.length; i++) {
    if (field[i] === escapeByte && i + 1 < field.length) i++;
    text[length++] = field[i] as number;
  }
  return text.toString('utf8', 0, length);
}
