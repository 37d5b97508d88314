/**
 * A store that is a Delta table. Parts are staged and published as in every store of files. Readers find the parts once an entry of the log names them
 * (head.ts). Rows settle in the columns of the table.
 */

import type { DeltaFile } from '../../delta/table.ts';
import { hasFeed } from '../../delta/values/change-feed.ts';
import { schemaOf, type TableDescription } from '../../delta/values/schema.ts';
import { isMapped } from '../../delta/write/column-mapping.ts';
import { heldByDelta, notInNames } from '../../delta/write/types.ts';
import { takesVectors } from '../../delta/write/vector-table.ts';
import type { Change, ColumnsToSettle, Fit, HowChanged, SharedParts, Standing } from '../../engine/contracts/catalog.ts';
import { type FitDialect, fitColumns } from '../../engine/contracts/fit.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { FenceRequest } from '../../engine/contracts/heads.ts';
import type { Checkpoint, SliceRef } from '../../engine/contracts/home.ts';
import type { GiveUpOutcome, Intent, PreparedRows, PrepareRequest } from '../../engine/contracts/intent.ts';
import type { Compaction, Quarantine, Rework, ReworkScope } from '../../engine/contracts/replacing.ts';
import type {
  FrameToStage,
  Head,
  Part,
  PlannedFilling,
  Removal,
  Repeats,
  RowsOfTarget,
  Settled,
  SettledFiles,
  StageRequest,
  Store,
  Target,
} from '../../engine/contracts/store.ts';
import type { WriteMode } from '../../engine/contracts/writing.ts';
import { entityName } from '../../errors/as-argument.ts';
import type { Format } from '../../formats/contract/format.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column } from '../../frames/schema.ts';
import { precisionOfTimes, timeRemedy } from '../../frames/times/cut.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import { defined, type EntityKey, type Instant, type Json } from '../../ports/values.ts';
import { catalogOf } from '../store/catalog.ts';
import { FileCompaction } from '../store/compaction.ts';
import { type FilesHead, lineagesOf, namesOf, ownFiles } from '../store/head/head-log.ts';
import { type FileChanges, totals } from '../store/head/next-head.ts';
import { filesAt, isData } from '../store/layout.ts';
import type { MarkedRows } from '../store/rework.ts';
import { fileOfSlice } from '../store/rework.ts';
import { rowsAsSettled, settledHome } from '../store/settled-home.ts';
import { PartWriter, stagedParts } from '../store/staging/part-writer.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import { type FileStoreOptions, fileStore } from '../store/store.ts';
import { limitsOf, withinLimits } from './char-lengths.ts';
import type { CheckpointWriter } from './checkpoint.ts';
import { mustTake, mustTakePlan, seedOf } from './commit-entry.ts';
import { emptyPartition, markedByOthers, noTableThere, takesNoVectors } from './errors.ts';
import { type DeltaHead, type DeltaHeadAt, deltaHeads, type TableAt } from './head.ts';
import { mustBeWritable } from './merge/file-rewriter.ts';
import { filesOfMerge } from './merge/merge.ts';
import type { DeltaRowsOptions, MergeTools } from './merge/merge-tools.ts';
import { carriedNames, Merging } from './merge/merging.ts';
import type { OldFiles } from './old-files.ts';
import { OpenGroup } from './open-group.ts';
import { type ForeignChange, insertedIn } from './others.ts';
import { formatOfTable, isOwnName, mappedTable, writingFormat } from './table-format.ts';
import { timeNotes, withSourceBounds, withTimes } from './times.ts';

export interface DeltaStoreOptions extends Omit<FileStoreOptions, 'heads' | 'marked' | 'deletedApart'> {
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  /** If the share of marked rows in a file is larger than this, a compaction rewrites the file. From 0 to 1; absent: 0.2. */
  readonly compactDeleted?: number;
  /** Replacements for a simulated table. Absent: files are read as files of a Delta table. */
  readonly merging?: SimulatedMerging;
}

export interface SimulatedMerging {
  readonly tools: (of: DeltaRowsOptions) => MergeTools;
  readonly within: MarkedRows['within'];
  /** See `RowsOfFilesOptions.stepBytes`. */
  readonly stepBytes: number;
}

export function deltaStore(options: DeltaStoreOptions): Store {
  return new DeltaStore(options);
}

/** Loads the code for checkpoints only for the few commits that write one. */
const checkpoint: CheckpointWriter = async (request) => (await import('./checkpoint.ts')).writeCheckpoint(request);

class DeltaStore implements Store {
  readonly guarantee = 'readers see the old rows or the new, never a mix';
  readonly writes: ReadonlySet<WriteMode>;
  readonly removes: ReadonlySet<Removal>;
  readonly #files: Store;
  readonly #head: DeltaHead;
  readonly #where: string;
  readonly #options: DeltaStoreOptions;
  readonly #group: OpenGroup;
  readonly #merging: Merging;
  readonly #partitionBy: readonly string[];
  readonly rework: Rework;
  readonly compaction: Compaction;
  readonly settled: Settled;
  readonly files: SettledFiles;

  constructor(options: DeltaStoreOptions) {
    const { files, place, clock, where } = options;
    const merging = new Merging(options);
    const heads = deltaHeads({
      clock,
      checkpoint,
      merging: (...at) => ({ merge: merging.open(...at), ...merging.writers(...at) }),
    });
    this.#head = heads.open(files, place);
    const marked = merging.marked(this.#head);
    this.#merging = merging;
    const ofTable = {
      ...options,
      format: formatOfTable(options.format, () => retry(() => this.#head.described())),
      apartFormat: options.format,
      wallClockInUtc: true,
      marked,
      deletedApart: true as const,
    };
    this.#files = fileStore({ ...ofTable, heads });
    this.writes = new Set([...this.#files.writes, 'merge']);
    this.removes = new Set([...this.#files.removes, 'keys']);
    this.#where = where;
    this.#options = options;
    this.#group = new OpenGroup(this.#head, ofTable);
    this.#partitionBy = place.partitionBy ?? [];
    const { rework, compaction, settled } = this.#files as Required<Pick<Store, 'rework' | 'compaction' | 'settled'>>;
    this.rework = {
      plan: async (work, cursor) => {
        await this.#mustContinue();
        const step = await rework.plan(work, cursor);
        if ('done' in step) await this.#mustTellRows(new Set(step.done.slices.map((slice) => fileOfSlice(slice).name)));
        return step;
      },
      count: async (slice, work, signal) => {
        const counted = await rework.count(slice, work, signal);
        return counted.rowsInRange === 0
          ? counted
          : { ...counted, ...defined({ fingerprint: await this.#group.inPart(slice, work, signal) }) };
      },
      read: (slice, work, ...asked) => this.#inSettledOrder(rework.read(slice, work, ...asked), slice, work),
    };
    this.compaction = {
      frameBytes: compaction.frameBytes,
      plan: async (scope) => {
        await this.#mustContinue();
        await this.#mustTellRows();
        return compaction.plan(scope);
      },
      open: (...asked) => compaction.open(...asked),
      stage: async (request, ...asked) => {
        const format = this.#formatFor(request, await retry(() => this.#head.described()));
        const own = format === undefined ? compaction : new FileCompaction({ ...ofTable, format, log: this.#head });
        return withSourceBounds(await own.stage(request, ...asked), request);
      },
      oldFiles: async (how) => oldFilesNotes(this.#where, how, await this.#head.oldFiles(how)),
    };
    this.settled = {
      gives: 'rows',
      open: async (head) => {
        mustTellRows(head as FilesHead, where);
        await this.#mustNotBeMixed();
        const table = await retry(() => this.#head.described());
        const isPlain = table === undefined || !isMapped(table);
        const isOwn = (head as FilesHead).files.every(({ name, role }) => role === 'foreign' || isOwnName(name));
        if (isPlain && isOwn) return settled.open(head);
        // The format of the table is used, because the plain parquet format does not know the names and types of the table’s columns.
        return settledHome(head as FilesHead, { ...ofTable, format: { ...ofTable.format, id: 'delta' }, log: this.#head });
      },
    };
    const ofFiles = this.#files.files as SettledFiles;
    this.files = {
      ...ofFiles,
      compareChecksums: (names) => this.#unlessMixed(ofFiles.compareChecksums(names)),
      takenSources: async () => {
        await this.#mustNotBeMixed();
        return ofFiles.takenSources();
      },
    };
  }

  get holds() {
    return this.#files.holds;
  }
  get distinguishesOwnRows() {
    return this.#files.distinguishesOwnRows;
  }
  get frameRows() {
    return this.#files.frameRows;
  }
  get mergesPartialRows() {
    return this.#files.mergesPartialRows;
  }
  get slices() {
    return this.#files.slices;
  }
  get nullDocuments() {
    return this.#files.nullDocuments;
  }
  get place(): Json {
    return this.#files.place;
  }
  get where(): string {
    return this.#where;
  }
  get repeats(): Repeats {
    return this.#files.repeats as Repeats;
  }
  get quarantine(): Quarantine {
    return this.#files.quarantine as Quarantine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#files[Symbol.asyncDispose]();
  }

  head(): Promise<Head | null> {
    return this.#files.head();
  }

  async inspect(cursor?: Json, rows?: RowsOfTarget) {
    const [step, found] = await Promise.all([this.#files.inspect(cursor, rows), retry(() => this.#head.read())]);
    if ('again' in step) return step;
    const table = found?.found ?? (await retry(() => this.#head.table()));
    if (table === undefined) {
      await this.#mustBeEmpty();
      return step;
    }
    mustTake(table.snapshot, { removesRows: false, carriesRows: false, columns: [], where: this.#where });
    const { fence: _, ...target } = step.done as Target & { readonly fence?: Head };
    const kept = step.done.content === 'ours' || step.done.fence === undefined ? {} : { fence: step.done.fence };
    const catalog = catalogOf(schemaOf(table.snapshot.metadata), inWordsOfTable);
    const others = await this.#head.otherWriters(table, found?.head);
    if (target.content === 'foreign') return { done: { ...target, others: union(target.others, others), ...kept, catalog } };
    if (target.content !== 'ours') return { done: { ...target, ...kept, catalog } };
    const { files, rows: rowsNow } = target.head as FilesHead;
    const settledRows = found?.record.head.id === target.head.id ? totals(found.record.head.files).rows : rowsNow;
    return {
      done: {
        ...target,
        shared: {
          ...sharedParts(files, { settledRows, isMixed: found?.lost?.isMixed === true }),
          oldFiles: found?.record.head.oldFiles ?? { files: 0, bytes: 0 },
          others,
        },
        catalog,
      },
    };
  }

  fit(asked: ColumnsToSettle, standing: Standing): Fit {
    const wanted = withTimes(asked, standing, this.#options.place);
    const { columnMapping } = this.#options.place;
    const fit = fitColumns(wanted, standing, {
      where: this.#where,
      naming: columnMapping === undefined ? naming : mappedNaming,
      held,
      remediesFor: (column, isKey) => (column.type.kind === 'timestamp' ? timeRemedy(column, isKey) : []),
    } satisfies FitDialect);
    const ofFiles = this.#files.fit({ ...wanted, schema: fit.schema }, standing);
    const refusals = [...fit.refusals, ...ofFiles.refusals];
    return { ...fit, refusals, precision: precisionOfTimes(wanted.schema, wanted.watermark, fit.precision) };
  }

  howChanged({ change }: Change): HowChanged {
    return change === 'add column' || change === 'drop not null' ? 'in place' : 'no';
  }

  async notesOnPlan({
    supersede,
    schema,
    mode,
  }: PlannedFilling): Promise<{ readonly notes: readonly OwnNote[]; readonly warnings: readonly OwnNote[] }> {
    const found = await retry(() => this.#head.read());
    const leadsOn = supersede.what === 'all' && (found?.lost?.isMixed !== true || supersede.foreign === 'replace');
    if (found && found.lost !== null && !leadsOn) throw found.lost.error;
    const table = found?.found ?? (await retry(() => this.#head.table()));
    const foreign = table === undefined ? 0 : table.active.size - ownFiles(found?.head).length;
    const staysForeign = foreign > 0 && !(supersede.what === 'all' && supersede.foreign === 'replace');
    if (table !== undefined) {
      const isWhole = supersede.what === 'all' && !staysForeign;
      const removesRows = mode === 'merge' || (supersede.what === 'all' && table.active.size > (staysForeign ? foreign : 0));
      const isOwnTable = await retry(() => this.#head.isOwn(table, found));
      mustTakePlan(table.snapshot, {
        ...{ columns: schema.columns, partitionBy: this.#partitionBy },
        ...{ isWhole, removesRows, carriesRows: await this.#carries(supersede, found), isOwnTable, where: this.#where },
      });
    }
    const notes = [
      ...timeNotes(schema, found?.head.schema, this.#where),
      ...(mode === 'merge' && table !== undefined ? await this.#ofMerge(table, found) : []),
    ];
    const changes = found?.others.filter(({ changesRows }) => changesRows) ?? [];
    const warnings: OwnNote[] = changes.length === 0 ? [] : [changedByOthers(this.#where, changes)];
    if (table === undefined || supersede.what !== 'all' || !staysForeign) return { notes, warnings };
    const others = await this.#head.otherWriters(table, found?.head);
    return { notes, warnings: [...warnings, rowsOfOthersStay(this.#where, others)] };
  }

  /** Whether rows that stay are written to other files, because only some rows of a file are removed. */
  async #carries(supersede: PlannedFilling['supersede'], found: DeltaHeadAt | undefined): Promise<boolean> {
    if (supersede.what === 'boundary') return supersede.rows > rowsOfGroup(ownFiles(found?.head));
    if (supersede.what !== 'range') return false;
    const step = await this.rework.plan({ range: supersede, retyped: [] });
    return !('done' in step) || step.done.slices.some(({ apart }) => apart === undefined);
  }

  async stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]> {
    const table = await retry(() => this.#head.described());
    const limits = table === undefined ? [] : limitsOf(table);
    const parts = await this.#group.staged(request, frames, async (some) => {
      const all = limits.length === 0 ? some : withinLimits(some, limits, this.#where);
      const format = this.#formatFor(request, table);
      if (format === undefined) return this.#files.stage(request, all, signal);
      const apartFormat = this.#options.format;
      return stagedParts(new PartWriter({ ...this.#options, format, apartFormat, deletedApart: true }, request), all, signal);
    });
    const watermark = request.watermark?.column ?? null;
    const told = withSourceBounds(parts, request);
    return watermark === null ? told : told.map((part) => ({ ...part, ref: { ...stagedFile(part), watermark } as unknown as Json }));
  }

  /** The format for a stage request; undefined: the table has no column mapping. */
  #formatFor({ run, schema }: StageRequest, there: TableDescription | undefined): Format | undefined {
    const { format, place } = this.#options;
    const table = there ?? (place.columnMapping === undefined ? undefined : mappedTable);
    return table !== undefined && isMapped(table) ? writingFormat(format, table, { schema, seed: seedOf(run) }) : undefined;
  }

  async prepare(request: PrepareRequest): Promise<PreparedRows> {
    for (const { partition = {} } of request.parts)
      for (const column of this.#partitionBy) if (partition[column] === '') throw emptyPartition(this.#where, column);
    const prepared = await this.#files.prepare(request);
    await this.#group.mustBeAsSettled(request, prepared);
    const { removes } = prepared.target as unknown as FileChanges;
    const merge = await this.#merging.work(request, { head: this.#head, removes });
    const found = merge?.bounds ?? (await this.#merging.carriedBounds(request, { head: this.#head, removes }));
    const bounds = Object.keys(found).length === 0 ? undefined : found;
    const rewritten = rewrittenFiles(request);
    const carried = merge === undefined && rewritten !== undefined ? carriedNames(request) : undefined;
    const target = { ...(prepared.target as object), ...defined({ merge: merge?.work, carried, rewritten, bounds }) };
    return { ...prepared, target: target as unknown as Json, older: merge?.older ?? 0 };
  }

  commit(intent: Intent, cursor?: Json) {
    return this.#files.commit(intent, cursor);
  }

  giveUp(intent: Intent, reason: CommitRefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome> {
    return this.#files.giveUp(intent, reason, how);
  }

  sweep(of: { lineage: string; before: number }) {
    return this.#files.sweep(of);
  }

  fence(request: FenceRequest): Promise<Head | 'moved'> {
    return this.#files.fence(request);
  }

  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'> {
    return this.#files.carryHead(from);
  }

  prune(before: Instant): Promise<number> {
    return this.#files.prune(before);
  }

  dropHead(from: EntityKey): Promise<void> {
    return this.#files.dropHead(from);
  }

  /** Checks whether the table can be merged into. Throws StoreError HYG-3929 if the owner of the table has not switched vectors on, and HYG-3921 if its files can’t be rewritten. */
  async #ofMerge(table: TableAt, found: DeltaHeadAt | undefined): Promise<readonly OwnNote[]> {
    return [...this.#ofFeed(table), ...(await this.#ofRows(table, found))];
  }

  #ofFeed({ snapshot: { metadata } }: TableAt): readonly OwnNote[] {
    if (!hasFeed(metadata)) return [];
    mustBeWritable(metadata, { where: this.#where, because: 'its change feed' });
    return [writesChanges(this.#where)];
  }

  async #ofRows(table: TableAt, found: DeltaHeadAt | undefined): Promise<readonly OwnNote[]> {
    if (await retry(() => this.#head.rewrites(table, found))) {
      mustBeWritable(table.snapshot.metadata, { where: this.#where, because: 'merge: copy_on_write' });
      const head = found?.head;
      const lineages = head === undefined ? new Set<string>() : lineagesOf(head);
      const own = namesOf(ownFiles(head));
      return [writesAnew(this.#where, filesOfMerge(table, this.#options.place, { lineages, own }))];
    }
    if (takesVectors(table.snapshot)) return [];
    if (!(await retry(() => this.#head.isOwn(table, found)))) throw takesNoVectors(this.#where);
    return [marksInVectors(this.#where)];
  }

  /** Throws if the folder has data files but no log: readers of the table would not find the rows of these files. */
  async #mustBeEmpty(): Promise<void> {
    const { files, place } = this.#options;
    for await (const { path } of filesAt(files, place)) if (isData(place, path)) throw noTableThere(this.#where, path);
  }

  /** The rows in the order of the settled columns, because another program may have written the file with another order or other physical types. Columns that only this file has are last. */
  async *#inSettledOrder(items: AsyncIterable<Frame | Checkpoint>, slice: SliceRef, { retyped }: ReworkScope) {
    const settled = slice.apart ? undefined : (await retry(() => this.#head.read()))?.head.schema;
    const types = new Map(retyped.map(({ column, type }) => [column, type]));
    const own = settled?.columns
      .filter(({ name }) => !Object.hasOwn(slice.partition ?? {}, name))
      .map((column) => ({ ...column, type: types.get(column.name) ?? column.type }));
    const names = new Set(own?.map(({ name }) => name));
    for await (const item of items) {
      if (own === undefined || 'checkpoint' in item) yield item;
      else yield await rowsAsSettled(item, { columns: [...own, ...item.schema.columns.filter(({ name }) => !names.has(name))] });
    }
  }

  async #mustNotBeMixed(): Promise<void> {
    const found = await retry(() => this.#head.read());
    if (found?.lost?.isMixed === true) throw found.lost.error;
  }

  async *#unlessMixed<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    await this.#mustNotBeMixed();
    yield* items;
  }

  async #mustContinue(): Promise<void> {
    const found = await retry(() => this.#head.read());
    if (found && found.lost !== null) throw found.lost.error;
  }

  /** Throws if the rows of a file that is read are not known exactly. @param names of the files; absent: all files. */
  async #mustTellRows(names?: ReadonlySet<string>): Promise<void> {
    const found = await retry(() => this.#head.read());
    if (found) mustTellRows({ files: found.head.files.filter(({ name }) => names?.has(name) ?? true) }, this.#where);
  }
}

/** Files that are rewritten without some of their rows. Rows that another program has meanwhile marked as deleted in such a file would return. */
function rewrittenFiles({ reworked }: PrepareRequest): Readonly<Record<string, string | null>> | undefined {
  const read = reworked.filter(({ slice, dropped }) => !slice.apart && dropped !== slice.rows).map(({ slice }) => fileOfSlice(slice));
  const known = read.flatMap(({ name, vector = null }) => (vector === true ? [] : [[name, vector] as const]));
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

function sharedParts(
  files: FilesHead['files'],
  { settledRows, isMixed }: { settledRows: number; isMixed: boolean },
): Omit<SharedParts, 'oldFiles' | 'others'> {
  const others = files.filter(({ role }) => role === 'foreign');
  const own = ownFiles({ files });
  // A file in which another program has marked rows as deleted is not rewritten.
  const isMarked = own.some(({ vector, role }) => vector === true && role === 'boundary');
  return {
    settledRows,
    // If rows of the entity may be in files of other writers, the plan decides (notesOnPlan).
    othersRows: isMixed
      ? 0
      : others.reduce<number | null>((sum, { rows }) => (sum === null || rows === null ? null : sum + rows), insertedIn(own)),
    groupRows: isMarked ? null : rowsOfGroup(own),
  };
}

const union = (...lists: readonly (readonly EntityKey[])[]): readonly EntityKey[] => [
  ...new Map(lists.flat().map((key) => [`${key.flow}/${key.entity}`, key])).values(),
];

/** The number of rows of the open group that are in files without other rows. */
const rowsOfGroup = (own: FilesHead['files']): number =>
  own.reduce((sum, { role, rows }) => sum + (role === 'boundary' ? (rows ?? 0) : 0), 0);

/** Throws if another program has marked rows of a file that must be read. */
function mustTellRows({ files }: Pick<FilesHead, 'files'>, where: string): void {
  const marked = ownFiles({ files }).find(({ vector }) => vector === true);
  if (marked !== undefined) throw markedByOthers(where, marked.name);
}

function marksInVectors(where: string): OwnNote {
  return {
    code: 'delta.vectors',
    text: `A merge by key marks rows of ${where} in deletion vectors. Readers without support for deletion vectors then refuse the table; Spark, Databricks, DuckDB, the SQL endpoint and Direct Lake of Fabric support them`,
  };
}

function writesAnew(where: string, candidates: readonly { readonly file: DeltaFile }[]): OwnNote {
  const bytes = candidates.reduce((sum, { file }) => sum + file.bytes, 0);
  const files = candidates.length;
  return {
    code: 'delta.copy_on_write',
    text: `A merge by key rewrites files of ${where} that lose rows: at most ${files} ${files === 1 ? 'file' : 'files'} of ${bytes.toLocaleString('en')} bytes`,
    params: { files, bytes },
  };
}

function writesChanges(where: string): OwnNote {
  return {
    code: 'delta.change_files',
    text: `A merge by key also writes each row that it changes into the change feed of ${where}, with its values before and after the change`,
  };
}

function rowsOfOthersStay(where: string, others: readonly EntityKey[]): OwnNote {
  const names = others.map(entityName).join(', ');
  return {
    code: 'delta.rows_of_others_stay',
    text: names
      ? `${where} has rows of ${names}, and this full load keeps them`
      : `${where} has rows that hygge did not write. This full load keeps these rows. if_exists: replace removes them`,
  };
}

function oldFilesNotes(where: string, how: 'look' | 'remove', old: OldFiles | undefined): readonly OwnNote[] {
  const note = (code: OwnNote['code'], files: OldFiles['over'], what: string): readonly OwnNote[] => {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const size = `${files.length} ${files.length === 1 ? 'file' : 'files'} of earlier versions (${bytes.toLocaleString('en')} bytes)`;
    return files.length === 0 ? [] : [{ code, text: `${size} of ${where} ${what}`, params: { files: files.length, bytes } }];
  };
  const { over = [], kept = [] } = old ?? {};
  return [
    ...(how === 'remove' ? note('delta.old_files_removed', over, 'were deleted') : note('delta.old_files', over, 'would be deleted')),
    ...note('delta.old_files_kept', kept, 'stay until delta.deletedFileRetentionDuration has passed (7 days by default)'),
  ];
}

function changedByOthers(where: string, changes: readonly ForeignChange[]): OwnNote {
  const [first, ...others] = changes;
  const named = `version ${first?.version}${first?.operation ? ` (${first.operation})` : ''}`;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    code: 'delta.changed_by_others',
    text: `Another program changed or deleted rows of this entity in ${where}: ${named}${more}. hygge leaves them unchanged; a full load settles the source's rows again`,
    params: { versions: changes.map(({ version }) => version) },
  };
}

/** The naming rules of a table with column mapping: names that differ only in case are the same. */
const mappedNaming = { longest: null, case: 'ignored', reserved: [] } as const;
const naming = { ...mappedNaming, never: notInNames } as const;

const held: FitDialect['held'] = (type) => {
  const inTable = heldByDelta(type);
  return inTable && { type: inTable };
};

const inWordsOfTable = ({ type, sourceType }: Column): string => sourceType ?? describeType(type);
