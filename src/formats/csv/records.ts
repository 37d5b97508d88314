/** Reads a few records as texts, for headers and samples. This code is simple, because headers and samples need no speed. */
import { unescapeField } from './columns/texts.ts';
import { type Dialect, standsAt } from './dialect.ts';
import { Fields, written } from './fields.ts';
import { RecordReader } from './split.ts';
import { count } from './text.ts';

export interface WrittenField {
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface LooseRecord {
  readonly fields: readonly WrittenField[];
  readonly malformed: boolean;
  /** The position at which the next record begins. */
  readonly next: number;
}

/** The whole records from `from` on. Blank lines and comments are skipped. Throws `Unterminated` if `last` is true and a quote stays open. */
export function* looseRecords(bytes: Uint8Array, from: number, dialect: Dialect, last: boolean): Generator<LooseRecord> {
  const fields = new Fields(count(bytes.subarray(from), dialect.delimiter) + 1, undefined, 1);
  fields.clear(bytes);
  fields.anyQuoted = true;
  const reader = new RecordReader(fields, { bytes, from, to: bytes.length, last, quotes: true }, dialect);
  for (let at = from; at < bytes.length; at = reader.next) {
    if (dialect.comment !== null && standsAt(bytes, at, dialect.comment)) {
      const end = bytes.indexOf(dialect.newline, at);
      if (end < 0) return;
      reader.next = end + 1;
      continue;
    }
    if (!reader.read(at, 0)) return;
    if (reader.found === 1 && reader.end === at) continue;
    const found = Array.from({ length: reader.found }, (_, place) => ({
      text: unescapeField(fields, place, dialect.escapeByte),
      isQuoted: fields.marks[place] !== written.plain,
    }));
    yield { fields: found, malformed: reader.malformed !== false, next: reader.next };
  }
}
