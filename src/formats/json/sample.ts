import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { compressionOf } from '../bytes/compression.ts';
import type { Lexer } from '../bytes/json-lexer.ts';
import type { FileSource, Format, SampleResult } from '../contract/format.ts';
import type { Threads } from '../threads/threads.ts';
import { badRow, jsonError } from './errors.ts';
import { type FeedOf, feed } from './feed.ts';
import type { Done, ScanResult } from './jobs.ts';
import { LineNumbers } from './line-number.ts';
import { declaredFor, type LookSettings } from './look-settings.ts';
import { onWorkers } from './on-workers.ts';
import { type JsonReading, type PinnedColumn, pinnedAs, pinnedColumns, undeclaredNames } from './pinned.ts';
import { type BadPlace, looksLikeDocument } from './record-sink.ts';
import { mustBeFewNames, ScanSink } from './scan-sink.ts';
import { type Conflict, settle } from './settled-columns.ts';
import { addShape, emptyShape, hasDataAsNames, type Shape, seen as seenKinds } from './shape.ts';
import { ShapeScan } from './shape-scan.ts';

type SampleRequest = Parameters<NonNullable<Format['sample']>>[0];

/** How many parts of a file are sampled, if the file is not read as a whole. One part is the beginning of the file. */
const samplePlaces = 4;
/** The size of each part, as a share of `wholeBytes`. With many files, the parts are smaller. */
const placeLimits = { least: 1 / 256, most: 1 / 16 };
const scanChunkBytes = 4 * 1024 * 1024;
/** How many chunks are scanned at the same time. */
const scansAhead = 3;

/** See `Format.sample`. JSON has no header, so all records must be scanned to find all columns. The scan is made before the records are read, or while they are read. */
export async function sampleFiles(how: LookSettings, request: SampleRequest): Promise<SampleResult> {
  const { sources, pinned, look, complete = false } = request;
  const before = pinnedColumns(pinned, how.reading);
  const isWhole = isLookedAtWhole(how, request, before);
  const { seen, bad } = await lookAtAll(how, sources, isWhole);
  const settled = settle(seen, before, how.reading);
  const isPartly = look === 'for a run' && !isWhole;
  // Reading alone would not notice some changes of types that the other records may require.
  const isTold = settled.columns.length > 0 && settled.columns.every((column) => isPlain(column, how));
  if (isPartly && before.length === 0 && !isTold) return await sampleFiles(how, { ...request, look: 'whole' });
  const [conflict] = settled.conflicts;
  if (conflict) throw await mixed(how, conflict, sources);
  mustDiffer(settled.columns);
  if (settled.columns.length === 0) throw bad ? await nothingButBad(how, bad) : noColumns(sources);
  const notes = isWhole ? settled.notes : [isPartly ? partlyForNow : partlySeen, ...settled.notes];
  const undeclared = new Set(undeclaredNames(pinned, how.reading));
  const marked = settled.columns.map((column) => (undeclared.has(column.name) ? { ...column, configured: true as const } : column));
  const columns = isWhole && complete ? marked.map((column) => stillThere(column, seen, how)) : marked;
  const warnings = warningsOfNames(seen, { columns, before, reading: how.reading });
  return {
    pinned: pinnedAs(how.reading, columns),
    notes: [...notes, ...newcomers(before, settled.columns)],
    ...(warnings.length > 0 && { warnings }),
    ...(isPartly ? { partly: before.length === 0 ? 'names and kinds' : 'names' } : {}),
  };
}

function isLookedAtWhole(
  { isLines, wholeBytes, againBytes }: LookSettings,
  { sources, look }: SampleRequest,
  before: readonly PinnedColumn[],
): boolean {
  const total = sources.reduce((sum, source) => sum + source.bytes, 0);
  if (total <= wholeBytes || look === 'whole') return true;
  return look === 'for a run' && (before.length === 0 ? !isLines : total <= againBytes);
}

/** Whether the values that were seen decide the type. The type of a list is not decided, because the list may be empty here and contain numbers elsewhere. */
function isPlain({ name, type }: PinnedColumn, { reading }: LookSettings): boolean {
  return reading.declared.has(name) || /^(null|bool|int64|float64|string)$/.test(type.kind);
}

interface SampleSoFar {
  readonly seen: Shape;
  readonly bad: (BadPlace & { readonly source: FileSource }) | undefined;
}

async function lookAtAll(how: LookSettings, sources: readonly FileSource[], isWhole: boolean): Promise<SampleSoFar> {
  const seen = emptyShape();
  let bad: SampleSoFar['bad'];
  const { wholeBytes } = how;
  const { least, most } = placeLimits;
  const placeBytes = Math.ceil(wholeBytes * Math.max(least, Math.min(most, 1 / sources.length / samplePlaces)));
  for (const source of sources) {
    const found = await look(how, source, isWhole ? null : placeBytes);
    addShape(seen, found.shape);
    if (found.bad) bad ??= { ...found.bad, source };
  }
  return { seen, bad };
}

/** A column that the records no longer have is marked as absent. A declared column always stays, and without records all columns stay. */
function stillThere({ absent: _before, ...column }: PinnedColumn, root: Shape, { reading }: LookSettings): PinnedColumn {
  if (root.fields === undefined || reading.declared.has(column.name) || isSeen(root, column.path)) return column;
  return { ...column, absent: true };
}

/** Whether the records have the member at a path. If the object around the member is null, the member counts as seen. */
function isSeen(shape: Shape, [name, ...inside]: readonly string[]): boolean {
  if (name === undefined) return true;
  const field = shape.fields?.get(name);
  if (field !== undefined) return isSeen(field, inside);
  return shape.fields === undefined && (shape.kinds & seenKinds.object) === 0;
}

function newcomers(before: readonly PinnedColumn[], now: readonly PinnedColumn[]): readonly OwnNote[] {
  if (before.length === 0) return [];
  const names = now.filter((column) => !before.some(({ name }) => name === column.name)).map(({ name }) => name);
  if (names.length === 0) return [];
  const text = `new in the files: ${names.slice(0, mostNewNamed).join(', ')}${names.length > mostNewNamed ? ', …' : ''}`;
  return [{ code: 'json.new_names', params: { columns: names.slice(0, mostNewNamed), all: names.length }, text }];
}

const mostNewNamed = 10;

const partlySeen: OwnNote = {
  code: 'json.partly_seen',
  text: 'columns come from a part of the records. A run looks at all records, or checks records while it reads',
};
const partlyForNow: OwnNote = {
  code: 'json.partly_for_now',
  text: 'columns come from a part of the records. If other records do not fit, the run looks at all records and reads again',
};

/** @param placeBytes how many bytes of each part are scanned. Null: the whole file is scanned. */
async function look(how: LookSettings, source: FileSource, placeBytes: number | null): Promise<ScanResult> {
  const compression = await compressionOf(source, how.compression);
  const of: FeedOf = {
    source,
    compression,
    records: how.isLines ? null : how.reading.records,
    from: 0,
    to: source.bytes,
    chunkBytes: Math.min(scanChunkBytes, placeBytes ?? scanChunkBytes),
    ...(placeBytes === null ? {} : { most: placeBytes }),
  };
  const shape = emptyShape();
  let bad: BadPlace | undefined;
  const isWhole = placeBytes === null;
  const byThreads = how.isLines && source.bytes >= how.threads.from && (isWhole || compression === 'none');
  for (const part of isWhole || !how.isLines || compression !== 'none' ? [of] : places(of, placeBytes)) {
    const found = await (byThreads ? scanOnWorkers(part, how.threads.these) : scan(part));
    addShape(shape, found.shape);
    bad ??= found.bad;
  }
  return { shape, bad };
}

/** The parts of a large file of lines, spread over the file. */
function places(of: FeedOf, placeBytes: number): readonly FeedOf[] {
  const { bytes } = of.source;
  const { most: _, ...whole } = of;
  const part = Math.min(placeBytes, Math.ceil(bytes / samplePlaces));
  return Array.from({ length: samplePlaces }, (_none, i) => {
    const from = Math.floor(((bytes - part) * i) / (samplePlaces - 1));
    return { ...whole, from, to: from + part };
  });
}

async function scan(of: FeedOf): Promise<ScanResult> {
  let sink: ScanSink | undefined;
  const make = (lexer: Lexer): ScanSink => {
    sink = new ScanSink(new ShapeScan(of.source.name, lexer));
    return sink;
  };
  for await (const _ of feed(of, make));
  return { shape: sink?.scan.root ?? emptyShape(), bad: sink?.first };
}

/** Does the same as `scan`, but on threads, chunk by chunk. The results are combined in the order of the file. */
async function scanOnWorkers(of: FeedOf, threads: Threads): Promise<ScanResult> {
  const jobs = await import('./jobs.ts');
  const shape = emptyShape();
  let bad: BadPlace | undefined;
  const scanned = onWorkers(of, { threads, ahead: scansAhead }, async (lease, lines, bytes) => {
    const { answer } = await lease.run<Done<ScanResult | string> | undefined>(jobs, 'scan', {
      given: { file: of.source.name, lines },
      bytes,
    });
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

async function mixed(how: LookSettings, conflict: Conflict, sources: readonly FileSource[]): Promise<Error> {
  const why: string[] = [];
  for (const { what, spot } of conflict.spots) {
    const source = sources.find(({ name }) => name === spot.file);
    if (!source) continue;
    await using lines = new LineNumbers(source, await compressionOf(source, how.compression));
    why.push(`${what} in ${how.row.toLowerCase()} ${await lines.at(spot.offset)} of ${spot.file}`);
  }
  const { column, path, reason } = conflict;
  const inside = path.length > 1 && column !== path.join(how.reading.separator) ? ` (at ${path.join('.')})` : '';
  return jsonError('HYG-3402', `Column ${column} can't be of one type: ${reason}${inside}.`, {
    why,
    tryThis: [
      `Keep the column as text: types: {${JSON.stringify(column)}: string}`,
      `Or keep every value as its JSON: types: {${JSON.stringify(column)}: json}`,
      'Or do the same for all columns: mixed: string, or mixed: json',
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
        why: [`One column is ${other.path.join(' → ')}, the other is ${column.path.join(' → ')}.`],
      });
    byName.set(column.name, column);
  }
}

function hasNameless(type: DataType): boolean {
  if (type.kind === 'list') return hasNameless(type.item);
  return type.kind === 'struct' && type.fields.some((field) => field.name === '' || hasNameless(field.type));
}

/** The error for a source in which each record is bad. The read itself would not report this, because it has no columns to read. */
async function nothingButBad(how: LookSettings, bad: BadPlace & { readonly source: FileSource }): Promise<Error> {
  await using lines = new LineNumbers(bad.source, await compressionOf(bad.source, how.compression));
  const { name: file, line } = await lines.placeAt(bad.offset);
  return badRow({
    row: how.row,
    file,
    line,
    reason: bad.reason,
    isDocument: how.isLines && how.row === 'Line' && looksLikeDocument(bad),
    declared: declaredFor(how, bad.reason),
  });
}

function noColumns(sources: readonly FileSource[]): Error {
  const [first] = sources;
  const others = sources.length > 1 ? ` and ${sources.length - 1} more` : '';
  return jsonError('HYG-3406', `${first?.name ?? 'The source'}${others} has no record yet, so its columns are unknown.`);
}

// ---- objects whose names of members are data, such as ids or days. Each new name would be another column, or another field of a column, without end

interface NamedColumns {
  readonly columns: readonly PinnedColumn[];
  /** The columns of earlier runs. These columns get no warning, because another type would change them. */
  readonly before: readonly PinnedColumn[];
  readonly reading: JsonReading;
}

/** A warning for each object whose names are data. The warning has the line for the config that makes one JSON column of the object. */
function warningsOfNames(root: Shape, { columns, before, reading }: NamedColumns): readonly OwnNote[] {
  const settled = new Set(before.map(({ name }) => name));
  const found = new Map<string, number>();
  for (const { name, path } of columns) {
    if (settled.has(name) || reading.declared.has(name)) continue;
    const shapes = shapesAlong(root, path);
    const flattened = shapes.slice(0, -1).findIndex(hasDataAsNames);
    const last = shapes.at(-1);
    const names = flattened >= 0 ? (shapes[flattened]?.fields?.size ?? 0) : last && shapes.length === path.length ? namesInside(last) : 0;
    if (names > 0) found.set(flattened >= 0 ? path.slice(0, flattened + 1).join(reading.separator) : name, names);
  }
  const isNew = columns.some(({ name }) => !settled.has(name) && !reading.declared.has(name));
  return [
    ...(isNew && hasDataAsNames(root) ? [ofRecords(root.fields?.size ?? 0)] : []),
    ...[...found].map(([column, names]) => warning(column, names)),
  ];
}

/** The shape at the first name of the path, the shape at the first two names, and so on. If a name is missing, the list ends before it. */
function shapesAlong(root: Shape, path: readonly string[]): readonly Shape[] {
  const shapes: Shape[] = [];
  for (const name of path) {
    const shape: Shape | undefined = (shapes.at(-1) ?? root).fields?.get(name);
    if (shape === undefined) break;
    shapes.push(shape);
  }
  return shapes;
}

/** The number of members of the first object whose names are data, at this shape or inside it. 0: no object has such names. */
function namesInside(shape: Shape): number {
  if (hasDataAsNames(shape)) return shape.fields?.size ?? 0;
  for (const inside of [...(shape.fields?.values() ?? []), ...(shape.items ? [shape.items] : [])]) {
    const names = namesInside(inside);
    if (names > 0) return names;
  }
  return 0;
}

function ofRecords(names: number): OwnNote {
  const text = `the records have ${names} different members, and most records lack most of them. The names of these members look like data, and each new name becomes a column. List the wanted members in columns: […] of home`;
  return { code: 'json.names_are_data', params: { column: '', names }, text };
}

function warning(column: string, names: number): OwnNote {
  const written = /^[A-Za-z_]\w*$/.test(column) ? column : JSON.stringify(column);
  const text = `${column} has ${names} different members, and most records lack most of them. The names of these members look like data, and each new name changes the columns. types: { ${written}: json } in home keeps it as one column`;
  return { code: 'json.names_are_data', params: { column, names }, text };
}
