/** Looks at the beginning, the middle and the end of some files, and finds how they are written and what their columns contain. */

import type { Look } from '../../engine/contracts/home.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Json } from '../../ports/values.ts';
import type { FileSource, Format, SampleResult } from '../contract/format.ts';
import { beginningOf } from './beginning.ts';
import { columnsOf, doubtfulForms, doubtfulPoints, pastReading, type SampledColumns } from './column-types.ts';
import { CsvDecoder } from './csv-decoder.ts';
import { dialectOf, findDelimiter, firstRecords, hasLoneReturns } from './detect.ts';
import { carriageReturn, type Dialect, lineFeed } from './dialect.ts';
import { badRowError, delimiterNotTold, formNotTold, neverClosed, noSuchTypes, notTold } from './errors.ts';
import { type FileStart, isRanged, readFileStart } from './file-start.ts';
import { mustMatchEarlierFiles } from './form.ts';
import { firstRowOf, isGrouped, isRule, mostCompared, namesBelow } from './header.ts';
import { namesOf } from './names.ts';
import { notesOn } from './notes.ts';
import type { CsvHomeOptions, CsvReading } from './options.ts';
import { decidingKeys, type PinnedCsv, pinnedOf } from './pinned.ts';
import { behindComments, isCommented, linesAbove, namesInComment, tableBelow } from './preamble.ts';
import { readOtherwise } from './read-otherwise.ts';
import type { LooseRecord } from './records.ts';
import { namesToFind, RepeatedHeader } from './repeats.ts';
import { rowsEndIn, tableOf, withoutEmptyEnd } from './row-ends.ts';
import { doubtNote } from './said-form.ts';
import { UnterminatedQuote } from './split.ts';
import { count, mostRowBytes } from './text.ts';
import { separatorInAll } from './uncut.ts';

const headBytes = 256 * 1024;
const stretchBytes = 64 * 1024;
const mostOfStretch = 2_000;

interface Columns extends SampledColumns {
  rows: number;
  isWhole: boolean;
}

type SampleRequest = Pick<Parameters<NonNullable<Format['sample']>>[0], 'sources' | 'pinned' | 'complete'> & { readonly look?: Look };

/** See `Format.sample`. */
export async function sampleFiles(
  { sources, pinned: json, complete = false, look: how = 'briefly' }: SampleRequest,
  reading: CsvReading,
): Promise<SampleResult> {
  const settled = pinnedOf(json);
  const before = settled !== null && isOutdated(reading.options, settled) ? null : settled;
  const seen: Columns = { values: new Map(), rows: 0, isWhole: complete };
  const past = before && pastReading(before, reading);
  const seenBefore: Columns = { values: new Map(), rows: 0, isWhole: complete };
  const heads: FileStart[] = [];
  const headAt = async (place: number): Promise<FileStart> => (heads[place] ??= await wholeHead(sources[place] as FileSource, reading));
  const found = before === null ? await findForm(sources.length, headAt, reading) : undefined;
  const dialect = before ?? found?.pinned;
  for (const [place, source] of sources.entries()) {
    if (dialect === undefined) break;
    const head = await headAt(place);
    if (how !== 'for a dry run') delete heads[place];
    mustMatchEarlierFiles(source, { head, pinned: dialect, reading, known: namesKnown(before, seen) });
    await look(source, { head, pinned: dialect, reading, seen, decided: past ? [] : [...decidedIn(before), ...reading.types.keys()] });
    if (past) await lookAgain(source, { pinned: dialect, reading: past.reading, seen: seenBefore, decided: [] });
  }
  if (dialect === undefined) return { pinned: json, notes: [] };
  const names = [...seen.values.keys()];
  const missing = [...reading.types.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) throw noSuchTypes(sources[0]?.name ?? 'the file', missing, names);
  if (found !== undefined && !found.sure && reading.options.on_guess === 'fail')
    throw notTold(sources[0]?.name ?? 'the file', dialect.header, found);
  if (found !== undefined && found.others.length > 0 && reading.options.on_guess === 'fail')
    throw delimiterNotTold(sources[0]?.name ?? 'the file', [dialect.delimiter, ...found.others]);
  const decided = { seen, reading, delimiter: reading.options.delimiter ?? dialect.delimiter };
  const columns = columnsOf(decided, before, past && { ...past, seen: seenBefore });
  const doubts = doubtfulForms(columns, past ? null : before, decided);
  const [doubt] = doubts;
  if (doubt !== undefined && reading.options.on_guess === 'fail') throw formNotTold(sources[0]?.name ?? 'the file', doubt);
  const pinned: PinnedCsv = { ...dialect, columns, keys: decidingKeys(reading.options) };
  if (how === 'for a dry run') for (const [at, source] of sources.entries()) mustFit(source, await headAt(at), pinned, reading);
  const { notes, warnings } = notesOn(pinned, { reading, found, names, values: seen.values });
  const all = [...warnings, ...doubts.map(doubtNote), ...(before?.keys === undefined && before ? doubtfulPoints(before, decided) : [])];
  const otherwise =
    before && past?.isKnown
      ? readOtherwise(before, pinned, { past: { reading: past.reading, values: seenBefore.values }, now: { reading, values: seen.values } })
      : undefined;
  return { pinned: pinned as unknown as Json, notes, ...(all.length > 0 && { warnings: all }), ...(otherwise && { otherwise }) };
}

/**
 * Whether the settled decisions no longer hold. A key in the config is stronger than an earlier detection. If the only line was read and no
 * row settled, the decision about this line was only a guess.
 */
function isOutdated({ header = 'auto' }: CsvHomeOptions, settled: PinnedCsv): boolean {
  return header === 'auto' ? settled.columns.length === 0 : (header === true) !== settled.header;
}

function namesKnown(before: PinnedCsv | null, { values }: Columns): readonly string[] {
  return before !== null && before.columns.length > 0 ? before.columns.map(({ name }) => name) : [...values.keys()];
}

/** The beginning of a file, long enough to include the first record and some records after it, if the file has them. */
export async function wholeHead(source: FileSource, reading: CsvReading): Promise<FileStart> {
  for (let length = headBytes; ; length *= 4) {
    const head = await readFileStart(source, reading.options, length);
    if (head.last || length >= mostRowBytes) return head;
    const dialect = dialectOf(reading.options, { delimiter: ',', loneReturns: hasLoneReturns(head, reading.options) });
    if (firstRecords(head, dialect, 2).length === 2) return head;
  }
}

export interface RowOfNames {
  readonly names: readonly string[];
  /** The number of lines above the first record. */
  readonly lines: number;
}

export interface FoundForm {
  readonly pinned: PinnedCsv;
  /** Whether the file shows if the first row names the columns. False: this was guessed. */
  readonly sure: boolean;
  readonly first: readonly string[];
  /** Other characters that may separate the fields as well as the chosen one. */
  readonly others: readonly string[];
  /** Whether rows end with a delimiter for which the names have no field. */
  readonly trailing: boolean;
  /** The sign that occurs equally often in each line, if no delimiter splits the lines. */
  readonly uncut?: string;
  /** Whether a row of dashes is below the names. */
  readonly ruled: boolean;
  /** The texts of the comment above the first row. Only if the comment has one text for each column, and the first row does not name the columns. */
  readonly commented?: readonly string[];
  /** A row below the first row that looks like names, and the number of lines above that row. */
  readonly below?: RowOfNames;
  /** Whether the first row names groups of columns, and the row below it names the columns. */
  readonly grouped?: boolean;
  /** The row of names of another table below a blank line. */
  readonly second?: RowOfNames;
}

/** How the first file is written. If the meaning of its first row is not clear, the first file with a clear first row decides. */
async function findForm(files: number, headAt: (place: number) => Promise<FileStart>, reading: CsvReading): Promise<FoundForm | undefined> {
  if (files === 0) return undefined;
  const form = formIn(await headAt(0), reading);
  for (let place = 1; place < files && !form.sure; place++) {
    const other = formIn(await headAt(place), reading);
    const isAlike = other.pinned.delimiter === form.pinned.delimiter && other.first.length === form.first.length;
    // The names are the same in all files, but rows seldom are, so an equal first row is a row of names.
    if (isAlike && other.sure && (!other.pinned.header || other.first.every((name, at) => name === form.first[at])))
      return { ...form, pinned: { ...form.pinned, header: other.pinned.header }, sure: true };
  }
  return form;
}

function formIn(whole: FileStart, reading: CsvReading): FoundForm {
  const { options, forms } = reading;
  const loneReturns = hasLoneReturns(whole, options);
  const newline = loneReturns ? carriageReturn : lineFeed;
  const head = { ...whole, from: behindComments(whole, newline, options.comment) };
  const said = options.delimiter ?? head.separator;
  const { delimiter, others } = said === undefined ? findDelimiter(options, head) : { delimiter: said, others: [] };
  const dialect = dialectOf(options, { delimiter, loneReturns });
  const all = tableOf(firstRecords(whole, dialect, mostCompared));
  const records = isCommented({ records: all, reading }) ? tableOf(firstRecords(head, dialect, mostCompared)) : all;
  const told = options.header ?? 'auto';
  const first = records[0]?.fields.map(({ text }) => text) ?? [];
  // If the config gives the types of columns, the config uses their names, so the first row with these names is the header.
  const isTyped = reading.types.size > 0 && [...reading.types.keys()].every((name) => first.includes(name));
  const { header, sure } =
    told !== 'auto' ? { header: told === true, sure: true } : isTyped ? { header: true, sure: true } : firstRowOf(records, forms);
  const trailing = header && rowsEndIn(whole, first.length, { pinned: { delimiter, header }, reading });
  const uncut = said === undefined ? separatorInAll(records) : undefined;
  const grouped = told === 'auto' && !sure && isGrouped(records, forms);
  const at = grouped ? 1 : told === 'auto' ? namesBelow(records, forms) : 0;
  const names = records[at]?.fields.map(({ text }) => text) ?? [];
  const below = at > 0 ? { names, lines: linesAbove(whole, records[at - 1]?.next ?? 0, newline) } : undefined;
  const commented = told === 'auto' && !(header && sure) ? namesInComment(whole, dialect, records[0]) : undefined;
  const second = tableBelow(head, dialect, { records, reading });
  return {
    pinned: { version: 1, delimiter, header, loneReturns, columns: [] },
    sure,
    first,
    others,
    trailing,
    ruled: header && isRule(records[1]),
    ...(uncut !== undefined && { uncut }),
    ...(commented && { commented }),
    ...(below && { below }),
    ...(grouped && { grouped }),
    ...(second && { second }),
  };
}

interface FileLook {
  readonly head: FileStart;
  readonly pinned: PinnedCsv;
  readonly reading: CsvReading;
  readonly seen: Columns;
  /** The columns that have their types already. The values of these columns are not collected. */
  readonly decided: readonly string[];
}

/** Reads the same file again under the earlier config. If this fails, the file adds no values. */
async function lookAgain(source: FileSource, of: Omit<FileLook, 'head'>): Promise<void> {
  try {
    await look(source, { ...of, head: await wholeHead(source, of.reading) });
  } catch (error) {
    if (!(error instanceof HyggeError)) throw error;
  }
}

async function look(source: FileSource, { head, pinned, reading, seen, decided: known }: FileLook): Promise<void> {
  const dialect = dialectOf(reading.options, { ...pinned, loneReturns: hasLoneReturns(head, reading.options) });
  const records = tableOf(firstRecords(head, dialect, mostOfStretch));
  const names = namesOf(source.name, { head, first: records[0] }, pinned, reading.options);
  for (const name of names) if (!seen.values.has(name)) seen.values.set(name, []);
  const decided = new Set(known);
  seen.rows += Math.max(0, records.length - (pinned.header ? 1 : 0));
  seen.isWhole &&= head.last && records.length < mostOfStretch;
  if (names.every((name) => decided.has(name))) return;
  const all = [
    ...(pinned.header ? records.slice(1) : records),
    ...withoutEmptyEnd(names.length, await further(source, head, dialect, records)),
  ];
  const { nulls } = reading.forms;
  const header = names.length > 1 ? new RepeatedHeader(namesToFind(records[0], pinned.header, reading.options)) : undefined;
  for (const record of all) {
    // A repeated header in the middle of a file does not show what the column’s values are.
    if (header?.of(record) === 'same') continue;
    if (record.malformed || record.fields.length !== names.length) continue;
    for (const [place, { text, isQuoted }] of record.fields.entries()) {
      const isNull = text === '' || nulls.has(Buffer.from(text), 0, Buffer.byteLength(text), isQuoted);
      if (!isNull) seen.values.get(names[place] ?? '')?.push(text);
    }
  }
}

/** Reads stretches in the middle and at the end of a file. Each stretch begins at the first line that begins in it. */
async function further(
  source: FileSource,
  head: FileStart,
  dialect: Dialect,
  looked: readonly LooseRecord[],
): Promise<readonly LooseRecord[]> {
  if (head.last ? looked.length < mostOfStretch : !isRanged(head)) return [];
  const length = head.last ? head.bytes.length : source.bytes;
  const records: LooseRecord[] = [];
  for (const place of [Math.floor(length / 2), length - stretchBytes]) {
    // A small file is loaded as a whole, including more than its first records, so the sample continues after these records.
    const start = head.last ? Math.max(place, looked.at(-1)?.next ?? 0) : place;
    if (!head.last && start <= head.bytes.length) continue;
    const end = Math.min(length, start + stretchBytes);
    const bytes = head.last ? head.bytes.subarray(start, end) : await source.read({ start, end });
    const from = bytes.indexOf(dialect.newline) + 1;
    if (from > 0) records.push(...firstRecords({ bytes, from, last: false }, dialect, Number.POSITIVE_INFINITY).slice(-mostOfStretch));
  }
  return records;
}

const decidedIn = (known: PinnedCsv | null): readonly string[] =>
  known?.columns.flatMap(({ name, undecided }) => (undecided ? [] : [name])) ?? [];

/** Reads the rows at the beginning of a file as a run reads them. An error that would stop a run is therefore reported before the run. */

/** Throws HYG-3305 or HYG-3306 for the first row of the head at which a run would stop. */
function mustFit(source: FileSource, head: FileStart, pinned: PinnedCsv, reading: CsvReading): void {
  if (reading.badRows !== 'fail') return;
  const { dialect, columns, firstRow, namesToFind: header, trailing } = beginningOf(source, { head, pinned, reading });
  const decoding = new CsvDecoder({
    options: reading.options,
    dialect,
    columns,
    wanted: columns.map((_, place) => place),
    namesToFind: header,
    trailing,
  });
  const bytes = Buffer.from(head.bytes);
  const lineOf = (at: number): number => count(bytes.subarray(0, at), dialect.newline) + 1;
  try {
    for (let from = firstRow; ; ) {
      const next = decoding.take({ text: { bytes, from, to: bytes.length, last: head.last, quotes: true }, badRows: 'fail' });
      const [bad] = decoding.bad;
      if (bad !== undefined) throw badRowError({ name: source.name, line: lineOf(bad.start) }, bad, { columns, reading });
      if (next === from) return;
      decoding.clear();
      from = next;
    }
  } catch (error) {
    throw error instanceof UnterminatedQuote ? neverClosed(source.name, lineOf(error.at)) : error;
  }
}
