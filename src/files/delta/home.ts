/** A home that is a Delta table: its log lists the files with the rows of a version, and all slices of a run read the same version. */

import type { DeltaFile, DeltaSnapshot } from '../../delta/table.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type Breadth,
  type Checkpoint,
  deletedColumn,
  type FutureRows,
  type Home,
  type Look,
  type LookedPart,
  type LookNotes,
  type Reading,
  type SeenFile,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  type SourceFiles,
  type SourcePast,
  usualReading,
  type Window,
} from '../../engine/contracts/home.ts';
import { changeVersionColumn } from '../../engine/contracts/spec.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { isTime, latestAt, latestWithLag } from '../../frames/times/future.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { lagWithoutTime, noColumn } from '../home/errors.ts';
import { projection } from '../home/projection.ts';
import { countBeyond, countNulls, newestIn } from './bound.ts';
import { nameOfFeed } from './errors.ts';
import { feedSlices, readChanges, type VersionChanges } from './feed.ts';
import { mustBeTheSame } from './identity.ts';
import { type DeltaHomeOptions, type PinnedTable, pinnedTable, toPin } from './options.ts';
import { isOld, type LogPosition, lookOf, positionIn, seenAt, takenIn } from './position.ts';
import { type DeltaSlice, planSlices } from './slices.ts';
import { DeltaTable, type TableCommit } from './table.ts';

export function deltaHome(options: DeltaHomeOptions): Home {
  return new DeltaHome(options);
}

const feedColumns: readonly Column[] = [
  { name: changeVersionColumn, type: { kind: 'int64' }, nullable: false },
  { name: deletedColumn, type: { kind: 'bool' }, nullable: false },
];

class DeltaHome implements Home {
  readonly reading: Reading;
  readonly place: string;
  readonly rowCondition = '';
  readonly files: SourceFiles;
  readonly past: SourcePast;
  readonly #options: DeltaHomeOptions;
  readonly #table: DeltaTable;
  /** The version to read: the pinned version, until `describe` finds the newest version. */
  #pinned: PinnedTable | null;
  #snapshot: Promise<DeltaSnapshot> | undefined;
  #staysInPast = false;

  constructor(options: DeltaHomeOptions) {
    const { readsFeed, where, pinned } = options;
    this.#options = options;
    this.#table = new DeltaTable(options);
    this.#pinned = pinnedTable(pinned);
    this.place = where;
    this.reading = { ...usualReading, readsAsPinned: true, tellsDeletes: readsFeed };
    this.files = { isOne: false, newest: () => this.#newestFile(), planned: async () => [] };
    this.past = { goBack: () => this.#goBack() };
  }

  async describe(_cursor?: Json, _look?: Look, _breadth?: Breadth, part?: LookedPart): Promise<{ done: SourceDescription }> {
    const { asked, readsFeed, rowKey, columns, exclude } = this.#options;
    if (!this.#staysInPast) this.#snapshot = this.#table.snapshot(asked);
    const snapshot = await (this.#staysInPast ? this.#settledRows() : this.#current());
    if (readsFeed) this.#table.mustHaveFeed(snapshot);
    if (part?.lower) await this.#mustBeTheSame(snapshot);
    const { version, metadata, files } = snapshot;
    const rows = files.map((file) => this.#table.rowsIn(file));
    const mark = await this.#table.mark(version);
    return {
      done: {
        schema: this.#projected(this.#table.schema(snapshot)),
        rows: rows.includes(null) ? undefined : { n: rows.reduce<number>((sum, n) => sum + (n ?? 0), 0), exact: true },
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        pinned: toPin(snapshot, mark),
        version: shortHash(JSON.stringify([metadata.id, version, mark, columns, exclude, readsFeed])),
        summary: `version ${version} of ${this.place}, ${files.length} ${files.length === 1 ? 'file' : 'files'}`,
        // A deleted row in the feed has all columns, so any columns that identify rows can be the key.
        ...(readsFeed && rowKey !== undefined && { keys: rowKey.columns }),
      },
    };
  }

  async bound({ column, lagMs, future }: BoundRequest): Promise<{ done: Watermark | undefined } & LookNotes> {
    const snapshot = await this.#current();
    if (this.#options.readsFeed) return { done: versionMark(snapshot.version) };
    const of = this.#column(snapshot, column);
    if (lagMs > 0 && !isTime(of.type)) throw lagWithoutTime(column, describeType(of.type));
    const isCapped = lagMs > 0 || future === 'wait';
    const cap = isCapped ? (latestWithLag(of.type, { now: this.#options.clock.now(), lagMs }) ?? null) : null;
    return { done: await newestIn(this.#table, snapshot, { of, cap }) };
  }

  async future(column: string): Promise<{ done: FutureRows }> {
    if (this.#options.readsFeed) return { done: { rows: 0, latest: null, until: null } };
    const snapshot = await this.#current();
    const of = this.#column(snapshot, column);
    const until = this.#untilNow(of, this.#options.clock.now());
    const { rows, latest } = until === null ? { rows: 0, latest: null } : await countBeyond(this.#table, snapshot, { of, until });
    return { done: { rows, latest, until } };
  }

  async nulls(column: string): Promise<{ done: number }> {
    if (this.#options.readsFeed) return { done: 0 };
    const snapshot = await this.#current();
    return { done: await countNulls(this.#table, snapshot, this.#column(snapshot, column)) };
  }

  async plan(window: Window, { sliceBytes }: { readonly sliceBytes: number }): Promise<{ done: SlicePlan }> {
    const snapshot = await this.#current();
    if (this.#options.readsFeed) return { done: { slices: await feedSlices(this.#table, snapshot, { window, sliceBytes }) } };
    const { files, changed, seen, movesOn } = await this.#addedRows(snapshot, window);
    const wanted = files.filter((file) => this.#table.mayHold(snapshot, file, window));
    const perFile = window.seen !== null && window.changedFiles === 'replace';
    const whole = window.lower !== null && window.lower.text === window.upper?.text;
    const slices = await planSlices(this.#table, snapshot, { files: wanted, how: { sliceBytes, perFile, whole } });
    return { done: { slices, changed, ...(seen && { seen: { files: seen, movesOn } }) } };
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    const pinned = await this.#reads();
    const columns = this.#columnsRead(pinned);
    const parts = slice.ref as unknown as readonly (DeltaSlice | VersionChanges)[];
    for (let i = typeof from === 'number' ? from : 0; i < parts.length; i++) {
      const part = parts[i] as DeltaSlice | VersionChanges;
      if ('recorded' in part) yield* readChanges(this.#table, pinned, { changes: part, columns, signal });
      else yield* this.#table.rows(pinned, part, { window, columns, signal });
      if (i + 1 < parts.length) yield { checkpoint: i + 1 };
    }
  }

  /** Nothing to close, because each read opens and closes its data files. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async #addedRows(snapshot: DeltaSnapshot, window: Window): Promise<AddedRows> {
    const { seen, changedFiles } = window;
    if (seen === null) return { files: snapshot.files, changed: [], seen: undefined, movesOn: false };
    if (positionIn(seen) !== null) await this.#mustBeTheSame(snapshot);
    return addedRows(this.#table, snapshot, { seen, changedFiles, now: this.#options.clock.now() });
  }

  #projected(schema: Schema): Schema {
    const { columns, exclude, readsFeed } = this.#options;
    const names = projection(schema, columns, exclude);
    const own = names === null ? schema.columns : schema.columns.filter(({ name }) => names.includes(name));
    const clash = readsFeed && own.find(({ name }) => feedColumns.some((column) => column.name === name));
    if (clash) throw nameOfFeed(this.place, clash.name);
    return { columns: readsFeed ? [...own, ...feedColumns] : own };
  }

  #columnsRead(pinned: PinnedTable): readonly string[] | null {
    return projection(this.#table.schema(pinned), this.#options.columns, this.#options.exclude);
  }

  #column(snapshot: DeltaSnapshot, name: string): Column {
    const schema = this.#table.schema(snapshot);
    const column = schema.columns.find((one) => one.name === name);
    if (column) return column;
    throw noColumn(name, schema);
  }

  #untilNow({ type }: Column, now: Instant): string | null {
    return latestAt(type, now) ?? null;
  }

  /** The version that slices read, also in a process that did not plan them. */
  async #reads(): Promise<PinnedTable> {
    return this.#snapshot === undefined && this.#pinned !== null ? this.#pinned : this.#current();
  }

  /** The described version, else the pinned version, else the newest version. */
  #current(): Promise<DeltaSnapshot> {
    const at = this.#pinned === null ? this.#options.asked : { version: this.#pinned.version };
    this.#snapshot ??= this.#table.snapshot(at);
    this.#snapshot.catch(() => {
      this.#snapshot = undefined;
    });
    return this.#snapshot;
  }

  async #mustBeTheSame(snapshot: DeltaSnapshot): Promise<void> {
    const settled = pinnedTable(this.#options.pinned);
    if (settled !== null) await mustBeTheSame(this.#table, settled, snapshot);
  }

  /** The version that settled, or a later version with the same rows, because its files are kept longer. */
  async #settledRows(): Promise<DeltaSnapshot> {
    const settled = this.#pinned;
    if (settled === null) return this.#current();
    const newest = await this.#table.snapshot(null);
    const isSame = newest.metadata.id === settled.metadata.id && newest.version > settled.version;
    const version = isSame ? await this.#table.newestEqual(settled.version) : settled.version;
    this.#snapshot = version === newest.version ? Promise.resolve(newest) : this.#table.snapshot({ version });
    return this.#snapshot;
  }

  #goBack(): void {
    this.#staysInPast = this.#pinned !== null;
  }

  async #newestFile() {
    const { timestamp } = await this.#current();
    return timestamp === null ? undefined : { writtenAt: new Date(timestamp).toISOString(), now: this.#options.files.now?.() ?? null };
  }
}

function versionMark(version: number): Watermark {
  return { column: changeVersionColumn, type: { kind: 'int64' }, text: String(version) };
}

// ---- incremental by the log: files with rows that have not settled, and settled rows that changed

interface AddedRows {
  /** The files to read, possibly of versions in between. */
  readonly files: readonly DeltaFile[];
  /** The files whose settled rows are replaced. */
  readonly changed: readonly string[];
  /** The list of read files after the run has settled; undefined: no list is kept. */
  readonly seen: readonly SeenFile[] | undefined;
  /** See `TakenFiles.movesOn`. */
  readonly movesOn: boolean;
}

interface Taken {
  readonly seen: readonly SeenFile[];
  readonly changedFiles: Window['changedFiles'];
  readonly now: Instant;
}

async function addedRows(table: DeltaTable, snapshot: DeltaSnapshot, of: Taken): Promise<AddedRows> {
  const position = positionIn(of.seen);
  const keepsFiles = of.changedFiles === 'replace';
  const seen = seenAt(snapshot, { taken: keepsFiles ? snapshot.files : null, change: undefined });
  if (position === null) return { files: snapshot.files, changed: [], seen, movesOn: false };
  if (position.tableId !== snapshot.metadata.id) throw table.cannotGoOn('The table was dropped and made again.');
  if (position.version > snapshot.version) throw table.wentBack(position.version, snapshot);
  const movesOn = isOld(position, snapshot, of.now);
  if (keepsFiles) return { ...replacedFiles(table, snapshot, { ...of, ...position }), seen, movesOn };
  const commits = position.version === snapshot.version ? [] : await table.commits({ after: position.version, upTo: snapshot.version });
  const files = newFiles(table, commits, of.changedFiles);
  const changesRows = commits.some(({ changes }) => changes.changesRows);
  const policy = of.changedFiles === 'append' ? 'append' : 'ignore';
  const change = changesRows ? policy : position.change;
  return { files, changed: [], seen: seenAt(snapshot, { taken: null, change }), movesOn };
}

/** The files to read and to replace. The destination keeps the rows of each file under the file’s name, so the rows of removed files are replaced by the rows of new files. The single commits between the two versions do not matter. */
function replacedFiles(
  table: DeltaTable,
  { files }: DeltaSnapshot,
  { seen, hasFiles }: Taken & LogPosition,
): Pick<AddedRows, 'files' | 'changed'> {
  if (!hasFiles)
    throw table.cannotGoOn(
      'The last run settled without changed_files: replace, so the destination does not know which rows belong to which file.',
    );
  const taken = takenIn(seen);
  const active = new Map(files.map((file) => [file.path, lookOf(file)]));
  const changed = [...taken].filter(([path, look]) => active.get(path) !== look).map(([path]) => path);
  return { files: files.filter((file) => taken.get(file.path) !== lookOf(file)), changed };
}

/** The files that commits added. An added file is not new if its path was active before: only its vector or its statistics changed. */
function newFiles(table: DeltaTable, commits: readonly TableCommit[], policy: Window['changedFiles']): readonly DeltaFile[] {
  const files: DeltaFile[] = [];
  for (const commit of commits) {
    const { changes } = commit;
    if (changes.changesRows && policy === 'fail') throw table.rowsChanged(commit);
    if (!changes.changesRows || policy !== 'ignore') files.push(...changes.added);
  }
  return files;
}
