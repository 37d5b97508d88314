/** Finds the positions of the fields in a text. The rules for records are defined in this module. `RecordEnds` in `cut.ts` finds only where records end, by the same rules. */
import type { Kernels } from '../kernels/kernels.ts';
import { carriageReturn, type Dialect, lineFeed, standsAt } from './dialect.ts';
import { type Fields, type Torn, written } from './fields.ts';

/** Thrown for a field in quotes whose closing quote is missing, so that the field extends to the end of the file. */
export class UnterminatedQuote extends Error {
  override readonly name = 'Unterminated';
  /** The position of the field’s opening quote. */
  readonly at: number;
  constructor(at: number) {
    super('a quote is never closed');
    this.at = at;
  }
}

export interface ToSplit {
  readonly bytes: Uint8Array;
  /** The position at which a record begins. */
  readonly from: number;
  readonly to: number;
  /** Whether the whole text ends at `to`. If so, the last record may have no line end. */
  readonly last: boolean;
  /** Whether the text may contain quotes. The caller has the whole text, and decides this once. If each call searched the text for quotes, the time would be quadratic. */
  readonly quotes: boolean;
  /** Set if the bytes are in the memory of these kernels. */
  readonly kernels?: Kernels | undefined;
}

/**
 * Fills `fields` with the records from `from` on. Returns the position of the next record. Stops if `fields` is full, or at a record that
 * continues after `to`. Throws `UnterminatedQuote`.
 */
export function splitRecords(fields: Fields, text: ToSplit, dialect: Dialect): number {
  const { bytes, from, to, kernels } = text;
  fields.clear(bytes, kernels);
  fields.anyQuoted = text.quotes;
  const reader = new RecordReader(fields, text, dialect);
  const { capacity } = fields;
  let at = from;
  while (at < to && fields.rows < capacity) {
    at = splitPlain(fields, at, to, dialect);
    if (at >= to || fields.rows >= capacity) break;
    const next = splitOne(fields, at, reader, text, dialect);
    if (next === at) break;
    at = next;
  }
  return at;
}

/** Splits the records that kernels can split: whole lines with as many fields as the file has columns. In quoted fields, quotes must be doubled. */
function splitPlain(fields: Fields, from: number, to: number, { delimiter, newline, quote, escapeByte, comment }: Dialect): number {
  const { fast, columns, capacity, rows } = fields;
  // Lines that end with a carriage return alone are rare. A line feed in such a line has to be reported, so kernels do not split these lines.
  if (!fast || from >= to || newline === carriageReturn) return from;
  const doubles = fields.anyQuoted && escapeByte === quote ? 1 : 0;
  const next = fast.call.records(from, to, columns, delimiter, newline, quote, comment?.[0] ?? -1, rows, capacity, doubles);
  fields.rows = fast.answer('rows');
  return next;
}

/** Splits any record. Returns the position of the next record. If the record continues after the text, the position stays unchanged. */
function splitOne(fields: Fields, rowStart: number, reader: RecordReader, { bytes, to, last }: ToSplit, dialect: Dialect): number {
  const { columns, rows } = fields;
  if (dialect.comment !== null && standsAt(bytes, rowStart, dialect.comment)) {
    const end = bytes.indexOf(dialect.newline, rowStart);
    if (end >= 0 && end < to) return end + 1;
    return last ? to : rowStart;
  }
  if (!reader.read(rowStart, rows * columns)) return rowStart;
  const blank = reader.found === 1 && reader.end === rowStart;
  if (blank && columns > 1) return reader.next;
  if (reader.malformed) fields.broken.push({ start: rowStart, end: reader.end, fields: reader.malformed });
  else if (reader.found === columns - 1 && fields.mayLackLast) {
    fields.addEmptyLast(rowStart, reader.end);
    return reader.next;
  } else if (reader.found !== columns) fields.broken.push({ start: rowStart, end: reader.end, fields: reader.found });
  else {
    fields.rowStarts[rows] = rowStart;
    fields.rowEnds[rows] = reader.end;
    fields.rows++;
    return reader.next;
  }
  // Without this, the marks of an incomplete row would stay.
  fields.marks.fill(written.plain, rows * columns, (rows + 1) * columns);
  return reader.next;
}

/** Splits one record, field by field, and stores the positions of the fields as one row. */
export class RecordReader {
  found = 0;
  malformed: Torn | false = false;
  /** The position at which the record ends, without its line end. */
  end = 0;
  /** The position of the next record. */
  next = 0;
  readonly #fields: Fields;
  readonly #text: ToSplit;
  readonly #dialect: Dialect;
  #mark: number = written.plain;

  constructor(fields: Fields, text: ToSplit, dialect: Dialect) {
    this.#fields = fields;
    this.#text = text;
    this.#dialect = dialect;
  }

  /** Reads one record. False: the record continues after the text. */
  read(rowStart: number, firstPlace: number): boolean {
    const { bytes, to, last } = this.#text;
    const { delimiter, newline, quote } = this.#dialect;
    const { columns, starts, ends, marks } = this.#fields;
    this.found = 0;
    this.malformed = false;
    let i = rowStart;
    for (;;) {
      this.#mark = written.plain;
      let start = i;
      let end: number;
      if (quote >= 0 && i < to && bytes[i] === quote) {
        end = this.#closing(i);
        if (end < 0) return false;
        start = i + 1;
        i = this.#behind(end);
        if (this.malformed) while (i < to && bytes[i] !== delimiter && bytes[i] !== newline) i++;
      } else {
        while (i < to && bytes[i] !== delimiter && bytes[i] !== newline) i++;
        end = i;
        if (newline === carriageReturn && bytes.subarray(start, end).includes(lineFeed)) this.malformed = 'line feed';
      }
      if (i >= to && !last) return false;
      const isLast = i >= to || bytes[i] === newline;
      if (isLast && this.#mark === written.plain && newline === lineFeed && end > start && bytes[end - 1] === carriageReturn) end--;
      if (this.found < columns) {
        const place = firstPlace + this.found;
        starts[place] = start;
        ends[place] = end;
        marks[place] = this.#mark;
      }
      this.found++;
      if (isLast) {
        this.end =
          this.#mark === written.plain ? end : i > 0 && i <= to && bytes[i - 1] === carriageReturn && newline === lineFeed ? i - 1 : i;
        this.next = Math.min(i + 1, to);
        return true;
      }
      i++;
    }
  }

  /** The position of the quote that closes the quote at `open`. -1: the closing quote is after the text. */
  #closing(open: number): number {
    const { bytes, to, last } = this.#text;
    const { quote, escapeByte } = this.#dialect;
    this.#mark = written.quoted;
    for (let i = open + 1; i < to; i++) {
      const byte = bytes[i];
      if (byte === escapeByte && escapeByte !== quote) {
        this.#mark = written.escaped;
        i++;
      } else if (byte === quote) {
        if (escapeByte !== quote || i + 1 >= to || bytes[i + 1] !== quote) return i + 1 >= to && !last ? -1 : i;
        this.#mark = written.escaped;
        i++;
      }
    }
    if (last) throw new UnterminatedQuote(open);
    return -1;
  }

  /** Checks the byte after a closing quote. A delimiter, a line end or the end of the text must follow, because anything else is not CSV. */
  #behind(closing: number): number {
    const { bytes, to } = this.#text;
    const { delimiter, newline } = this.#dialect;
    let i = closing + 1;
    if (newline === lineFeed && bytes[i] === carriageReturn && (i + 1 >= to || bytes[i + 1] === lineFeed)) i++;
    if (i < to && bytes[i] !== delimiter && bytes[i] !== newline) this.malformed = 'quote';
    return i;
  }
}
