/** Finds files whose rows end with a delimiter, as some programs write them. The empty field after this delimiter is ignored if the names have no such field. */
import { dialectOf, firstRecords, hasLoneReturns } from './detect.ts';
import type { Fields } from './fields.ts';
import { written } from './fields.ts';
import type { FileStart } from './file-start.ts';
import type { CsvReading } from './options.ts';
import type { LooseRecord } from './records.ts';

const mostLooked = 200;

/** Whether most rows have one more field than the header has names, and this field is always empty. */
function endsWithDelimiter(names: number, rows: readonly LooseRecord[]): boolean {
  const longer = rows.filter(({ fields, malformed }) => !malformed && fields.length === names + 1);
  return longer.length * 2 > rows.length && longer.every(isEmptyAtEnd);
}

function isEmptyAtEnd({ fields }: LooseRecord): boolean {
  const last = fields.at(-1);
  return last !== undefined && last.text === '' && !last.isQuoted;
}

/** The records below the names, without the empty field after the last delimiter. */
export function withoutEmptyEnd(names: number, records: readonly LooseRecord[]): readonly LooseRecord[] {
  return records.map((record) =>
    record.fields.length === names + 1 && isEmptyAtEnd(record) ? { ...record, fields: record.fields.slice(0, -1) } : record,
  );
}

/** The first records of a file, as a table. If rows end with a delimiter and the first row does not, the field after that delimiter is left out. */
export function tableOf(records: readonly LooseRecord[]): readonly LooseRecord[] {
  const [first, ...rows] = records;
  if (first === undefined || !endsWithDelimiter(first.fields.length, rows)) return records;
  return [first, ...withoutEmptyEnd(first.fields.length, rows)];
}

/** Whether the rows of a file end with a delimiter, as the beginning of the file shows. */
export function rowsEndIn(
  head: FileStart,
  names: number,
  { pinned, reading }: { readonly pinned: { readonly delimiter: string; readonly header: boolean }; readonly reading: CsvReading },
): boolean {
  if (!pinned.header && !Array.isArray(reading.options.header)) return false;
  const dialect = dialectOf(reading.options, { delimiter: pinned.delimiter, loneReturns: hasLoneReturns(head, reading.options) });
  const rows = (most: number) => firstRecords(head, dialect, most).slice(pinned.header ? 1 : 0);
  const [row] = rows(2);
  return row !== undefined && row.fields.length === names + 1 && endsWithDelimiter(names, rows(mostLooked));
}

/** The rows whose last field has a value. */
export function filledAtEnd({ rows, columns, starts, ends, marks, anyQuoted }: Fields): readonly number[] {
  const found: number[] = [];
  for (let row = 0; row < rows; row++) {
    const last = (row + 1) * columns - 1;
    if (starts[last] !== ends[last] || (anyQuoted && marks[last] !== written.plain)) found.push(row);
  }
  return found;
}
