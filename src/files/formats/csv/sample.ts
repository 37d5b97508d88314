/** A look at the beginning, the middle and the end of some files: how they are written and what their columns hold. */

import type { Look } from '../../../engine/contracts/home.ts';
import { describeType } from '../../../frames/describe-type.ts';
import type { OwnNote } from '../../../ports/notes.ts';
import type { Json } from '../../../ports/values.ts';
import type { FileSource, Format, Sampled } from '../../format.ts';
import { beginningOf } from './beginning.ts';
import { Decoding } from './decoding.ts';
import { dialectOf, findDelimiter, firstRecords, hasLoneReturns, looksLikeHeader } from './detect.ts';
import type { Dialect } from './dialect.ts';
import { badRowError, neverClosed, noSuchTypes } from './errors.ts';
import { mustHaveForm } from './form.ts';
import { type Head, headOf, isRanged } from './head.ts';
import { namesOf } from './names.ts';
import type { CsvHomeOptions, Reading } from './options.ts';
import { type Pinned, type PinnedColumn, pinnedOf } from './pinned.ts';
import { proposeType } from './propose.ts';
import type { LooseRecord } from './records.ts';
import { Unterminated } from './split.ts';
import { count, mostRowBytes } from './text.ts';

const headBytes = 256 * 1024;
const stretchBytes = 64 * 1024;
const mostOfStretch = 2_000;

interface Columns {
  /** Values that are not null, by name, in the order that names were first seen. */
  readonly values: Map<string, string[]>;
  rows: number;
  /** Records that were not looked at may have values where these have none. */
  isWhole: boolean;
}

type SampleRequest = Pick<Parameters<NonNullable<Format['sample']>>[0], 'sources' | 'pinned' | 'complete'> & { readonly look?: Look };

/** See `Format.sample`. */
export async function sampleFiles(
  { sources, pinned: json, complete = false, look: how = 'briefly' }: SampleRequest,
  reading: Reading,
): Promise<Sampled> {
  const settled = pinnedOf(json);
  const before = settled !== null && saysOtherwise(reading.options, settled) ? null : settled;
  let dialect = before ?? undefined;
  const seen: Columns = { values: new Map(), rows: 0, isWhole: complete };
  const heads: Head[] = [];
  for (const source of sources) {
    const head = await wholeHead(source, reading);
    if (how === 'for a dry run') heads.push(head);
    dialect ??= found(head, reading);
    mustHaveForm(source, { head, pinned: dialect, reading, known: namesKnown(before, seen) });
    await look(source, { head, pinned: dialect, reading, seen, known: before });
  }
  if (dialect === undefined) return { pinned: json, notes: [] };
  const names = [...seen.values.keys()];
  const missing = [...reading.types.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) throw noSuchTypes(sources[0]?.name ?? 'the file', missing, names);
  const pinned: Pinned = { ...dialect, columns: columnsOf(seen, before, reading) };
  for (const [at, head] of heads.entries()) mustFit(sources[at] as FileSource, head, pinned, reading);
  return { pinned: pinned as unknown as Json, notes: notesOn(pinned, { reading, decided: before === null, names, rows: seen.rows }) };
}

/** The config is a person's word: what was found once must not outlast it. */
function saysOtherwise({ header = 'auto' }: CsvHomeOptions, settled: Pinned): boolean {
  return header !== 'auto' && (header === true) !== settled.header;
}

function namesKnown(before: Pinned | null, { values }: Columns): readonly string[] {
  return before !== null && before.columns.length > 0 ? before.columns.map(({ name }) => name) : [...values.keys()];
}

/** Enough of the file to hold its first record and some more, where it has one. */
export async function wholeHead(source: FileSource, reading: Reading): Promise<Head> {
  for (let length = headBytes; ; length *= 4) {
    const head = await headOf(source, reading.options, length);
    if (head.last || length >= mostRowBytes) return head;
    const dialect = dialectOf(reading.options, { delimiter: ',', loneReturns: hasLoneReturns(head, reading.options) });
    if (firstRecords(head, dialect, 2).length === 2) return head;
  }
}

function found(head: Head, { options, forms }: Reading): Pinned {
  const delimiter = options.delimiter ?? head.separator ?? findDelimiter(options, head);
  const loneReturns = hasLoneReturns(head, options);
  const records = firstRecords(head, dialectOf(options, { delimiter, loneReturns }));
  const said = options.header ?? 'auto';
  const header = said === 'auto' ? looksLikeHeader(records, forms) : said === true;
  return { version: 1, delimiter, header, loneReturns, columns: [] };
}

interface Looking {
  readonly head: Head;
  readonly pinned: Pinned;
  readonly reading: Reading;
  readonly seen: Columns;
  readonly known: Pinned | null;
}

async function look(source: FileSource, { head, pinned, reading, seen, known }: Looking): Promise<void> {
  const dialect = dialectOf(reading.options, { ...pinned, loneReturns: hasLoneReturns(head, reading.options) });
  const records = firstRecords(head, dialect, mostOfStretch);
  const names = namesOf(source.name, { head, first: records[0] }, pinned, reading.options);
  for (const name of names) if (!seen.values.has(name)) seen.values.set(name, []);
  const decided = new Set([...decidedIn(known), ...reading.types.keys()]);
  seen.rows += Math.max(0, records.length - (pinned.header ? 1 : 0));
  seen.isWhole &&= head.last && records.length < mostOfStretch;
  if (names.every((name) => decided.has(name))) return;
  const all = [...(pinned.header ? records.slice(1) : records), ...(await further(source, head, dialect))];
  const { nulls } = reading.forms;
  for (const record of all) {
    if (record.malformed || record.fields.length !== names.length) continue;
    for (const [place, { text, isQuoted }] of record.fields.entries()) {
      const isNull = text === '' || nulls.has(Buffer.from(text), 0, Buffer.byteLength(text), isQuoted);
      if (!isNull) seen.values.get(names[place] ?? '')?.push(text);
    }
  }
}

/** From the middle and the end, beginning with the first line that begins there. */
async function further(source: FileSource, head: Head, dialect: Dialect): Promise<readonly LooseRecord[]> {
  if (head.last || !isRanged(head)) return [];
  const records: LooseRecord[] = [];
  for (const start of [Math.floor(source.bytes / 2), source.bytes - stretchBytes]) {
    if (start <= head.bytes.length) continue;
    const bytes = await source.read({ start, end: Math.min(source.bytes, start + stretchBytes) });
    const from = bytes.indexOf(dialect.newline) + 1;
    if (from > 0) records.push(...firstRecords({ bytes, from, last: false }, dialect, mostOfStretch));
  }
  return records;
}

function columnsOf({ values, rows, isWhole }: Columns, before: Pinned | null, { types, forms }: Reading): readonly PinnedColumn[] {
  const decide = (name: string, texts: readonly string[]): PinnedColumn => ({
    name,
    type: types.get(name) ?? proposeType(texts, forms),
    ...(texts.length === 0 && isWhole && !types.has(name) ? { undecided: true } : {}),
  });
  const known = (before?.columns ?? []).map((column) => (column.undecided ? decide(column.name, values.get(column.name) ?? []) : column));
  const names = new Set(known.map(({ name }) => name));
  // Of a table without a row nothing is known but its names: what they hold is decided when there is something.
  const fresh = rows === 0 ? [] : [...values].filter(([name]) => !names.has(name));
  return [...known, ...fresh.map(([name, texts]) => decide(name, texts))];
}

const decidedIn = (known: Pinned | null): readonly string[] =>
  known?.columns.flatMap(({ name, undecided }) => (undecided ? [] : [name])) ?? [];

const shownDelimiters: Readonly<Record<string, string>> = { '\t': 'tabs', ' ': 'blanks', ',': 'commas', ';': 'semicolons', '|': 'bars' };
const mostNamed = 12;

interface Noting {
  readonly reading: Reading;
  readonly decided: boolean;
  readonly names: readonly string[];
  /** That were looked at. */
  readonly rows: number;
}

function notesOn(pinned: Pinned, { reading, decided, names, rows }: Noting): readonly OwnNote[] {
  if (!decided) return [];
  const between =
    reading.options.delimiter === undefined ? `${shownDelimiters[pinned.delimiter] ?? pinned.delimiter} stand between fields, ` : '';
  const columns = `${names.length} ${names.length === 1 ? 'column' : 'columns'}`;
  const named = pinned.header ? `the first row names ${columns}` : `no row names the ${columns}`;
  const form = `${between}${Array.isArray(reading.options.header) ? `the config names ${columns}` : named}`;
  const proposed = pinned.columns.filter(({ name }) => !reading.types.has(name));
  const listed = proposed.slice(0, mostNamed).map(({ name, type }) => `${name} ${describeType(type)}`);
  const types = `types as sampled: ${listed.join(', ')}${proposed.length > mostNamed ? ` and ${proposed.length - mostNamed} more` : ''}`;
  const ofForm = { delimiter: pinned.delimiter, header: pinned.header, columns: names.length };
  return [
    { code: 'csv.form', params: ofForm, text: form },
    ...guessOf(pinned, { reading, names, rows }),
    ...(listed.length === 0 ? [] : [{ code: 'csv.types' as const, params: { columns: listed, all: proposed.length }, text: types }]),
  ];
}

/** Where the first row may as well be the other thing: a row that is taken for names is lost, and names that are taken for a row are no names. */
function guessOf({ header, columns }: Pinned, { reading, names, rows }: Omit<Noting, 'decided'>): readonly OwnNote[] {
  if ((reading.options.header ?? 'auto') !== 'auto' || rows === 0) return [];
  if (header && columns.some(({ name, type }) => type.kind !== 'string' && names.includes(name))) return [];
  const listed = `${names.slice(0, mostGuessed).join(', ')}${names.length > mostGuessed ? ', …' : ''}`;
  const text = header
    ? `the first row is taken for names (${listed}), and nothing below tells: if it is data, say header: false of the home, and load it anew (-d)`
    : `the first row is taken for data, and the columns are called ${listed}: if it names them, say header: true of the home, and load it anew (-d)`;
  return [{ code: 'csv.guess', params: { header }, text }];
}

const mostGuessed = 4;

/** The rows at the beginning of a file, read as a run reads them: what it would stop at is told before it begins. */

/** Throws HYG-3305 or HYG-3306 for the first row of the head that a run stops at. */
function mustFit(source: FileSource, head: Head, pinned: Pinned, reading: Reading): void {
  if (reading.badRows !== 'fail') return;
  const { dialect, columns, firstRow } = beginningOf(source, { head, pinned, reading });
  const decoding = new Decoding({ options: reading.options, dialect, columns, wanted: columns.map((_, place) => place) });
  const bytes = Buffer.from(head.bytes);
  const lineOf = (at: number): number => count(bytes.subarray(0, at), dialect.newline) + 1;
  try {
    for (let from = firstRow; ; ) {
      const next = decoding.take({ text: { bytes, from, to: bytes.length, last: head.last, quotes: true }, badRows: 'fail' });
      const [bad] = decoding.bad;
      if (bad !== undefined) throw badRowError({ name: source.name, line: lineOf(bad.start) }, bad, columns);
      if (next === from) return;
      decoding.clear();
      from = next;
    }
  } catch (error) {
    throw error instanceof Unterminated ? neverClosed(source.name, lineOf(error.at)) : error;
  }
}
