/** A Delta table for its home: versions and commits from the log, rows from the data files. */

import { type DeltaCommit, type DeltaLog, type LogFiles, openLog } from '../../delta/log/log.ts';
import type { DeltaFile, DeltaSnapshot, VectorDescriptor } from '../../delta/table.ts';
import { changeTypeColumn, hasFeed } from '../../delta/values/change-feed.ts';
import { rowsIn } from '../../delta/values/statistics.ts';
import { boundsOf, dataFormat, mayHold, nullsOf, type OpenVector, readDeltaFile, schemaOf } from '../../delta/values/values.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import { everything, type Window } from '../../engine/contracts/home.ts';
import type { HomeError } from '../../errors/hygge-error.ts';
import { SmallFiles } from '../../formats/bytes/small-files.ts';
import type { FileContent, Format, Piece } from '../../formats/contract/format.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { asPolars, type PolarsFrame } from '../../frames/values/polars-frame.ts';
import { FileNotFound, type FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { cannotGoOn, noFeed, rowsChanged } from './errors.ts';
import { mustReadAlike } from './identity.ts';
import { type AskedVersion, type DeltaHomeOptions, type PinnedTable, pinnedTable } from './options.ts';
import type { DeltaSlice } from './slices.ts';
import { TableFiles } from './table-files.ts';

/** The log's facts about a column in a file. */
export interface ColumnBounds {
  /** Whether the column has a value in the file. False: all values are null, or the file has no rows. */
  readonly hasValues: boolean;
  /** The largest value, or a limit above it; null: unknown. */
  readonly most: string | null;
  /** Whether `most` is the value of an existing row. */
  readonly areExact: boolean;
}

/** The effect of a commit on rows. Files that were only rewritten are left out. */
export interface TableCommit {
  readonly version: number;
  readonly operation: string | null;
  /** Whether the table has a change feed at this commit, so that feed files or data files show its changes. */
  readonly hasFeed: boolean;
  readonly changes: {
    /** Files all of whose rows are new in the table. */
    readonly added: readonly DeltaFile[];
    /** Whether a commit changed existing rows. It did if it removed rows of the table, or made deleted rows of a file visible again. */
    readonly changesRows: boolean;
    readonly inserted: readonly ChangedFile[];
    readonly deleted: readonly ChangedFile[];
    /** Files of the change feed. */
    readonly recorded: readonly DeltaFile[];
  };
}

/** A file with rows that a commit inserted or deleted. */
export interface ChangedFile extends DeltaFile {
  /** An earlier vector of the file: the changed rows are the rows that were deleted after it. Absent: all rows that the current vector does not delete. */
  readonly deletedSince?: VectorDescriptor | null;
}

const frameBytes = 32 * 1024 * 1024;

interface ReadRows {
  readonly window?: Window;
  /** The columns to read; null: all columns of the table. */
  readonly columns: readonly string[] | null;
  readonly signal?: AbortSignal;
}

export class DeltaTable {
  readonly #options: DeltaHomeOptions;
  readonly #files: TableFiles;
  #log: Promise<DeltaLog> | undefined;
  #logFiles: LogFiles;
  readonly #formats = new Map<string, Format>();

  constructor(options: DeltaHomeOptions) {
    this.#options = options;
    this.#files = new TableFiles(options);
    this.#logFiles = keptReads(options.files);
  }

  /** The columns by which the store merges rows; empty: the store does not merge. */
  get mergeKey(): readonly string[] {
    const { rowKey } = this.#options;
    return rowKey?.isMerged ? rowKey.columns : [];
  }

  /** @param asked the requested version; null: the newest. */
  async snapshot(asked: AskedVersion | null): Promise<DeltaSnapshot> {
    const { files, where, clock } = this.#options;
    this.#logFiles = keptReads(files);
    this.#log = openLog({ files: this.#logFiles, signal: new AbortController().signal, table: where });
    const log = await this.#log;
    if (asked === null) return log.snapshot();
    const now = Date.parse(clock.now());
    return log.snapshot(await log.find('version' in asked ? asked : { timestamp: Date.parse(asked.timestamp), now }));
  }

  /** All commits of the range, in order. Throws HYG-3903 if the log no longer has the first commit. */
  async commits({ after, upTo }: { readonly after: number; readonly upTo: number }): Promise<readonly TableCommit[]> {
    const log = await this.#log;
    if (log === undefined) throw new Error('commits are read from a log that was not opened');
    const increment = await log.since(after, upTo);
    if (increment.outcome === 'behind')
      throw this.cannotGoOn(
        `Its newest version is ${increment.newest}, but version ${after} has settled: the table was restored to an earlier version.`,
      );
    if (increment.outcome === 'cleaned') throw this.cannotGoOn(whyCleaned(after, increment.oldest), { isCleaned: true });
    const { snapshot, commits } = increment;
    const settled = pinnedTable(this.#options.pinned);
    const others = commits.flatMap(({ inForce, metadata }, at) => (at === 0 || metadata !== null ? [inForce] : []));
    mustReadAlike(this, settled === null ? others : [settled, ...others], snapshot);
    return commits.map(tableCommit);
  }

  /** A hash of the commit of a version. Another commit with the same number has another hash. Null: the commit was cleaned up. */
  async mark(version: number): Promise<string | null> {
    const path = `_delta_log/${String(version).padStart(20, '0')}.json`;
    try {
      return shortHash((await retry(() => this.#logFiles.read(path))).toString());
    } catch (error) {
      if (error instanceof FileNotFound) return null;
      throw error;
    }
  }

  /** The newest version with the same rows and columns as the given version. */
  async newestEqual(version: number): Promise<number> {
    const log = await this.#log;
    if (log === undefined || log.newest <= version) return version;
    const increment = await log.since(version, log.newest);
    if (increment.outcome !== 'changes') return version;
    let equal = version;
    for (const commit of increment.commits) {
      const { changes } = tableCommit(commit);
      if (changes.inserted.length + changes.deleted.length > 0 || commit.metadata !== null) break;
      equal = commit.version;
    }
    return equal;
  }

  schema({ metadata }: PinnedTable): Schema {
    return schemaOf(metadata);
  }

  /** The number of rows of a file that are not deleted; null: unknown from the log. */
  rowsIn(file: DeltaFile): number | null {
    return rowsIn(file) ?? null;
  }

  mayHold(pinned: PinnedTable, file: DeltaFile, window: Window): boolean {
    return mayHold(file, window, pinned);
  }

  bounds(pinned: PinnedTable, file: DeltaFile, { name }: Pick<Column, 'name'>): ColumnBounds {
    const { max } = boundsOf(file, name, pinned);
    return {
      hasValues: max.kind !== 'nulls' && this.rowsIn(file) !== 0,
      most: max.kind === 'exact' || max.kind === 'limit' ? max.text : null,
      areExact: max.kind === 'exact',
    };
  }

  /** The number of nulls of a column in a file; null: unknown from the log. */
  nulls(pinned: PinnedTable, file: DeltaFile, { name }: Pick<Column, 'name'>): number | null {
    return nullsOf(file, name, pinned) ?? null;
  }

  /** The row groups of a file. */
  async pieces(pinned: PinnedTable, file: DeltaFile): Promise<readonly Piece[]> {
    return (await this.#opened(pinned, file, null)).content.pieces;
  }

  /** The rows of a slice. */
  async *rows(pinned: PinnedTable, part: DeltaSlice, { window = everything, columns, signal }: ReadRows): AsyncGenerator<Frame> {
    yield* this.#read(pinned, part.file, { window, columns, signal, from: part.from, to: part.to });
  }

  /** The rows of a whole file. */
  rowsOfFile(pinned: PinnedTable, file: DeltaFile, { window = everything, columns, signal }: ReadRows): AsyncGenerator<Frame> {
    return this.#read(pinned, file, { window, columns, signal, from: 0, to: null });
  }

  /** The rows of a file that a commit inserted or deleted. */
  changedRows(pinned: PinnedTable, file: ChangedFile, { columns, signal }: ReadRows): AsyncGenerator<Frame> {
    const { deletedSince } = file;
    return this.#read(pinned, file, {
      window: everything,
      columns,
      signal,
      from: 0,
      to: null,
      ...(deletedSince !== undefined && { deletedSince }),
    });
  }

  /** The rows of a file of changes, with the column for the kind of change. */
  async *recordedRows(pinned: PinnedTable, file: DeltaFile, { columns, signal }: ReadRows): AsyncGenerator<PolarsFrame> {
    const asked = { window: everything, columns: columns === null ? null : [...columns, changeTypeColumn], signal, from: 0, to: null };
    for await (const frame of this.#read(withKinds(pinned), file, asked)) yield asPolars(frame);
  }

  mustHaveFeed({ version, metadata }: PinnedTable): void {
    if (!hasFeed(metadata)) throw this.noFeed(version);
  }

  cannotGoOn(why: string, more: { readonly isCleaned?: boolean } = {}): HomeError {
    return cannotGoOn(this.#options.where, this.#options.entity, { why, ...more });
  }

  /** The error for a settled version that is newer than the version that is read. */
  wentBack(settled: number, { version }: PinnedTable): HomeError {
    const isAsked = this.#options.asked !== null;
    return this.cannotGoOn(
      isAsked
        ? `The home names version ${version}, but version ${settled} has settled.`
        : `Its newest version is ${version}, but version ${settled} has settled: the table was restored to an earlier version.`,
    );
  }

  noFeed(version: number): HomeError {
    return noFeed(this.#options.where, version, this.#options.entity);
  }

  rowsChanged({ version, operation, hasFeed: feeds }: TableCommit): HomeError {
    const { where, entity } = this.#options;
    return rowsChanged(where, { version, operation }, { entity, hasFeed: feeds });
  }

  async *#read(
    pinned: PinnedTable,
    file: DeltaFile,
    part: {
      readonly window: Window;
      readonly columns: readonly string[] | null;
      readonly signal: AbortSignal | undefined;
      readonly from: number;
      readonly to: number | null;
      readonly deletedSince?: VectorDescriptor | null;
    },
  ): AsyncGenerator<Frame> {
    const { scratch, frameRows } = this.#options;
    const { window, columns, signal = new AbortController().signal } = part;
    const { source, content, format } = await this.#opened(
      pinned,
      file,
      columns === null || window.column === null ? columns : [...new Set([...columns, window.column.column])],
    );
    const size = { frameBytes, frameRows: Math.min(frameRows, window.frameRows ?? Number.POSITIVE_INFINITY) };
    const to = part.to ?? content.pieces.at(-1)?.to ?? part.from;
    const openVector = this.#vectors();
    const since = part.deletedSince === undefined ? {} : { deletedSince: part.deletedSince };
    const read = { table: pinned, file, source, format, content, from: part.from, to, columns, window, openVector, scratch, signal };
    for await (const frame of readDeltaFile({ ...read, ...size, ...since })) yield frame.readFrom(source.name);
  }

  async #opened(pinned: PinnedTable, { path, bytes }: DeltaFile, columns: readonly string[] | null) {
    const source = await this.#files.open(path, bytes);
    const format = this.#format(pinned, columns);
    const content: FileContent = await format.inspect(source, null);
    return { source, content, format };
  }

  #format(pinned: PinnedTable, columns: readonly string[] | null): Format {
    const key = JSON.stringify([pinned.metadata.id, pinned.version, pinned.metadata.schema.fields.length, columns]);
    const known = this.#formats.get(key);
    if (known !== undefined) return known;
    const made = dataFormat(pinned, columns);
    this.#formats.set(key, made);
    return made;
  }

  #vectors() {
    return (place: Parameters<OpenVector>[0]) =>
      place.kind === 'in table' ? this.#files.inTable(place.path) : this.#files.open(place.uri, null);
  }
}

/** The files of a log, each fetched only once. The check of the newest version and the plan need the same commits, and commits never change. */
function keptReads(files: FileSystem): LogFiles {
  const kept = new SmallFiles();
  const sizes = new Map<string, number>();
  return {
    async *list(folder) {
      for await (const info of files.list(folder)) {
        sizes.set(info.path, info.bytes);
        yield info;
      }
    },
    read(path, range) {
      const bytes = range === undefined ? sizes.get(path) : range.end - range.start;
      const load = () => files.read(path, range);
      return bytes === undefined ? load() : kept.whole(`${path} ${range?.start ?? ''} ${range?.end ?? ''}`, bytes, load);
    },
  };
}

function whyCleaned(after: number, oldest: number | null): string {
  const reaches = oldest === null ? '' : `, and the oldest version in it is ${oldest}`;
  return `The log was cleaned up: version ${after} has settled${reaches}.`;
}

function tableCommit({ version, operation, changes, cdc, inForce }: DeltaCommit): TableCommit {
  const rows = changes.filter(({ dataChange }) => dataChange);
  const added = rows.flatMap(({ before, after }) => (before === null && after !== null ? [after] : []));
  const removed = rows.flatMap(({ before, after }) => (before !== null && after === null ? [before] : []));
  const marked = rows.flatMap(({ before, after }) =>
    before !== null && after !== null && vectorsDiffer(before, after) ? [{ before, after }] : [],
  );
  return {
    version,
    operation,
    hasFeed: hasFeed(inForce.metadata),
    changes: {
      added,
      // A restored table may contain rows again that have settled before.
      changesRows: removed.length + marked.length > 0 || (operation?.toUpperCase() === 'RESTORE' && added.length > 0),
      inserted: [...added, ...marked.map(({ before, after }) => ({ ...before, deletedSince: after.vector }))],
      deleted: [...removed, ...marked.map(({ before, after }) => ({ ...after, deletedSince: before.vector }))],
      recorded: cdc.map(({ path, bytes, partitionValues }) => ({
        path,
        bytes,
        partitionValues,
        vector: null,
        stats: null,
        modificationTime: 0,
      })),
    },
  };
}

const vectorsDiffer = (one: DeltaFile, other: DeltaFile): boolean => JSON.stringify(one.vector) !== JSON.stringify(other.vector);

/** The table with the additional column for the kind of change. The column has the same name in the files of the change feed. */
function withKinds(pinned: PinnedTable): PinnedTable {
  const { metadata } = pinned;
  const { schema, configuration } = metadata;
  const field = {
    name: changeTypeColumn,
    type: 'string',
    nullable: false,
    metadata: { 'delta.columnMapping.physicalName': changeTypeColumn },
  };
  const mode = configuration['delta.columnMapping.mode'] === 'id' ? { 'delta.columnMapping.mode': 'name' } : {};
  return {
    ...pinned,
    metadata: { ...metadata, configuration: { ...configuration, ...mode }, schema: { ...schema, fields: [...schema.fields, field] } },
  };
}
