/** Finds lines above the header that are not part of the table: comments, the title of a report, who wrote it and when. */
import type { FileSource } from '../contract/format.ts';
import { dialectOf, fieldsOfMost, firstRecords, hasLoneReturns, tableIn } from './detect.ts';
import { carriageReturn, type Dialect, lineFeed, standsAt } from './dialect.ts';
import { beginsWithComment, linesBeforeTable } from './errors.ts';
import type { FileStart } from './file-start.ts';
import { firstRowOf, isBlank, secondTable } from './header.ts';
import { namesIn } from './names.ts';
import type { CsvReading } from './options.ts';
import type { LooseRecord } from './records.ts';
import { namesToFind } from './repeats.ts';
import type { RowOfNames } from './sample.ts';
import { count } from './text.ts';
import { isYear, kindOf } from './value-form.ts';

const hash = '#';
/** The most records above the table. If no table begins within this many records, the file has no table. */
const mostLines = 40;

export interface FirstLines {
  readonly head: FileStart;
  readonly records: readonly LooseRecord[];
  readonly delimiter: string;
  readonly reading: CsvReading;
}

/** Throws HYG-3309 if the file begins with comments, HYG-3319 if it begins with other lines above its table. */
export function mustBeginWithTable(source: FileSource, of: FirstLines): void {
  const { records, reading } = of;
  if (isCommented(of)) throw beginsWithComment(source.name, records[0]?.fields[0]?.text ?? '');
  const [first] = records;
  if (first === undefined) return;
  const narrow = isNarrow(records);
  if (!narrow && !isSparse(records) && !isBlankAbove(of)) return;
  const lines = linesBefore(of);
  if (lines === undefined && !narrow) return;
  throw linesBeforeTable(source.name, {
    first: first.fields.map(({ text }) => text),
    fields: widthOf(records),
    lines,
    skipped: reading.options.skip_rows ?? 0,
  });
}

/** Where the first record that does not begin with `#` begins. If the config says how comments begin, the result is `from`. */
export function behindComments({ bytes, from }: Pick<FileStart, 'bytes' | 'from'>, newline: number, comment: string | undefined): number {
  if (comment !== undefined) return from;
  for (let at = from; at < bytes.length; ) {
    if (bytes[at] !== hash.charCodeAt(0)) return at;
    const end = bytes.indexOf(newline, at);
    if (end < 0) return from;
    at = end + 1;
  }
  return from;
}

/** The names from the last comment above the first row: `#chrom,start` above `chr1,11868`. */
export function namesInComment(
  { bytes, from }: FileStart,
  dialect: Dialect,
  first: LooseRecord | undefined,
): readonly string[] | undefined {
  const { comment } = dialect;
  if (comment === null || first === undefined || first.fields.length < 2) return undefined;
  let last = -1;
  for (let at = from; at < bytes.length && standsAt(bytes, at, comment); ) {
    const end = bytes.indexOf(dialect.newline, at);
    if (end < 0) return undefined;
    last = at;
    at = end + 1;
  }
  if (last < 0) return undefined;
  const line = { bytes, from: last + comment.length, last: true };
  const [written] = firstRecords(line, { ...dialect, comment: null }, 1);
  const names = written?.fields.map(({ text }) => text.trim().replace(/^#+ */, '')) ?? [];
  const areNames = names.every((name) => ['words', 'code', 'period'].includes(kindOf(name)) || isYear(name));
  return names.length === first.fields.length && new Set(names).size === names.length && areNames ? names : undefined;
}

/** Whether the first records are comments. A header may begin with a `#` as well, and each row may, so the other records are compared. */
export function isCommented({ records, reading }: Pick<FirstLines, 'records' | 'reading'>): boolean {
  if (reading.options.comment !== undefined) return false;
  const leading = records.findIndex(({ fields: [field] }) => field === undefined || field.isQuoted || !field.text.startsWith(hash));
  if (leading === 0) return false;
  const lines = leading < 0 ? records : records.slice(0, leading);
  const others = leading < 0 ? [] : records.slice(leading);
  const fields = fieldsOfMost(others.length > 0 ? others : records);
  if (others.length === 0) return lines.length === 1 && fields === 1 && isSentence(lines[0]);
  if (lines.some((line) => line.fields.length !== fields)) return true;
  if (fields === 1 && lines.some(isSentence)) return true;
  const next = firstRowOf(others, reading.forms);
  return next.header && next.sure && others.length > 1;
}

function isSentence(line: LooseRecord | undefined): boolean {
  return /^#+ .*\S+ \S/.test(line?.fields[0]?.text ?? '');
}

/** Whether most rows have more fields than the first row. Rows below a row of names do not. */
function isNarrow(records: readonly LooseRecord[]): boolean {
  const [first, ...others] = records;
  const most = fieldsOfMost(others);
  const there = others.filter(({ fields }) => fields.length === most).length;
  return tableIn(records) > 0 || (first !== undefined && first.fields.length < most && there * 2 > others.length);
}

/** The number of the table’s columns. Most rows have this number of fields. If more lines are above the table than in it, the last rows have this number of fields. */
function widthOf(records: readonly LooseRecord[]): number {
  const at = tableIn(records);
  return fieldsOfMost(at > 0 ? records.slice(at) : records.slice(1));
}

const filled = ({ fields }: LooseRecord): number => fields.filter(({ text }) => text.trim() !== '').length;

/** Whether the first record is a spreadsheet’s title, followed by as many delimiters as the table has. */
function isSparse(records: readonly LooseRecord[]): boolean {
  const [first, ...others] = records;
  if (first === undefined || first.fields.length < 3 || filled(first) * 3 > first.fields.length || first.fields[0]?.text === '')
    return false;
  const full = others.filter((record) => filled(record) * 2 > record.fields.length).length;
  return full * 2 > others.length;
}

/** Whether a row of delimiters alone is above the names. */
function isBlankAbove({ records, reading }: FirstLines): boolean {
  const at = records.findIndex((record) => !isBlank(record));
  if (at < 1 || reading.options.header === false) return false;
  const { header, sure } = firstRowOf(records.slice(at), reading.forms);
  return header && sure;
}

/** The lines above a table. */
export interface LinesBefore {
  /** The number of lines from the beginning of the file to the table. */
  readonly count: number;
  /** The first row of the table. */
  readonly begins: readonly string[];
}

/** Finds the lines above the table. The found number is tried on the file, so that the advice in the error works. */
function linesBefore({ head, records, delimiter, reading }: FirstLines): LinesBefore | undefined {
  const most = widthOf(records);
  const wide = (record: LooseRecord): boolean => record.fields.length === most && filled(record) * 2 > most;
  const at = records.findIndex((record, place) => place > 0 && wide(record));
  if (at < 0 || at > mostLines) return undefined;
  const start = records[at - 1]?.next ?? head.from;
  const dialect = dialectOf(reading.options, { delimiter, loneReturns: hasLoneReturns(head, reading.options) });
  const below = firstRecords({ ...head, from: start }, dialect, 1_000);
  const [begins, ...rows] = below;
  if (begins === undefined) return undefined;
  const row = firstRowOf(below, reading.forms);
  // If the header has one name fewer than the rows have fields, the header is still part of the table.
  if (!row.header && at === 1 && (records[0]?.fields.length ?? 0) > 1 && (records[0] === undefined || filled(records[0]) > 1))
    return undefined;
  const names = namesIn(begins, row.header);
  const fits = rows.filter(({ fields, malformed }) => !malformed && fields.length === most).length;
  if (new Set(names).size < names.length || fits * 10 < rows.length * 9) return undefined;
  return { count: linesAbove(head, start, dialect.newline), begins: begins.fields.map(({ text }) => text) };
}

/** The row of names with which another table begins, after a blank line or a line of delimiters alone. */
export function tableBelow(
  head: FileStart,
  dialect: Dialect,
  { records: [first], reading }: Pick<FirstLines, 'records' | 'reading'>,
): RowOfNames | undefined {
  if (first === undefined || !mayHaveBlankLine(head, dialect, first.fields.length)) return undefined;
  const records = firstRecords(head, dialect, Number.POSITIVE_INFINITY);
  const startOf = (place: number): number => records[place - 1]?.next ?? head.from;
  const isBelowBlank = (place: number): boolean => isLineEnd(head.bytes[startOf(place)]) || isBlank(records[place - 1] as LooseRecord);
  const at = secondTable(records, { names: namesToFind(first, true, reading.options), isBelowBlank, forms: reading.forms });
  const names = records[at]?.fields.map(({ text }) => text) ?? [];
  return at > 0 ? { names, lines: linesAbove(head, startOf(at), dialect.newline) } : undefined;
}

/** Whether the file may have a blank line. Only bytes are compared, because few files have such a line and reading all records of the beginning takes longer. */
function mayHaveBlankLine({ bytes }: FileStart, { newline, delimiter }: Dialect, width: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const blank = [newline, ...Array.from({ length: width - 1 }, () => delimiter)];
  return [lineFeed, carriageReturn].some((end) =>
    [
      [newline, end],
      [...blank, end],
    ].some((line) => text.includes(Buffer.from(line))),
  );
}

const isLineEnd = (byte: number | undefined): boolean => byte === lineFeed || byte === carriageReturn;

/** The number of lines from the beginning of the file to the first record at or after `start`. */
export function linesAbove(head: FileStart, start: number, newline: number): number {
  return count(head.bytes.subarray(0, start), newline) + blankLines(head, start, newline);
}

/** The number of blank lines from `from` on. Blank lines are skipped, but count as lines of the file. */
function blankLines({ bytes }: FileStart, from: number, newline: number): number {
  let lines = 0;
  for (let at = from; at < bytes.length && (bytes[at] === lineFeed || bytes[at] === carriageReturn); at++)
    if (bytes[at] === newline) lines++;
  return lines;
}
