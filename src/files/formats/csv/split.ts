/** Text → places of fields. The one authority on what a record is; `record-ends.ts` only finds where records end, by the same rules. */
import { carriageReturn, type Dialect, lineFeed, standsAt } from './dialect.ts';
import { escaped, type Fields, plain, quoted } from './fields.ts';

/** A field in quotes runs to the end of the file. */
export class Unterminated extends Error {
  override readonly name = 'Unterminated';
  /** Where its quote opens. */
  readonly at: number;
  constructor(at: number) {
    super('a quote is never closed');
    this.at = at;
  }
}

export interface ToSplit {
  readonly bytes: Uint8Array;
  /** Where a record begins. */
  readonly from: number;
  readonly to: number;
  /** Nothing follows `to`: its last record may have no line end. */
  readonly last: boolean;
  /** There may be quotes in it. Told by whoever holds the whole of it: looking again at every go would be quadratic. */
  readonly quotes: boolean;
}

/**
 * Fills `fields` with the records from `from` on; answers where the next one begins. It is where it stopped for lack of room, or at a record
 * that goes on behind `to`. Throws `Unterminated`.
 */
export function splitRecords(fields: Fields, text: ToSplit, dialect: Dialect): number {
  fields.clear(text.bytes);
  fields.anyQuoted = text.quotes;
  return text.quotes || dialect.comment !== null ? splitAny(fields, text, dialect) : splitPlain(fields, text, dialect);
}

/** Without quotes and comments. A record ends at every line end. */
function splitPlain(fields: Fields, { bytes, from, to, last }: ToSplit, { delimiter, newline }: Dialect): number {
  const { columns, capacity, starts, ends, rowStarts, rowEnds } = fields;
  const highest = Math.max(delimiter, newline);
  let rows = 0;
  let rowStart = from;
  let at = 0;
  let found = 0;
  let start = from;
  let i = from;
  while (rows < capacity) {
    let byte = newline;
    for (; i < to; i++) {
      byte = bytes[i] as number;
      // Letters and digits lie above the usual delimiters: one comparison for most bytes.
      if (byte <= highest && (byte === delimiter || byte === newline)) break;
    }
    if (i >= to) {
      if (!last || rowStart >= to) break;
      byte = newline;
    }
    if (byte === delimiter) {
      if (found < columns - 1) {
        starts[at] = start;
        ends[at] = i;
        at++;
      }
      found++;
      start = ++i;
      continue;
    }
    const end = newline === lineFeed && i > start && bytes[i - 1] === carriageReturn ? i - 1 : i;
    const blank = found === 0 && end === start;
    if (blank && columns > 1) at = rows * columns;
    else if (found === columns - 1) {
      starts[at] = start;
      ends[at] = end;
      rowStarts[rows] = rowStart;
      rowEnds[rows] = end;
      at++;
      rows++;
    } else {
      fields.broken.push({ start: rowStart, end, fields: found + 1 });
      at = rows * columns;
    }
    found = 0;
    start = ++i;
    rowStart = Math.min(i, to);
  }
  fields.rows = rows;
  return rowStart;
}

/** With quotes or comments in it. */
function splitAny(fields: Fields, text: ToSplit, dialect: Dialect): number {
  const { columns, capacity, rowStarts, rowEnds } = fields;
  const { bytes, from, to, last } = text;
  const reader = new RecordReader(fields, text, dialect);
  let rowStart = from;
  let rows = 0;
  while (rows < capacity && rowStart < to) {
    if (dialect.comment !== null && standsAt(bytes, rowStart, dialect.comment)) {
      const end = bytes.indexOf(dialect.newline, rowStart);
      if (end < 0 || end >= to) {
        if (!last) break;
        rowStart = to;
        break;
      }
      rowStart = end + 1;
      continue;
    }
    if (!reader.read(rowStart, rows * columns)) break;
    const blank = reader.found === 1 && reader.end === rowStart;
    if (blank && columns > 1) {
      rowStart = reader.next;
      continue;
    }
    if (reader.malformed) fields.broken.push({ start: rowStart, end: reader.end, fields: undefined });
    else if (reader.found !== columns) fields.broken.push({ start: rowStart, end: reader.end, fields: reader.found });
    else {
      rowStarts[rows] = rowStart;
      rowEnds[rows] = reader.end;
      rows++;
    }
    rowStart = reader.next;
  }
  fields.rows = rows;
  return rowStart;
}

/** Reads one record, field by field, into the places of one row. */
export class RecordReader {
  found = 0;
  malformed = false;
  /** Where the record ends, without its line end. */
  end = 0;
  /** Where the next one begins. */
  next = 0;
  readonly #fields: Fields;
  readonly #text: ToSplit;
  readonly #dialect: Dialect;
  #mark = plain;

  constructor(fields: Fields, text: ToSplit, dialect: Dialect) {
    this.#fields = fields;
    this.#text = text;
    this.#dialect = dialect;
  }

  /** False: the record goes on behind the text. */
  read(rowStart: number, firstPlace: number): boolean {
    const { bytes, to, last } = this.#text;
    const { delimiter, newline, quote } = this.#dialect;
    const { columns, starts, ends, marks } = this.#fields;
    this.found = 0;
    this.malformed = false;
    let i = rowStart;
    for (;;) {
      this.#mark = plain;
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
      }
      if (i >= to && !last) return false;
      const isLast = i >= to || bytes[i] === newline;
      if (isLast && this.#mark === plain && newline === lineFeed && end > start && bytes[end - 1] === carriageReturn) end--;
      if (this.found < columns) {
        const place = firstPlace + this.found;
        starts[place] = start;
        ends[place] = end;
        marks[place] = this.#mark;
      }
      this.found++;
      if (isLast) {
        this.end = this.#mark === plain ? end : i > 0 && i <= to && bytes[i - 1] === carriageReturn && newline === lineFeed ? i - 1 : i;
        this.next = Math.min(i + 1, to);
        return true;
      }
      i++;
    }
  }

  /** Where the quote that opens at `open` closes; -1: behind the text. */
  #closing(open: number): number {
    const { bytes, to, last } = this.#text;
    const { quote, escapeByte } = this.#dialect;
    this.#mark = quoted;
    for (let i = open + 1; i < to; i++) {
      const byte = bytes[i];
      if (byte === escapeByte && escapeByte !== quote) {
        this.#mark = escaped;
        i++;
      } else if (byte === quote) {
        if (escapeByte !== quote || i + 1 >= to || bytes[i + 1] !== quote) return i + 1 >= to && !last ? -1 : i;
        this.#mark = escaped;
        i++;
      }
    }
    if (last) throw new Unterminated(open);
    return -1;
  }

  /** The place behind a closing quote: a delimiter, a line end, the end; anything else is no CSV. */
  #behind(closing: number): number {
    const { bytes, to } = this.#text;
    const { delimiter, newline } = this.#dialect;
    let i = closing + 1;
    if (newline === lineFeed && bytes[i] === carriageReturn && (i + 1 >= to || bytes[i + 1] === lineFeed)) i++;
    if (i < to && bytes[i] !== delimiter && bytes[i] !== newline) this.malformed = true;
    return i;
  }
}
