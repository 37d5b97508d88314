import type { DataType } from '../../../frames/schema.ts';
import { compressionOf } from '../../compressed.ts';
import type { FileSource, Format, Sampled } from '../../format.ts';
import type { Threads } from '../../threads/threads.ts';
import { atDesks } from './at-desks.ts';
import { badRow, jsonError } from './errors.ts';
import { type FeedOf, feed } from './feed.ts';
import type { Scanned } from './jobs.ts';
import type { Lexer } from './lexer.ts';
import { LineNumbers } from './line-number.ts';
import type { Looking } from './looking.ts';
import { type PinnedColumn, pinnedAs, pinnedColumns } from './pinned.ts';
import { mustBeFewNames, ScanTaker } from './scan-taker.ts';
import { type Conflict, settle } from './settle.ts';
import { addShape, emptyShape, type Shape, seen as seenKinds } from './shape.ts';
import { ShapeScan } from './shape-scan.ts';
import { type BadPlace, looksLikeDocument } from './taker.ts';

type SampleRequest = Parameters<NonNullable<Format['sample']>>[0];

const megabyte = 1024 * 1024;
/** Files that are no larger together are always gone through whole. */
const alwaysWhole = 64 * megabyte;
/** And before a real run all of them, however large, the first time; later so much: what then turns up while reading is a bad row, never lost. */
const againWhole = 1024 * megabyte;
/** Of a larger file: so much of its beginning, and of places behind it. */
const sampleBytes = 4 * megabyte;
const samplePlaces = 4;
const scanChunkBytes = 4 * megabyte;
/** Chunks that are gone through while another is. */
const scansAhead = 3;

/** See `Format.sample`. JSON has no header: only going through all records tells their columns, which a real run therefore does. */
export async function sampleFiles(how: Looking, { sources, pinned, thorough, complete = false }: SampleRequest): Promise<Sampled> {
  const before = pinnedColumns(pinned, how.reading);
  const total = sources.reduce((sum, source) => sum + source.bytes, 0);
  const isWhole = total <= alwaysWhole || (thorough && (before.length === 0 || total <= againWhole));
  const seen = emptyShape();
  let bad: (BadPlace & { readonly source: FileSource }) | undefined;
  for (const source of sources) {
    const found = await look(how, source, isWhole);
    addShape(seen, found.shape);
    if (found.bad) bad ??= { ...found.bad, source };
  }
  const settled = settle(seen, before, how.reading);
  const [conflict] = settled.conflicts;
  if (conflict) throw await mixed(how, conflict, sources);
  mustDiffer(settled.columns);
  if (settled.columns.length === 0) throw bad ? await nothingButBad(how, bad) : noColumns(sources);
  const partly = isWhole ? [] : [thorough ? 'new names are looked for in a part of the files' : partlySeen];
  const columns = isWhole && complete ? settled.columns.map((column) => stillThere(column, seen, how)) : settled.columns;
  return { pinned: pinnedAs(how.reading, columns), notes: [...partly, ...settled.notes, ...newcomers(before, settled.columns)] };
}

/** A column that the config declares is one whatever the records have; where there are no records, nothing is gone. */
function stillThere({ absent: _before, ...column }: PinnedColumn, root: Shape, { reading }: Looking): PinnedColumn {
  if (root.fields === undefined || reading.declared.has(column.name) || isSeen(root, column.path)) return column;
  return { ...column, absent: true };
}

/** A member of something that is null is not gone. */
function isSeen(shape: Shape, [name, ...inside]: readonly string[]): boolean {
  if (name === undefined) return true;
  const field = shape.fields?.get(name);
  if (field !== undefined) return isSeen(field, inside);
  return shape.fields === undefined && (shape.kinds & seenKinds.object) === 0;
}

function newcomers(before: readonly PinnedColumn[], now: readonly PinnedColumn[]): readonly string[] {
  if (before.length === 0) return [];
  const names = now.filter((column) => !before.some(({ name }) => name === column.name)).map(({ name }) => name);
  return names.length === 0 ? [] : [`new in the files: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`];
}

const partlySeen = 'columns are told from a part of the records; the first run goes through all of them before it reads';

async function look(how: Looking, source: FileSource, isWhole: boolean): Promise<Scanned> {
  const compression = await compressionOf(source, how.compression);
  const of: FeedOf = {
    source,
    compression,
    records: how.isLines ? null : how.reading.records,
    from: 0,
    to: source.bytes,
    chunkBytes: isWhole ? scanChunkBytes : sampleBytes,
    ...(isWhole ? {} : { most: sampleBytes }),
  };
  const shape = emptyShape();
  let bad: BadPlace | undefined;
  if (isWhole && how.isLines && source.bytes >= how.threads.from) return await scanAtDesks(of, how.threads.these);
  for (const part of isWhole || !how.isLines || compression !== 'none' ? [of] : places(of)) {
    const found = await scan(part);
    addShape(shape, found.shape);
    bad ??= found.bad;
  }
  return { shape, bad };
}

/** Parts of a large file of lines, spread over it. */
function places(of: FeedOf): readonly FeedOf[] {
  const { bytes } = of.source;
  const { most: _, ...whole } = of;
  const part = Math.min(sampleBytes, Math.ceil(bytes / samplePlaces));
  return Array.from({ length: samplePlaces }, (_none, i) => {
    const from = Math.floor(((bytes - part) * i) / (samplePlaces - 1));
    return { ...whole, from, to: from + part };
  });
}

async function scan(of: FeedOf): Promise<Scanned> {
  let taker: ScanTaker | undefined;
  const make = (lexer: Lexer): ScanTaker => {
    taker = new ScanTaker(new ShapeScan(of.source.name, lexer));
    return taker;
  };
  for await (const _ of feed(of, make));
  return { shape: taker?.scan.root ?? emptyShape(), bad: taker?.first };
}

/** As `scan`, by threads: chunk by chunk, put together in the order of the file. */
async function scanAtDesks(of: FeedOf, threads: Threads): Promise<Scanned> {
  const jobs = await import('./jobs.ts');
  const shape = emptyShape();
  let bad: BadPlace | undefined;
  const scanned = atDesks(of, { threads, ahead: scansAhead }, async (desk, lines, bytes) => {
    const { answer } = await desk.run<Scanned | string | undefined>(jobs, 'scan', { given: { file: of.source.name, lines }, bytes });
    return answer;
  });
  for await (const found of scanned) {
    if (typeof found === 'string') throw jsonError('HYG-3404', found);
    addShape(shape, found.shape);
    mustBeFewNames(shape);
    bad ??= found.bad;
  }
  return { shape, bad };
}

async function mixed(how: Looking, conflict: Conflict, sources: readonly FileSource[]): Promise<Error> {
  const why: string[] = [];
  for (const { what, spot } of conflict.spots) {
    const source = sources.find(({ name }) => name === spot.file);
    if (!source) continue;
    await using lines = new LineNumbers(source, await compressionOf(source, how.compression));
    why.push(`${what} in line ${await lines.at(spot.offset)} of ${spot.file}`);
  }
  const { column, path, reason } = conflict;
  const inside = path.length > 1 && column !== path.join(how.reading.separator) ? ` (at ${path.join('.')})` : '';
  return jsonError('HYG-3402', `Column ${column} can't be of one type: ${reason}${inside}.`, {
    why,
    tryThis: [
      `Keep it as text: types: {${JSON.stringify(column)}: string}`,
      `Or every value as the JSON it is: types: {${JSON.stringify(column)}: json}`,
      'Or say it for all columns: mixed: string, or mixed: json',
    ],
  });
}

function mustDiffer(columns: readonly PinnedColumn[]): void {
  const byName = new Map<string, PinnedColumn>();
  for (const column of columns) {
    if (column.path.includes('') || hasNameless(column.type))
      throw jsonError('HYG-3407', `The name of a member is empty${column.name === '' ? '' : ` in column ${column.name}`}.`);
    const other = byName.get(column.name);
    if (other)
      throw jsonError('HYG-3405', `Two columns would be called ${JSON.stringify(column.name)}.`, {
        why: [`One is ${other.path.join(' → ')}, the other ${column.path.join(' → ')}.`],
      });
    byName.set(column.name, column);
  }
}

function hasNameless(type: DataType): boolean {
  if (type.kind === 'list') return hasNameless(type.item);
  return type.kind === 'struct' && type.fields.some((field) => field.name === '' || hasNameless(field.type));
}

/** Not one record can be read: reading will not tell, as there is nothing to read for. */
async function nothingButBad(how: Looking, bad: BadPlace & { readonly source: FileSource }): Promise<Error> {
  await using lines = new LineNumbers(bad.source, await compressionOf(bad.source, how.compression));
  return badRow({
    file: bad.source.name,
    line: await lines.at(bad.offset),
    reason: bad.reason,
    isDocument: how.isLines && looksLikeDocument(bad),
  });
}

function noColumns(sources: readonly FileSource[]): Error {
  const [first] = sources;
  const others = sources.length > 1 ? ` and ${sources.length - 1} more` : '';
  return jsonError('HYG-3406', `${first?.name ?? 'The source'}${others} has no record yet, so nothing tells its columns.`);
}
