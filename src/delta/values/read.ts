/** Reads the rows of a data file as rows of its Delta table: in the columns of the table, without the rows that the file’s vector deletes. */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Window } from '../../engine/contracts/home.ts';
import type { FileContent, FileSource, Format, Piece } from '../../formats/contract/format.ts';
import { windowFilter } from '../../formats/contract/window-filter.ts';
import { parquetFormat } from '../../formats/parquet/parquet.ts';
import { arrow, type DataFrame, polars } from '../../frames/native.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import { toPolars } from '../../frames/values/to-polars.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { DeltaFile, VectorDescriptor } from '../table.ts';
import { DeletedRows } from './deleted-rows.ts';
import { valueError } from './errors.ts';
import { type FileMapping, fileMapping, mapped } from './mapping.ts';
import { columnsOf, type TableDescription } from './schema.ts';
import { numRecords } from './statistics.ts';
import { type OpenVector, readVector } from './vector.ts';
import { isInside, takesAll } from './windows.ts';

/** The format that reads the data files of a table. One format serves all files of the table. @param columns the columns to read, by the names of the table; null: all. */
export function dataFormat(table: TableDescription, columns: readonly string[] | null = null): Format {
  const known = columnsOf(table, columns);
  const names = new Set(known.columns.map(({ physicalName }) => physicalName));
  // If columns are found by id, a column may have any name in the file.
  const leavesOut = known.mode === 'id' ? undefined : (name: string) => !names.has(name);
  return parquetFormat({ int96: 'microseconds', ...(leavesOut && { leavesOut }) });
}

/** Inspects a data file. @throws HYG-3806 if its size differs from the log, and the errors of `Format.inspect`. */
export async function inspectDeltaFile({ file, source, format }: Pick<DeltaRead, 'file' | 'source' | 'format'>): Promise<FileContent> {
  mustHaveSize(file, source);
  return format.inspect(source, null);
}

export interface DeltaRead {
  readonly table: TableDescription;
  readonly file: DeltaFile;
  readonly source: FileSource;
  /** The result of `dataFormat`, for at least the columns that are read. */
  readonly format: Format;
  /** The result of `inspectDeltaFile`. */
  readonly content: FileContent;
  /** Row groups, as in `Format.read`: `from` inclusive to `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** The columns to read, by the names and in the order of the table; null: all. */
  readonly columns: readonly string[] | null;
  readonly window: Window;
  readonly frameBytes: number;
  readonly frameRows: number;
  readonly openVector: OpenVector;
  /** An earlier vector of the file: only the rows that were deleted after it are read. Null: in the earlier state no row was deleted. Absent: the rows that the current vector of `file` does not delete are read. */
  readonly deletedSince?: VectorDescriptor | null;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
}

/**
 * The rows of the row groups that are in the window, in the order of the file. If the rows need no change, the frames of the format are returned with their
 * pages.
 * @throws HYG-3804 and HYG-3805 for the vector, HYG-3806 for a file that differs from the log, HYG-3807 to HYG-3809 for its columns.
 */
export async function* readDeltaFile(read: DeltaRead): AsyncGenerator<Frame> {
  const { table, file, source, content, window, columns } = read;
  if (file.vector === null && read.deletedSince !== undefined) return;
  mustBeThatFile(read);
  const asked = window.column?.column ?? null;
  const withAsked = columns === null || asked === null || columns.includes(asked) ? columns : [...columns, asked];
  const whole = await fileMapping({ table, columns: withAsked, file, source, content });
  const placed = placedWindow(window, whole);
  if (placed.rows === 'none') return;
  const deleted = await deletedIn(read);
  // The window is applied after the vector, because the vector needs the row numbers of the file.
  const after = deleted !== null && !takesAll(placed.ask) ? window : placed.after;
  const isWhole = after !== null || withAsked === columns;
  const mapping = isWhole ? whole : await fileMapping({ table, columns, file, source, content });
  for await (const frame of rawFrames(read, { mapping, ask: placed.ask, deleted })) {
    const rows = await mapped(frame, mapping);
    const inWindow = after === null ? rows : await filtered(rows, after);
    if (inWindow.rows > 0) yield isWhole && withAsked !== columns ? await withoutColumn(inWindow, asked) : inWindow;
  }
}

/** The deleted rows; null: no row of the part is deleted. */
async function deletedIn(read: DeltaRead): Promise<DeletedRows | null> {
  const { file, source, content, openVector: open, deletedSince: since } = read;
  const of = (vector: VectorDescriptor) => readVector({ vector, rows: content.rows ?? 0, name: source.name, open });
  if (file.vector === null) return null;
  const own = await of(file.vector);
  const deleted = since === undefined ? own : DeletedRows.allBut(content.rows ?? 0, own, since === null ? null : await of(since));
  const start = startOf(read);
  return deleted.countIn(start, start + rowsOf(partOf(read))) === 0 ? null : deleted;
}

/** Throws if the size of a file differs from the log. Files of a table never change, so a file with another size has other rows. */
function mustHaveSize(file: DeltaFile, source: FileSource): void {
  if (source.bytes !== file.bytes)
    throw valueError('HYG-3806', `${source.name} has ${source.bytes} bytes, but ${file.bytes} bytes according to the log of the table.`);
}

function mustBeThatFile({ file, source, content }: DeltaRead): void {
  mustHaveSize(file, source);
  const rows = file.vector === null ? undefined : numRecords(file);
  if (rows !== undefined && rows !== content.rows)
    throw valueError('HYG-3806', `${source.name} has ${content.rows} rows, but ${rows} rows according to the log of the table.`, {
      why: ['The deletion vector of the file deletes rows by their numbers, so the vector would delete the wrong rows.'],
    });
}

const allOf = (window: Window): Window => ({ ...window, column: null, lower: null, upper: null, nulls: 'include' });

interface PlacedWindow {
  readonly rows: 'none' | 'some';
  /** The window in the types of the file, for the format and its statistics. */
  readonly ask: Window;
  /** The part of the window that the format can’t apply, in the types of the table; null: nothing remains. */
  readonly after: Window | null;
}

/** Splits a window between the format and the mapped rows. The format filters rows if the file has the column unchanged. */
function placedWindow(window: Window, mapping: FileMapping): PlacedWindow {
  const all = allOf(window);
  const { column } = window;
  if (column === null || takesAll(window)) return { rows: 'some', ask: all, after: null };
  const made = mapping.columns.find(({ name }) => name === column.column);
  if (made?.kind === 'constant' || made?.kind === 'null') {
    const text = made.kind === 'constant' ? made.text : null;
    return { rows: isInside(window, { type: column.type, text }) ? 'some' : 'none', ask: all, after: null };
  }
  if (made?.fit.kind === 'same') return { rows: 'some', ask: { ...window, column: { ...column, column: made.from } }, after: null };
  return { rows: 'some', ask: all, after: window };
}

interface Raw {
  readonly mapping: FileMapping;
  readonly ask: Window;
  readonly deleted: DeletedRows | null;
}

/** The rows of the file without the deleted rows. Deleted rows are identified by their position, so they are removed before any other filter. */
async function* rawFrames(read: DeltaRead, { mapping, ask, deleted }: Raw): AsyncGenerator<Frame> {
  if (deleted === null) {
    let rows = 0;
    for await (const frame of framesOf(read, mapping, { from: read.from, to: read.to, window: ask })) {
      rows += frame.rows;
      yield frame;
    }
    if (takesAll(ask)) mustBeRows(read, rows, rowsOf(partOf(read)));
    return;
  }
  for (const run of await runsWithin(read, ask)) {
    let row = run.start;
    for await (const frame of framesOf(read, mapping, {
      ...run,
      window: allOf(ask),
    })) {
      const first = row;
      row += frame.rows;
      const gone = deleted.countIn(first, row);
      if (gone === frame.rows) continue;
      if (gone === 0) yield frame;
      else yield await withoutDeleted(frame, { kept: deleted.kept(first, frame.rows), rows: frame.rows - gone });
    }
    mustBeRows(read, row - run.start, run.rows);
  }
}

function partOf({ content, from, to }: DeltaRead): readonly Piece[] {
  return content.pieces.filter((piece) => piece.from >= from && piece.to <= to);
}

function startOf({ content, from }: DeltaRead): number {
  return rowsOf(content.pieces.filter(({ to }) => to <= from));
}

const rowsOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { rows }) => sum + (rows ?? 0), 0);

function mustBeRows({ source }: DeltaRead, rows: number, expected: number): void {
  if (rows === expected) return;
  throw valueError('HYG-3806', `${rows} rows of ${source.name} were read, but the footer says ${expected} in this part.`);
}

interface Run {
  readonly from: number;
  readonly to: number;
  /** The number, in the file, of the run’s first row. */
  readonly start: number;
  readonly rows: number;
}

/** Row groups that can have rows of the window; neighbouring row groups form a run. */
async function runsWithin({ content, source, format, from, to }: DeltaRead, window: Window): Promise<readonly Run[]> {
  const may = takesAll(window) ? undefined : await format.within({ source, content, window });
  const runs: Run[] = [];
  let start = 0;
  for (const [i, piece] of content.pieces.entries()) {
    const rows = piece.rows ?? 0;
    if (piece.from >= from && piece.to <= to && may?.[i] !== false) {
      const last = runs.at(-1);
      if (last?.to === piece.from) runs.splice(-1, 1, { ...last, to: piece.to, rows: last.rows + rows });
      else runs.push({ from: piece.from, to: piece.to, start, rows });
    }
    start += rows;
  }
  return runs;
}

async function* framesOf(
  { format, source, content, frameBytes, frameRows, scratch, signal }: DeltaRead,
  { read: columns }: FileMapping,
  part: { readonly from: number; readonly to: number; readonly window: Window },
): AsyncGenerator<Frame> {
  const { from, to, window } = part;
  for await (const frame of format.read({ source, content, from, to, window, frameBytes, frameRows, columns, scratch, signal })) {
    if ('rejected' in frame) throw valueError('HYG-3806', `${source.name} has rows that can't be read.`);
    yield frame;
  }
}

async function filtered(frame: PolarsFrame, window: Window): Promise<PolarsFrame> {
  const filter = windowFilter(await polars(), window);
  if (filter === undefined) return frame;
  return frame.partOf((await frame.collect()).lazy().filter(filter).collectSync());
}

async function withoutColumn(frame: PolarsFrame, column: string | null): Promise<PolarsFrame> {
  const columns = frame.schema.columns.filter(({ name }) => name !== column);
  const data = (await frame.collect()).select(...columns.map(({ name }) => name));
  return PolarsFrame.of({ schema: { columns }, data, bytes: frame.bytes });
}

/** A name that no file column has. */
const keptColumn = '_hygge kept';

/** The rows with a 1 in `kept` (see `DeletedRows.kept`). @param of.rows the number of rows with a 1. */
async function withoutDeleted(frame: Frame, { kept, rows }: { readonly kept: Uint8Array; readonly rows: number }): Promise<Frame> {
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const from = asPolars(frame);
  const data = await from.taken();
  const bits = A.makeData({ type: new A.Bool(), length: frame.rows, nullCount: 0, data: kept });
  const marks = await toPolars(new A.Table({ [keptColumn]: new A.Vector([bits]) }));
  const names = data.columns;
  const left = (pl.concat([data, marks], { how: 'horizontal' }) as DataFrame)
    .lazy()
    .filter(pl.col(keptColumn))
    .select(...names)
    .collectSync();
  if (left.height !== rows) throw new Error(`${rows} rows should stay, but ${left.height} stay`);
  return from.partOf(left);
}
