/** Detects how a file is written, from the beginning of the file. */

import { byteOf } from './byte-of.ts';
import { carriageReturn, type Dialect, lineFeed } from './dialect.ts';
import type { FileStart } from './file-start.ts';
import type { CsvHomeOptions } from './options.ts';
import { type LooseRecord, looseRecords, type WrittenField } from './records.ts';
import { UnterminatedQuote } from './split.ts';
import { kindOf } from './value-form.ts';

/** The delimiters that are tried, in this order. The comma is last, because it is the most likely to occur in numbers and texts. */
export const candidates = ['\t', ';', '|', ','];
const mostRecords = 200;
/** The most fields that are compared if several delimiters split the records evenly. */
const mostFields = 2_000;

/** How a file is written, in bytes. The config says it, or it was detected. */
export function dialectOf(options: CsvHomeOptions, found: { readonly delimiter: string; readonly loneReturns: boolean }): Dialect {
  const quote = byteOf(options.quote ?? '"');
  return {
    delimiter: byteOf(options.delimiter ?? found.delimiter),
    quote,
    escapeByte: options.escape === undefined ? quote : byteOf(options.escape),
    newline: found.loneReturns ? carriageReturn : lineFeed,
    comment: options.comment === undefined ? null : [...Buffer.from(options.comment)],
  };
}

/** Whether lines end with a carriage return alone. The result is false if a line ends with a line feed. In such a file, a spreadsheet on a Mac writes line feeds inside quotes. */
export function hasLoneReturns({ bytes, from }: Pick<FileStart, 'bytes' | 'from'>, options: CsvHomeOptions): boolean {
  if (!bytes.includes(lineFeed)) return bytes.includes(carriageReturn);
  const { quote, escapeByte, delimiter } = dialectOf(options, { delimiter: ',', loneReturns: true });
  const before = new Set([delimiter, carriageReturn, ...candidates.map((candidate) => candidate.charCodeAt(0))]);
  let open = false;
  let found = false;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (open && byte === escapeByte && escapeByte !== quote) at++;
    else if (byte === quote) open = open ? bytes[at + 1] === quote && at++ > 0 : at === from || before.has(bytes[at - 1] ?? 0);
    else if (!open && byte === lineFeed) return false;
    else if (!open && byte === carriageReturn) found = true;
  }
  return found;
}

/**
 * The delimiter that splits most records into the same number of fields. If several delimiters do, the chosen one keeps the numbers and
 * dates whole in which the others occur. If several delimiters are still left, the one with the most fields is chosen. A comma if no
 * delimiter splits the records. Delimiters that occur in numbers are tried only if no other delimiter splits the records.
 */
export function findDelimiter(options: CsvHomeOptions, start: Start): FoundDelimiter {
  const { decimal_separator: point, thousands_separator: groups } = options;
  const inNumbers = candidates.filter((delimiter) => delimiter === point || delimiter === groups);
  const others = candidates.filter((delimiter) => !inNumbers.includes(delimiter));
  const table = (): string | undefined => candidates.find((delimiter) => endsInTable(delimiter, options, start));
  return bestOf(others, options, start) ?? bestOf(inNumbers, options, start) ?? { delimiter: table() ?? ',', others: [] };
}

type Start = { readonly bytes: Uint8Array; readonly from: number; readonly last: boolean };

export interface FoundDelimiter {
  readonly delimiter: string;
  /** The other delimiters that split the records as evenly as the chosen one, if nothing distinguishes them. */
  readonly others: readonly string[];
}

/** The first records, as one delimiter splits them. */
interface DelimiterTrial {
  readonly delimiter: string;
  readonly records: readonly LooseRecord[];
  /** The number of fields that most records have. */
  readonly fields: number;
  /** The share of the records that have this number of fields. */
  readonly share: number;
}

function bestOf(among: readonly string[], options: CsvHomeOptions, start: Start): FoundDelimiter | undefined {
  const cuts = among.map((delimiter) => cutBy(delimiter, options, start)).filter(({ fields }) => fields > 1);
  const most = Math.max(...cuts.map(({ share }) => share));
  // A delimiter that splits all records alike, including the names, separates fields. Other delimiters then occur only in values.
  const even = most === 1 ? 1 : most - 0.05;
  const alike = cuts.filter(({ share }) => share >= even);
  const between = alike.map(({ delimiter }) => delimiter);
  const told = [
    (cut: DelimiterTrial) => (isTorn(cut, between) ? 0 : 1),
    (cut: DelimiterTrial) => measuredIn(cut, (text) => between.some((other) => text.includes(other))),
    (cut: DelimiterTrial) => (isProse(cut) ? 0 : 1),
    (cut: DelimiterTrial) => 1 - mixedIn(cut, between),
    (cut: DelimiterTrial) => (cut.delimiter === '\t' ? 1 : 0),
    (cut: DelimiterTrial) => listedIn(cut, between),
  ].reduce((left, worth) => topOf(left, worth), alike as readonly DelimiterTrial[]);
  const [best] = topOf(
    topOf(told, ({ fields }) => fields),
    (cut) => measuredIn(cut, () => true),
  );
  return best && { delimiter: best.delimiter, others: told.flatMap(({ delimiter }) => (delimiter === best.delimiter ? [] : [delimiter])) };
}

function cutBy(delimiter: string, options: CsvHomeOptions, start: Start): DelimiterTrial {
  const dialect = dialectOf({ ...options, delimiter }, { delimiter, loneReturns: hasLoneReturns(start, options) });
  const records = firstRecords(start, dialect);
  const counts = countsOf(records);
  const fields = mostCommon(counts);
  const share = counts.length === 0 ? 0 : counts.filter((count) => count === fields).length / counts.length;
  return { delimiter, records, fields, share };
}

function topOf(cuts: readonly DelimiterTrial[], worth: (cut: DelimiterTrial) => number): readonly DelimiterTrial[] {
  if (cuts.length < 2) return cuts;
  const worths = cuts.map(worth);
  const most = Math.max(...worths);
  return cuts.filter((_, place) => (worths[place] ?? 0) >= most - 0.05);
}

/**
 * The share of numbers, dates and the like in the fields that `counts` selects. A comma splits `12,50;7,25` into fields such as `50;7`,
 * which is neither. The semicolon leaves numbers with commas in them.
 */
function measuredIn({ records, fields }: DelimiterTrial, counts: (text: string) => boolean): number {
  const kinds = valuesIn({ records, fields }).flatMap(({ text }) => (text.trim() !== '' && counts(text) ? [kindOf(text)] : []));
  return kinds.length === 0 ? 0 : kinds.filter((kind) => kind !== 'words' && kind !== 'code').length / kinds.length;
}

/** Whether quotes are next to another delimiter in the middle of fields. If so, that other delimiter separates fields in quotes. */
function isTorn({ records }: DelimiterTrial, between: readonly string[]): boolean {
  const beside = between.flatMap((other) => [`"${other}`, `${other}"`]);
  return records.some(({ fields }) => fields.some(({ text, isQuoted }) => !isQuoted && beside.some((torn) => text.includes(torn))));
}

const isMeasure = (text: string): boolean => !['words', 'code', 'empty', 'missing'].includes(kindOf(text));

/**
 * The share of fields with another delimiter that this delimiter splits into typed values and words. A delimiter between a
 * name and a number separates fields. A delimiter between numbers alone or words alone may separate items of a list.
 */
function mixedIn(cut: DelimiterTrial, between: readonly string[]): number {
  const parts = cut.records.length > 1 ? partsIn(cut, between) : [];
  const mixed = parts.filter(({ pieces }) => pieces.some(isMeasure) && !pieces.every(isMeasure));
  return parts.length === 0 ? 0 : mixed.length / parts.length;
}

/** How similar the parts of lists are: the share of texts that occur at more than one position of a list. */
function listedIn(cut: DelimiterTrial, between: readonly string[]): number {
  const parts = cut.records.length > 1 ? partsIn(cut, between) : [];
  const lists = [...Map.groupBy(parts, ({ place, other }) => `${place} ${other}`).values()];
  const shares = lists.map((list) => {
    const places = new Map<number, Set<string>>();
    for (const { pieces } of list)
      for (const [at, piece] of pieces.entries()) places.set(at, (places.get(at) ?? new Set()).add(piece.trim()));
    const distinct = [...places.values()].reduce((sum, { size }) => sum + size, 0);
    return 1 - new Set([...places.values()].flatMap((texts) => [...texts])).size / distinct;
  });
  return Math.max(0, ...shares);
}

interface Parts {
  readonly place: number;
  readonly other: string;
  readonly pieces: readonly string[];
}

/** The fields without quotes that contain another delimiter, each split by that delimiter. */
function partsIn({ records, fields, delimiter }: DelimiterTrial, between: readonly string[]): readonly Parts[] {
  return valuesIn({ records, fields }).flatMap(({ text, isQuoted }, at) =>
    between
      .filter((other) => other !== delimiter && !isQuoted && text.includes(other))
      .map((other) => ({ place: at % fields, other, pieces: text.split(other) })),
  );
}

/** Whether a blank follows the delimiter in nearly all records, as in `Hansen, Anna`. */
function isProse({ records, fields }: DelimiterTrial): boolean {
  const behind = valuesIn({ records, fields }).filter((_, place) => place % fields > 0);
  return behind.filter(({ text }) => text.startsWith(' ')).length >= behind.length * 0.9;
}

/** The fields of the first rows that have the usual number of fields. The first record is left out, since it may have names. */
function valuesIn({ records, fields }: Pick<DelimiterTrial, 'records' | 'fields'>): readonly WrittenField[] {
  const rows = records.length > 1 ? records.slice(1) : records;
  const most = Math.max(2, Math.floor(mostFields / fields));
  return rows
    .filter((row) => !row.malformed && row.fields.length === fields)
    .slice(0, most)
    .flatMap((row) => row.fields);
}

/** Whether the file ends in a table, with more lines of text above the table than the table has rows. */
function endsInTable(delimiter: string, options: CsvHomeOptions, start: Start): boolean {
  const dialect = dialectOf({ ...options, delimiter }, { delimiter, loneReturns: hasLoneReturns(start, options) });
  return tableIn(firstRecords(start, dialect)) > 0;
}

/** Where the last records begin that have the same number of fields, if there are at least three such records. 0: all records have that number, or fewer than three records have it. */
export function tableIn(records: readonly LooseRecord[]): number {
  const counts = countsOf(records);
  const fields = counts.at(-1) ?? 0;
  const before = counts.findLastIndex((count) => count !== fields) + 1;
  return fields > 1 && counts.length - before > 2 && counts.slice(0, before).every((count) => count < fields) ? before : 0;
}

export function firstRecords(
  { bytes, from, last }: { readonly bytes: Uint8Array; readonly from: number; readonly last: boolean },
  dialect: Dialect,
  most = mostRecords,
): readonly LooseRecord[] {
  const records: LooseRecord[] = [];
  try {
    for (const record of looseRecords(bytes, from, dialect, last)) if (records.push(record) >= most) break;
  } catch (error) {
    // A quote that stays open is reported when the file is read. In the sample, it only ends the records.
    if (!(error instanceof UnterminatedQuote)) throw error;
  }
  return records;
}

const countsOf = (records: readonly LooseRecord[]): readonly number[] =>
  records.map((record) => (record.malformed ? 0 : record.fields.length));

/** The number of fields that most of the records have. */
export const fieldsOfMost = (records: readonly LooseRecord[]): number => mostCommon(countsOf(records));

function mostCommon(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].reduce((best, [count, n]) => (n > best.n ? { count, n } : best), { count: 1, n: 0 }).count;
}
