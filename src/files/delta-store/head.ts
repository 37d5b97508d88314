/**
 * A head that is kept by the log of a Delta table. A process moves the head by creating the log entry with the next number. The entry names the id of the head and, in
 * its `txn`, the entity, the lineage and the epoch. A record has the other facts of the head (records.ts).
 *
 * others.ts follows the entries of other programs. A move is based on the newest version. If another program writes an entry in the meantime, the move starts again.
 */
import { commitPath, logFolder } from '../../delta/log/listing.ts';
import { type DeltaLog, type LogAccess, openLog, vectorId } from '../../delta/log/log.ts';
import type { DeltaFile, DeltaSnapshot, DeltaTransaction } from '../../delta/table.ts';
import { hasFeed } from '../../delta/values/change-feed.ts';
import type { TableDescription } from '../../delta/values/schema.ts';
import { type ChangeFile, tableId } from '../../delta/write/entry.ts';
import { refusesVectors } from '../../delta/write/vector-table.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { defined, type EntityKey, type Instant } from '../../ports/values.ts';
import {
  type FilesHead,
  type HeadAt,
  type HeadKind,
  type HeadLog,
  type ListedFile,
  lineagesOf,
  type MovedFiles,
  namesOf,
  ownFiles,
  unreadableHead,
} from '../store/head/head-log.ts';
import { totals } from '../store/head/next-head.ts';
import { type FilePlace, partOwner, recordsFolder } from '../store/layout.ts';
import { activeFiles, partitionOf, rowsOf } from './active.ts';
import type { CheckpointWriter } from './checkpoint.ts';
import { entryFor } from './commit-entry.ts';
import { type Lost, mixedWithOthers, notFoundAgain, otherVectors } from './errors.ts';
import { cachedLog, LogCache } from './log-cache.ts';
import type { ChangeFiles } from './merge/change-files.ts';
import type { FileRewriter } from './merge/file-rewriter.ts';
import type { Merge } from './merge/merge.ts';
import { namesAnew, noVectors, rewrittenOf, type Vectors, vectorsOf, withVectors } from './merge/vectors.ts';
import type { OldFiles, OldFilesRequest } from './old-files.ts';
import { type Followed, type ForeignChange, followFiles, keepingInserted } from './others.ts';
import { amendRecord, anyRecord, type FoundRecord, folderOfRecord, pruneRecords, putRecord, readRecord, recordsOf } from './records.ts';
import { withRowCounts } from './row-counts.ts';
import { applicationOf, newestOf, otherWriters } from './writers.ts';

export interface DeltaHeadOptions {
  /** The clock of this machine, for the times on a local disk and for the age of data that was read. */
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  /** Writes a checkpoint of the newest version if one is due. Called after each commit, which does not depend on the checkpoint. */
  readonly checkpoint: CheckpointWriter;
  /** Opens the part that merges rows by their keys into a table. Absent: no commit merges. */
  merging?(files: FileSystem, place: FilePlace): { readonly merge: Merge; readonly rewriter: FileRewriter; readonly changes: ChangeFiles };
}

export function deltaHeads(how: DeltaHeadOptions): Omit<HeadKind, 'open'> & { open(files: FileSystem, place: FilePlace): DeltaHead } {
  const caches = new WeakMap<FileSystem, LogCache>();
  const cacheOf = (files: FileSystem): LogCache => {
    const cache = caches.get(files) ?? new LogCache();
    caches.set(files, cache);
    return cache;
  };
  const open = (files: FileSystem, place: FilePlace) => new DeltaHead(files, place, { ...how, cache: cacheOf(files) });
  return {
    readers: logFolder,
    shows: 'head',
    refuses: new Set(['HYG-3921', 'HYG-3922', 'HYG-3923', 'HYG-3929', ...refusedMerges]),
    open,
    folderOf: folderOfRecord,
    readIn: async (files, folder) => {
      const written = await anyRecord(files, folder);
      if (written === undefined) return undefined;
      const { flow, entity } = written.head;
      const found = await open(files, { type: 'delta', root: '', folder: '', layout: 'plain', extension: '.parquet', flow, entity }).read();
      return found && { ...found.head, files: ownFiles(found.head) };
    },
  };
}

/** Codes of errors that occur before a commit is visible, and again at each repeat: two rows have one key, or a file or its vector can’t be read. */
const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `HYG-${from + i}`);
const refusedMerges = ['HYG-4016', ...codes(3101, 3112), 'HYG-3211', 'HYG-3212', ...codes(3801, 3809)];

/** A head, with the version of the table at which the head was read. */
export interface DeltaHeadAt extends HeadAt {
  readonly found: TableAt;
  readonly record: FoundRecord;
  /** The changes of other programs to rows of the entity since its last commit. */
  readonly others: readonly ForeignChange[];
  /** Why a full load is needed; null: the table continues from the entity's last commit. */
  readonly lost: Lost | null;
}

/** The table at its newest version. */
export interface TableAt {
  readonly snapshot: DeltaSnapshot;
  readonly active: ReadonlyMap<string, DeltaFile>;
  /** The etags of the log’s files for this version. If another table has replaced this table, its etags differ. */
  readonly etag: string;
}

/** A moment by two clocks, in milliseconds: a monotonic clock, which stops while the machine sleeps, and the system clock, which can be set. */
interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** If a log was read longer ago than this, it is read again before an entry is written. In the meantime the log may have been cleaned, so that names of old entries are free again. */
const longestAge = 3_600_000;

export class DeltaHead implements HeadLog {
  readonly where: string;
  readonly #cache: LogCache;
  readonly #files: FileSystem;
  readonly #place: FilePlace;
  readonly #clock: DeltaHeadOptions['clock'];
  readonly #checkpoint: CheckpointWriter;
  readonly #merge: Merge | undefined;
  readonly #rewriter: FileRewriter | undefined;
  readonly #changes: ChangeFiles | undefined;
  readonly #access: LogAccess;

  constructor(files: FileSystem, place: FilePlace, { clock, checkpoint, merging, cache }: DeltaHeadOptions & { readonly cache: LogCache }) {
    this.#files = files;
    this.#cache = cache;
    this.#place = place;
    this.#clock = clock;
    this.#checkpoint = checkpoint;
    const merges = merging?.(files, place);
    this.#merge = merges?.merge;
    this.#rewriter = merges?.rewriter;
    this.#changes = merges?.changes;
    this.where = files.url;
    this.#access = { files: cachedLog(files, cache), signal: new AbortController().signal, table: files.url };
  }

  async read(): Promise<DeltaHeadAt | undefined> {
    const log = await this.#log();
    return log && this.#headIn(log, await this.#tableIn(log));
  }

  /** The table at its newest version, even if another program wrote that version. Undefined: the folder has no log. */
  async table(): Promise<TableAt | undefined> {
    const log = await this.#log();
    return log && this.#tableIn(log);
  }

  /** The columns of the table from the last read of the log, or from a new read before the first one. Undefined: the folder has no log. */
  async described(): Promise<TableDescription | undefined> {
    if (this.#cache.table === undefined) await this.table();
    return this.#cache.table ?? undefined;
  }

  async move(from: HeadAt | undefined, to: FilesHead, files: MovedFiles): Promise<'moved' | 'overtaken' | 'unfinished'> {
    const before = from as DeltaHeadAt | undefined;
    if (before?.head.id === to.id) return amendRecord(this.#files, before.record, to);
    if (before !== undefined && before.lost !== null && !leadsOn(before.lost, before.found, files)) throw before.lost.error;
    const since = this.#moment();
    const log = await this.#log();
    if (before !== undefined && !endsAt(log, before.found)) return 'overtaken';
    const now = before?.found ?? (log && (await this.#tableIn(log)));
    if (before === undefined && log !== undefined && now !== undefined && (await this.#headIn(log, now)) !== undefined) return 'overtaken';
    return this.#put(before, to, { now, files, since });
  }

  async #put(
    before: DeltaHeadAt | undefined,
    to: FilesHead,
    { now, files, since }: { readonly now: TableAt | undefined; readonly files: MovedFiles; readonly since: Moment },
  ): Promise<'moved' | 'overtaken' | 'unfinished'> {
    const version = now === undefined ? 0 : now.snapshot.version + 1;
    const merged = files.merge && (await this.#merge?.at({ table: now, before: before?.head, to, files, work: files.merge }));
    const rewriter = merged && (await this.rewrites(now, before)) ? this.#rewriter : undefined;
    const own = namesOf(ownFiles(before?.head));
    const commit = { ...to, key: files.merge?.key ?? [], mark: files.merge?.watermark ?? null };
    const vectors =
      merged &&
      (rewriter
        ? await rewrittenOf(merged, {
            rewriter,
            to: commit,
            table: now?.snapshot,
            own,
          })
        : vectorsOf(merged, `${to.id} ${version}`));
    if (vectors === 'unfinished') return vectors;
    const feed = now !== undefined && hasFeed(now.snapshot.metadata) ? this.#changes : undefined;
    const feeds = feed !== undefined && merged !== undefined && merged.marked.length > 0;
    const request = {
      snapshot: now?.snapshot ?? null,
      active: now?.active ?? new Map<string, DeltaFile>(),
      to,
      previous: before?.head.id ?? null,
      files: merged === undefined ? files : { ...files, bounds: { ...files.bounds, ...merged.bounds } },
      vectors: vectors ?? noVectors,
      isOwnTable: now === undefined || (await this.isOwn(now, before)),
      partitionBy: this.#place.partitionBy ?? [],
      mapsColumns: this.#place.columnMapping === 'name',
      transaction: { appId: `${this.#application}${to.lineage}`, version: numberOf(to) },
      where: this.where,
    };
    // The entry is made once without the feed, so that reasons to refuse it are found before the feed is written.
    if (feeds) entryFor({ ...request, changes: [], at: 0 });
    const changes = feeds ? await feed.of(merged.changes(), commit) : null;
    if (changes === 'unfinished') return changes;
    if ((changes !== null && !(await feed?.areThere(changes))) || (await rewriter?.areThere(namesAnew(vectors))) === false)
      return 'unfinished';
    await this.#putVectors(vectors);
    const madeTable = now === undefined ? tableId(to.id) : to.madeTable;
    const removes = [...files.removes, ...(vectors?.ofFiles ?? []).flatMap(({ name, vector }) => (vector === null ? [name] : []))];
    const head = {
      ...withVectors(keepingInserted({ ...to, files: to.files.map(asRecorded) }, before?.head, files), { merged, vectors }),
      ...defined({ madeTable, oldFiles: this.#oldAfter(before, to, { now, removes, changes: changes ?? [] }) }),
    };
    const record = await putRecord(this.#files, this.#place, { head, version, at: this.#time(now) });
    const entry = entryFor({ ...request, changes, at: record.at });
    if (this.#isOld(since) && !endsAt(await this.#log(), now)) return 'overtaken';
    const put = await this.#files.put(commitPath(version), new TextEncoder().encode(entry), { ifNoneMatch: '*' });
    if (put.outcome === 'refused') return 'overtaken';
    // The vacuum of another program may have removed the file, because no entry names it yet. A missing file is written again with the same content.
    if (vectors?.file !== undefined && (await retry(() => this.#files.stat(vectors.file?.path ?? ''))) === undefined)
      await this.#putVectors(vectors);
    const after = await this.#log();
    if (after === undefined || !(await this.#counts(after, version, request.transaction))) return 'overtaken';
    await rewriter?.removeUnused(to, namesAnew(vectors)).catch(() => undefined);
    if (changes !== null) await feed?.removeUnused(to, changes).catch(() => undefined);
    if (after.newest - after.checkpoint >= checkpointInterval(now)) await this.#checkpointed(after, record.at).catch(() => undefined);
    return 'moved';
  }

  /**
   * Whether an entry that this process wrote counts. After a log is cleaned, names of old entries are free again, so a process may have written its entry
   * into a gap of the log. The newest entry counts if the log has the version before it. An older entry counts if the newest version has its transaction.
   * If the entity has a later transaction, the next read of the head decides.
   */
  async #counts(log: DeltaLog, version: number, own: Pick<DeltaTransaction, 'version'> & { readonly appId: string }): Promise<boolean> {
    if (log.newest <= version) return log.newest === version && (version === 0 || log.has(version - 1));
    return (await log.snapshot()).transactions.get(own.appId)?.version === own.version;
  }

  #moment(): Moment {
    return { monotonic: this.#clock.monotonicMs(), wall: Date.parse(this.#clock.now()) };
  }

  #isOld({ monotonic, wall }: Moment): boolean {
    const now = this.#moment();
    return now.monotonic - monotonic > longestAge || Math.abs(now.wall - wall) > longestAge;
  }

  /** Writes the file of vectors. Its name is computed from the commit and its version, its content also from the table. So each finisher writes the same file. */
  async #putVectors(vectors: Vectors | undefined): Promise<void> {
    if (vectors?.file === undefined) return;
    const { path } = vectors.file;
    const body = vectors.file.bytes();
    // If the file exists, its content is compared. The vacuum of another program may remove the file before the comparison, so the write and the comparison are repeated.
    for (;;) {
      const put = await retry(() => this.#files.put(path, body, { ifNoneMatch: '*' }));
      if (put.outcome === 'written') return;
      const there = await retry(() => this.#files.get(path));
      if (there === undefined) continue;
      if (!Buffer.from(body).equals(there.body)) throw otherVectors(`${this.where}/${path}`);
      return;
    }
  }

  /** Whether merges rewrite files: the store requires it, or vectors are switched off in a table that hygge made. */
  async rewrites(now: TableAt | undefined, found: DeltaHeadAt | undefined): Promise<boolean> {
    return this.#place.merge === 'copy_on_write' || (now !== undefined && refusesVectors(now.snapshot) && (await this.isOwn(now, found)));
  }

  /** Whether hygge made the table. @param found the head of the entity in it. */
  async isOwn({ snapshot }: TableAt, found: DeltaHeadAt | undefined): Promise<boolean> {
    const { id } = snapshot.metadata;
    if (found?.record.head.madeTable === id) return true;
    const first = await (await this.#log())?.headOf(0);
    return first != null && tableId(first) === id;
  }

  /** The old files after the commit: also the own files that the commit removes, and the files of its change feed. */
  #oldAfter(
    before: DeltaHeadAt | undefined,
    to: FilesHead,
    {
      now,
      removes,
      changes,
    }: { readonly now: TableAt | undefined; readonly removes: readonly string[]; readonly changes: readonly ChangeFile[] },
  ): FilesHead['oldFiles'] {
    const lineages = lineagesOf(to);
    const gone = removes.flatMap((name) => {
      const file = lineages.has(partOwner(this.#place, name)?.lineage ?? '') ? now?.active.get(name) : undefined;
      return file === undefined ? [] : [file];
    });
    const removed = [...gone, ...changes];
    if (removed.length === 0) return before?.record.head.oldFiles;
    const { files: count, bytes } = before?.record.head.oldFiles ?? { files: 0, bytes: 0 };
    return { files: count + removed.length, bytes: removed.reduce((sum, file) => sum + file.bytes, bytes) };
  }

  /** Writes a checkpoint of the newest version, even if another program wrote that version. */
  async #checkpointed(log: DeltaLog, at: number): Promise<void> {
    await this.#checkpoint({ files: this.#files, log: this.#access.files, table: await this.#tableIn(log), at });
  }

  /** The time of the new version by the storage’s clock, but always later than the previous version. */
  #time(now: TableAt | undefined): number {
    const at = Date.parse(this.#files.now?.() ?? this.#clock.now());
    return Math.max(Math.floor(at), (now?.snapshot.timestamp ?? 0) + 1);
  }

  /** The files of the newest version that exist. Files outside of the table's folder count as existing. */
  async present(head: FilesHead | undefined | Promise<FilesHead | undefined>): Promise<Map<string, FileInfo>> {
    const [table, found] = await Promise.all([this.table(), Promise.resolve(head)]);
    const wanted = new Set([...(table?.active.keys() ?? []), ...(found?.files.map(({ name }) => name) ?? [])]);
    const present = new Map<string, FileInfo>();
    if (wanted.size === 0) return present;
    for (const [name, { bytes }] of table?.active ?? [])
      if (name.startsWith('//')) present.set(name, { path: name, bytes, etag: '', modifiedAt: '' });
    for await (const info of this.#files.list(this.#place.folder))
      if (wanted.has(info.path) && table?.active.has(info.path)) present.set(info.path, info);
    return present;
  }

  /** Writes nothing, because the log and the records already are the history. */
  async record(): Promise<void> {}

  async movedAt(): Promise<Instant | undefined> {
    const found = await this.read();
    return found && new Date(found.record.at).toISOString();
  }

  async prune(before: Instant): Promise<number> {
    return pruneRecords(this.#files, this.#place, { before, newest: async () => (await retry(() => this.read()))?.head.epoch ?? 0 });
  }

  /** The files that commits of the entity removed from the table, if they still exist. Undefined: nothing has settled here. `remove`: deletes files whose retention has ended. */
  async oldFiles(how: 'look' | 'remove'): Promise<OldFiles | undefined> {
    const at = await retry(() => this.read());
    if (at === undefined) return undefined;
    const { head, found } = at;
    const request: OldFilesRequest = {
      ...{ files: this.#files, log: this.#access.files, place: this.#place, table: found, application: this.#application },
      lineages: lineagesOf(head),
      at: Date.parse(this.#files.now?.() ?? this.#clock.now()),
    };
    const { oldFiles, removeOldFiles } = await import('./old-files.ts');
    const old = await oldFiles(request);
    if (how === 'remove') {
      await removeOldFiles(request, old);
      const oldFiles = { files: old.kept.length, bytes: old.kept.reduce((sum, { bytes }) => sum + bytes, 0) };
      // If another process has amended the record in the meantime, the number of old files is not recorded. The next compaction records it.
      await amendRecord(this.#files, at.record, { ...at.record.head, oldFiles }).catch(() => undefined);
    }
    return old;
  }

  /** Marks in the entity’s record that the head was moved to another entity. The log still shows that the entity wrote here. */
  async drop(): Promise<void> {
    const found = await retry(() => this.read());
    if (found !== undefined) await retry(() => amendRecord(this.#files, found.record, { ...found.record.head, movedTo: 'another entity' }));
  }

  /** The other entities whose rows the table may contain. @param head of the entity; undefined: nothing has settled. */
  otherWriters(table: TableAt, head: FilesHead | undefined): Promise<readonly EntityKey[]> {
    const headOf = (key: EntityKey) => retry(() => this.#headOf({ ...this.#place, ...key }).read());
    return otherWriters(table, { place: this.#place, head, headOf });
  }

  #headOf(place: FilePlace): DeltaHead {
    return new DeltaHead(this.#files, place, { clock: this.#clock, checkpoint: this.#checkpoint, cache: this.#cache });
  }

  get #application(): string {
    return applicationOf(this.#place);
  }

  async #log(): Promise<DeltaLog | undefined> {
    try {
      return await openLog(this.#access);
    } catch (error) {
      if (!(error instanceof HyggeError) || error.code !== 'HYG-3701') throw error;
      this.#cache.table = null;
      return undefined;
    }
  }

  async #tableIn(log: DeltaLog): Promise<TableAt> {
    const snapshot = await log.snapshot();
    this.#cache.table = { protocol: snapshot.protocol, metadata: snapshot.metadata };
    return { snapshot, active: activeFiles(this.#files.url, snapshot), etag: log.etagOf(snapshot.version) };
  }

  async #headIn(log: DeltaLog, found: TableAt): Promise<DeltaHeadAt | undefined> {
    const mine = newestOf(this.#place, found.snapshot.transactions);
    if (mine === undefined) return undefined;
    const record = await this.#recordOf(mine, log);
    if (record.head.movedTo !== undefined) return undefined;
    const { files, changes, lost } = await this.#followed(record, log, found);
    const foreign = foreignIn(found, files);
    const head: FilesHead = { ...record.head, ...totals(files), files: [...files, ...foreign] };
    return { head, position: `${found.snapshot.version} ${record.etag}`, found, record, others: changes, lost };
  }

  /** The record of a transaction. Several tries of a commit may each have left a record, and the entry names the record that counts. If the entry was cleaned up, the time of the transaction identifies the record. */
  async #recordOf({ version: number, lastUpdated }: DeltaTransaction, log: DeltaLog): Promise<FoundRecord> {
    const epoch = Math.floor(number / 2);
    const named = await recordsOf(this.#files, this.#place, epoch);
    const found: FoundRecord[] = [];
    for (const { path, id } of named) {
      const record = isFence(id) === (number % 2 === 1) ? await readRecord(this.#files, path) : undefined;
      if (record !== undefined) found.push(record);
    }
    const [first, ...others] = found;
    if (first !== undefined && others.length === 0) return first;
    // A try may have left an entry in a gap of a cleaned log, which no reader uses. So the last entry counts.
    const lastFirst = found.sort((a, b) => b.version - a.version);
    for (const record of lastFirst) if ((await log.headOf(record.version)) === record.head.id) return record;
    // Several tries of one commit may have the same time. The last try counts, because all others were overtaken.
    const [last, ...sooner] = lastFirst.filter(({ at }) => at === lastUpdated);
    if (last !== undefined && sooner.every(({ head }) => head.id === last.head.id)) return last;
    throw unreadableHead(
      `${this.where}/${recordsFolder(this.#place)}/commits`,
      `${found.length} records of epoch ${epoch} exist, but none of them is in the log.`,
    );
  }

  async #followed(record: FoundRecord, log: DeltaLog, found: TableAt): Promise<Followed & { readonly lost: Lost | null }> {
    const followed = await this.#asOthersLeft(record, log, found);
    const ours = ownIn(found, record.head, this.#place);
    if ('error' in followed) return { files: ours, changes: [], lost: followed };
    const listed = namesOf(followed.files);
    if (ours.every(({ name }) => listed.has(name))) return { ...followed, lost: null };
    const back = 'Another program brought back files of earlier commits.';
    return { files: ours, changes: [], lost: notFoundAgain(this.where, back) };
  }

  async #asOthersLeft(record: FoundRecord, log: DeltaLog, { active, snapshot }: TableAt): Promise<Followed | Lost> {
    const own = record.head.files;
    const isThere = ({ name, vector }: ListedFile) => {
      const file = active.get(name);
      return file !== undefined && (vector === true ? file.vector !== null : vectorId(file.vector) === (vector ?? null));
    };
    if (own.every(isThere)) return { files: own, changes: [] };
    const increment = await log.since(record.version);
    if (increment.outcome !== 'changes')
      return mixedWithOthers(this.where, 'Other programs changed the table’s files, but the log no longer shows how.');
    const { metadata } = snapshot;
    const commits = await withRowCounts(this.#files, this.#cache, { head: record.head, commits: increment.commits });
    const hasUnnamed = [...active.keys()].some((name) => partOwner(this.#place, name) === undefined);
    return followFiles(record.head, commits, { url: this.#files.url, where: this.where, place: this.#place, metadata, hasUnnamed });
  }
}

/** A listed file in the form of the record. The names of columns in the file are left out, because the metadata of the table define them. */
function asRecorded({ style: _, ...file }: ListedFile): ListedFile {
  return file;
}

/** Whether the commit removes all earlier rows of the entity. If files of other writers may have rows of the entity, the commit must remove all files of the table. */
function leadsOn({ isMixed }: Lost, { active }: TableAt, { anew, removes }: MovedFiles): boolean {
  const gone = new Set(removes);
  return anew && (!isMixed || [...active.keys()].every((name) => gone.has(name)));
}

/** Whether the newest version of a log is still the version that was read. `table` undefined: the table did not exist. */
function endsAt(log: DeltaLog | undefined, table: TableAt | undefined): boolean {
  if (log === undefined || table === undefined) return log === table;
  const { version } = table.snapshot;
  return log.newest === version && log.etagOf(version) === table.etag;
}

/** The number of versions between two checkpoints. `table` undefined: the commit has created the table. */
function checkpointInterval(table: TableAt | undefined): number {
  const written = Number(table?.snapshot.metadata.configuration['delta.checkpointInterval'] ?? 10);
  return Number.isSafeInteger(written) && written > 0 ? written : 10;
}

/** Whether a head is the fence of a refused commit. */
const isFence = (id: string): boolean => id.startsWith('refused-');
const numberOf = ({ id, epoch }: FilesHead): number => 2 * epoch + (isFence(id) ? 1 : 0);

/** The files of the table that the entity's lineages published, by their names. */
function ownIn({ active, snapshot }: TableAt, head: FilesHead, place: FilePlace): readonly ListedFile[] {
  const lineages = lineagesOf(head);
  return [...active].flatMap(([name, file]): readonly ListedFile[] => {
    const owner = partOwner(place, name);
    if (owner === undefined || owner.epoch > head.epoch || !lineages.has(owner.lineage)) return [];
    const partition = Object.keys(file.partitionValues).length === 0 ? {} : { partition: partitionOf(file, snapshot.metadata) };
    return [{ name, bytes: file.bytes, rows: rowsOf(file), role: 'data', ...partition }];
  });
}

function foreignIn({ active }: TableAt, own: readonly ListedFile[]): readonly ListedFile[] {
  const listed = namesOf(own);
  return [...active]
    .filter(([name]) => !listed.has(name))
    .map(([name, file]) => ({ name, bytes: file.bytes, rows: rowsOf(file), role: 'foreign' }));
}
