/** The store for files of every system. Parts are files that are staged under unique names and published by the commit. Each system provides a filesystem. */
import type { ColumnsToSettle, Fit, HowChanged } from '../../engine/contracts/catalog.ts';
import { fileLayoutChanged } from '../../engine/contracts/errors.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { FenceRequest } from '../../engine/contracts/heads.ts';
import type { SliceRef } from '../../engine/contracts/home.ts';
import type { GiveUpOutcome, Intent, PreparedRows, PrepareRequest } from '../../engine/contracts/intent.ts';
import { type Compaction, type Quarantine, type QuarantinedPart, type Rework, rowsFewer } from '../../engine/contracts/replacing.ts';
import {
  type ChangedFileLayout,
  type FrameToStage,
  type Head,
  isData,
  type Part,
  type Removal,
  type Repeats,
  type Settled,
  type SettledFiles,
  type StageRequest,
  type Store,
  type Swept,
  type Target,
} from '../../engine/contracts/store.ts';
import type { WriteMode } from '../../engine/contracts/writing.ts';
import { asArgument } from '../../errors/as-argument.ts';
import { DefectError, StoreError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import { asideFiles } from './aside.ts';
import { catalogOf } from './catalog.ts';
import { commitFiles } from './commit.ts';
import { FileCompaction } from './compaction.ts';
import type { Destination } from './destination.ts';
import { fenceFiles, filesStillThere, giveUpFiles } from './fence.ts';
import { listedByOthers } from './foreign-names.ts';
import type { FilesHead, HeadKind, HeadLog, ListedFile } from './head/head-log.ts';
import { manifestHeads } from './head/manifest.ts';
import type { FileChanges } from './head/next-head.ts';
import { type FilePlace, liesDirectly, type Owner, partOwner, quarantineFolder, recordsFolder, stagingOf } from './layout.ts';
import { linksToRemove } from './links.ts';
import { straysIn } from './listing.ts';
import type { Times } from './range.ts';
import { removeOlder } from './remove-older.ts';
import { carryHead } from './rename-entity.ts';
import { isReplacedApart, replacedAmong, isReplaced as replacedBy } from './replaced-files.ts';
import { FileRework, fileOfSlice, type MarkedRows, type ReworkOptions, sliceOfApart } from './rework.ts';
import { filesThatSettled, isUnknown, looksChanged, looksOf } from './settled-content.ts';
import { settledHome } from './settled-home.ts';
import { PartWriter, type StagingOptions, stagedParts } from './staging/part-writer.ts';
import { checkPartitionCount, partitionRefusals } from './staging/partition-by.ts';
import { stagedFile, sweepStaged } from './staging/staged-parts.ts';

export interface FileStoreOptions extends StagingOptions, Times {
  readonly files: FileSystem;
  /** How the head is kept. Absent: as a manifest. */
  readonly heads?: HeadKind;
  readonly marked?: MarkedRows;
  /** The folders above the root of `files`, from the inside out, which may have records of other stores. Absent: no folders. */
  readonly above?: () => Promise<readonly FileSystem[]>;
  /** The address of the entity, for messages and for the state’s binding: `lake/crm/Account`. */
  readonly where: string;
}

const plainGuarantee = ({ readers }: HeadKind) =>
  `readers of ${readers} see the old rows or the new rows, never a mix; a listing of the folder may briefly show both, never less`;

/** What a store with a folder allows: full loads and appends. A single file allows no appends, because readers would see only some of the new rows for a moment. */
const ofFolder = {
  writes: new Set<WriteMode>(['append', 'swap']),
  removes: new Set<Removal>(['boundary', 'sources', 'range']),
  slices: 'at once',
} as const;
const ofOneFile = { writes: new Set<WriteMode>(['swap']), removes: new Set<Removal>(), slices: 'one' } as const;
const fileGuarantee = 'readers see the complete old file or the complete new file: one rename replaces it';

/** The counts of a commit that removes no rows. */
const addsAlone = { supersededRows: 0, leftQuarantine: 0, older: 0, notThere: 0, lastGood: null, expiredRows: 0 } as const;

export function fileStore(options: FileStoreOptions): Store {
  return new FileStore(options);
}

class FileStore implements Store {
  readonly holds = 'files';
  readonly distinguishesOwnRows = true;
  readonly frameRows = Number.POSITIVE_INFINITY;
  readonly mergesPartialRows = false;
  readonly guarantee: string;
  readonly writes: ReadonlySet<WriteMode>;
  readonly removes: ReadonlySet<Removal>;
  readonly slices: 'at once' | 'one';
  readonly nullDocuments: 'kept' | 'missing';
  readonly place: Json;
  readonly where: string;
  readonly settled: Settled;
  readonly repeats: Repeats;
  readonly rework?: Rework;
  readonly compaction?: Compaction;
  readonly quarantine: Quarantine;
  readonly files: SettledFiles;
  readonly #options: FileStoreOptions;
  readonly #at: Destination;

  constructor(options: FileStoreOptions) {
    const { files, place, heads = manifestHeads, format, where } = options;
    this.#options = options;
    this.#at = { files, place, heads, log: heads.open(files, place) };
    const parts = { ...options, log: this.#at.log };
    const { writes, removes, slices } = place.file === undefined ? ofFolder : ofOneFile;
    this.writes = writes;
    this.removes = removes;
    this.slices = slices;
    this.guarantee = place.file === undefined ? plainGuarantee(heads) : fileGuarantee;
    this.nullDocuments = format.nullDocuments ?? 'kept';
    this.place = { ...place };
    this.where = where;
    // The given head lists the files of the rows.
    this.settled = { gives: 'rows', open: async (head) => settledHome(head as FilesHead, parts) };
    this.repeats = { by: 'hashes', aside: asideFiles(options) };
    this.quarantine = new FileQuarantine(parts);
    this.files = filesThatSettled(this.#at);
    // A single file is always written as a whole, so it can’t be reworked or compacted.
    if (place.file === undefined) {
      this.rework = new FileRework(parts);
      this.compaction = new FileCompaction(parts);
    }
  }

  /** Nothing to close: each call opens and closes its files, and connections belong to the process. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async head(): Promise<Head | null> {
    return (await this.#at.log.read())?.head ?? null;
  }

  async inspect(): Promise<{ readonly done: Target }> {
    return { done: await this.#found() };
  }

  async #found(): Promise<Target> {
    const { place, log } = this.#at;
    const reading = retry(() => log.read()).then((found) => found?.head);
    const present = await log.present(reading);
    const head = await reading;
    if (present.size > 0 && !head?.files.some(({ role, checksum }) => role !== 'foreign' && checksum !== undefined))
      await mustBePlainFiles(this.#at, this.#options.where);
    if (head && !head.nothing) {
      const missing = head.files.filter((file) => present.get(file.name)?.bytes !== file.bytes).map((file) => file.name);
      const touched = head.files.filter((file) => looksChanged(file, present.get(file.name))).map(({ name }) => name);
      const notLookedAt = head.files.flatMap((file) => {
        const found = present.get(file.name);
        return found && isUnknown(file, found) ? [{ name: file.name, looks: looksOf(found) }] : [];
      });
      const empty = head.files.every((file) => file.rows === 0);
      const listedStillThere = missing.length === 0 ? head.files.length : filesStillThere(head, present, place).length;
      const changedLayout = unlikeIn(head.files, place);
      return {
        content: 'ours',
        head,
        ...(head.schema ? { catalog: catalogOf(head.schema) } : {}),
        rows: head.rows,
        foreign: head.files.some(({ role }) => role === 'foreign') ? null : 0,
        bytes: head.bytes,
        empty,
        missing,
        listedStillThere,
        touched,
        notLookedAt,
        ...(changedLayout ? { changedLayout } : {}),
        strays: straysIn(head, present, place),
      };
    }
    const fence = head ? { fence: head } : {};
    if (present.size === 0) return { content: 'empty', ...fence };
    const [first] = present.keys();
    const others = await listedByOthers(this.#at, present, this.#options.above);
    return {
      content: 'foreign',
      summary: `${present.size} ${present.size === 1 ? 'file' : 'files'}, such as ${first}`,
      newest: newestIn(place, present),
      others: others.map(({ key }) => key),
      sharing: this.#at.heads.shows === 'files' ? 'none' : 'additions',
      ...fence,
    };
  }

  /** How a change of columns is made. Each part has its own columns, so `fit` requires no change. */
  howChanged(): HowChanged {
    return 'no';
  }

  async notesOnPlan(): ReturnType<Store['notesOnPlan']> {
    return { notes: [], warnings: [] };
  }

  fit({ schema, watermark }: ColumnsToSettle): Fit {
    const { partitionBy = [] } = this.#options.place;
    return {
      schema,
      renamed: [],
      changes: [],
      refusals: partitionBy.length === 0 ? [] : partitionRefusals(schema, partitionBy),
      precision: watermark === null ? null : 'exact',
    };
  }

  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]> {
    return stagedParts(new PartWriter(this.#options, request), frames, signal);
  }

  async prepare(request: PrepareRequest): Promise<PreparedRows> {
    const { files, place, log, heads } = this.#at;
    const { where } = this.#options;
    mustBeOne(request.parts, place);
    checkPartitionCount(new Set(request.parts.map(({ partition }) => JSON.stringify(partition))).size, place.partitionBy ?? []);
    // For a first commit, existing files are listed at the same time, because usually no files exist.
    const listing = request.prev === null ? log.present(undefined) : undefined;
    listing?.catch(() => undefined);
    const read = await retry(() => log.read());
    const found = read?.head.nothing ? undefined : read;
    const listed = found?.head.files ?? [];
    if (request.supersede.what === 'sources') mustBeApart(listed, { ...request.run, where, sources: request.supersede.sources });
    const apart = new Map(request.reworked.map(({ slice, dropped }) => [fileOfSlice(slice).name, dropped]));
    const anew = new Set(request.reworked.filter((one) => one.anew).map(({ slice }) => fileOfSlice(slice).name));
    const isReplaced = heads.shows === 'head' ? replacedAmong(listed, request.supersede, apart) : replacedBy(request.supersede, apart);
    const removed = listed.filter((file) => isReplaced(file) || anew.has(file.name));
    mustLieAlike(
      listed.filter((file) => !removed.includes(file)),
      { place, where, name: `${request.run.flow}.${request.run.entity}` },
    );
    const keeps = request.keepsGroup || request.supersede.what === 'range' ? { keepsGroup: true as const } : {};
    const lineages = new Set(found ? [found.head.lineage, ...(found.head.earlier ?? [])] : []);
    // Readers that follow the head may still read removed files, so these files stay. Some of them may belong to other writers in another folder.
    const goes = (names: readonly string[]) =>
      heads.shows === 'files' ? names : names.filter((name) => name.startsWith(`${recordsFolder(place)}/`));
    const removing = async (removes: readonly string[]): Promise<FileChanges> => {
      await mustBeRemovable(files, goes(removes));
      return { removes, links: await linksToRemove(files, place, { doomed: removes, lineages, where }), adopts: [] };
    };
    const quarantined = (found?.head.quarantine ?? []).filter(isReplacedApart(request, apart));
    const leftQuarantine = rowsFewer(quarantined, request.parts);
    const old = new Set(request.expired.map((slice) => fileOfSlice(slice).name));
    const expired = (found?.head.quarantine ?? []).filter((file) => old.has(file.name) && !quarantined.includes(file));
    const target: FileChanges = {
      ...(await removing([...removed, ...quarantined, ...expired].map((file) => file.name))),
      ...keeps,
      ...sameRowsIn(request, removed),
      ...(request.supersede.what === 'all' && heads.shows === 'head' ? { anew: true as const } : {}),
    };
    const staged = stagingOf(place, request.run.epoch, request.run.lineage);
    const prove = ({ removes }: FileChanges) => provePublishing(files, staged, { parts: request.parts, removes: goes(removes) });
    const superseded = removed.reduce((sum, file) => sum + (apart.get(file.name) ?? file.rows ?? 0), 0);
    if (found) {
      if (heads.shows === 'head') mustHaveGroup(request, superseded, where);
      await prove(target);
      const expiredRows = expired.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
      return { ...addsAlone, target: target as unknown as Json, supersededRows: superseded, leftQuarantine, expiredRows };
    }
    // At a first commit, foreign files in the entity’s folder are either adopted, so that the head lists them, or removed.
    const foreign = await (listing ?? log.present(undefined));
    const replaces = request.supersede.what === 'all' && request.supersede.foreign === 'replace';
    const adopted = [...foreign].map(([name, { bytes }]): ListedFile => ({ name, bytes, rows: null, role: 'foreign' }));
    const first: FileChanges = replaces ? await removing([...foreign.keys()]) : { removes: [], adopts: adopted };
    await prove(first);
    return { ...addsAlone, target: first as unknown as Json };
  }

  commit(intent: Intent, cursor?: Json) {
    return commitFiles(this.#at, intent, cursor);
  }

  giveUp(intent: Intent, reason: CommitRefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome> {
    return giveUpFiles(this.#at, intent, { reason, how });
  }

  async sweep(of: { lineage: string; before: number }): Promise<{ done: Swept }> {
    return { done: await sweepStaged(this.#at.files, this.#at.place, of) };
  }

  fence(request: FenceRequest): Promise<FilesHead | 'moved'> {
    return fenceFiles(this.#at, request);
  }

  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'> {
    return carryHead(this.#at.place, { from: this.#logOf(from), to: this.#at.log });
  }

  /** Removes old records, which are only history, because the head lists all settled files. */
  async prune(before: Instant): Promise<number> {
    const { files, place, log } = this.#at;
    const kept = async () => new Set(((await retry(() => log.read()))?.head.quarantine ?? []).map(({ name }) => name));
    const [records, quarantined] = await Promise.all([log.prune(before), removeOlder(files, quarantineFolder(place), before, kept)]);
    return records + quarantined;
  }

  async dropHead(from: EntityKey): Promise<void> {
    await this.#logOf(from).drop();
  }

  /** The head of another entity that settles in the same store. */
  #logOf(key: EntityKey): HeadLog {
    const { files, place, heads } = this.#at;
    return heads.open(files, { ...place, ...key });
  }
}

/** Throws if the folder is a Delta table, whose readers find only the files in its log. They would not find a file that this store adds, and could not read the table if this store removed a file. */
async function mustBePlainFiles({ files, place, heads }: Destination, where: string): Promise<void> {
  if (heads.shows === 'head' || place.file !== undefined) return;
  for await (const { path } of files.list(`${place.folder === '' ? '' : `${place.folder}/`}_delta_log`))
    throw new StoreError({
      code: 'HYG-3927',
      what: `${where} is a Delta table, but the store would settle plain files in it.`,
      why: [`${path} belongs to the log of the table, and only the log says which files count.`],
      tryThis: ['Write format: delta in the store', 'Or settle in a folder of its own: another path in the store'],
    });
}

/** Whether a commit only rewrites files: no file is superseded, no row is dropped, and the new files have as many rows as the old files. */
function sameRowsIn({ supersede, reworked, parts }: PrepareRequest, removed: readonly ListedFile[]): Pick<FileChanges, 'sameRows'> {
  const rows = removed.reduce((sum, file) => sum + (file.rows ?? Number.NaN), 0);
  const staged = parts.reduce((sum, part) => sum + (isData(part) ? part.rows : Number.NaN), 0);
  const isSame = supersede.what === 'nothing' && reworked.length > 0 && reworked.every(({ dropped }) => dropped === 0) && rows === staged;
  return isSame ? { sameRows: true } : {};
}

/** Tests the rights for publishing before the decision, because a part that can’t be published after the decision would stop its entity permanently. */
async function provePublishing(
  files: FileSystem,
  from: string,
  { parts, removes }: { readonly parts: readonly Part[]; readonly removes: readonly string[] },
): Promise<void> {
  const finals = parts.map((part) => stagedFile(part).final);
  if (finals.length + removes.length > 0) await retry(async () => files.provePublishing?.({ from, finals, removes }));
}

/** The owner of the latest commit, by the names of the files directly in the entity's place. */
function newestIn(place: FilePlace, present: ReadonlyMap<string, unknown>): Owner | null {
  const owners = [...present.keys()].filter((path) => liesDirectly(place, path)).flatMap((path) => partOwner(place, path) ?? []);
  return owners.reduce<Owner | null>((newest, owner) => (newest && newest.epoch >= owner.epoch ? newest : owner), null);
}

/** Matches file names that not every filesystem accepts: empty segments, dots at an edge, control characters, long names. */
const odd = /(^|\/)(\/|\.)|\.(\/|$)|[\\\p{Cc}]|[^/]{80}/u;

/** Throws if a name can’t be removed. Otherwise a decided commit would stop permanently at this name. */
async function mustBeRemovable(files: FileSystem, names: readonly string[]): Promise<void> {
  for (const name of names) if (odd.test(name)) await retry(() => files.stat(name));
}

/** Throws if a part with rows of several source files must be replaced for only one of these files: rows of the other files would be lost, or rows would occur twice. */
function mustBeApart(
  listed: readonly ListedFile[],
  about: { readonly flow: string; readonly entity: string; readonly where: string; readonly sources: readonly string[] },
): void {
  const shared = listed.find((file) => file.source === undefined && file.role !== 'foreign' && file.rows !== 0);
  if (!shared) return;
  const name = `${about.flow}.${about.entity}`;
  const [first, ...others] = about.sources;
  throw new StoreError({
    code: 'HYG-4105',
    what: `${first}${others.length > 0 ? ` and ${others.length} more` : ''} changed, and its earlier rows can't be distinguished from the rows of other source files.`,
    why: [`Parts in ${about.where}, such as ${shared.name}, contain rows of several source files.`],
    tryThis: [`Load everything again once: hygge go -d -e ${asArgument(name)}; from then on each source file keeps its own parts`],
  });
}

/** Throws if the rows of the open group are not found again. If readers follow the head, other programs may change and combine files. So the group is removed only if exactly the rows of the group are found. */
function mustHaveGroup({ supersede, run }: PrepareRequest, rows: number, where: string): void {
  if (supersede.what !== 'boundary' || rows === supersede.rows) return;
  throw groupChanged(run, `${where} has ${rows} of these rows, and ${supersede.rows} settled`);
}

/** The error for a changed open group. @param found describes the group’s rows in the destination. */
export function groupChanged(run: EntityKey, found: string): StoreError {
  const name = `${run.flow}.${run.entity}`;
  return new StoreError({
    code: 'HYG-3925',
    what: `The rows of ${name} at its last watermark are no longer the settled rows.`,
    why: [`${found}: another program changed them, or combined files during this run.`],
    tryThis: [
      `Run it again, if the table changed during this run: hygge go -e ${asArgument(name)}`,
      `Or load everything again once: hygge go -d -e ${asArgument(name)}`,
    ],
  });
}

/** Throws if a single file would get several parts, because a second part would replace the first. */
function mustBeOne(parts: readonly Part[], { file }: FilePlace): void {
  const data = parts.filter(isData);
  if (file === undefined || data.length < 2) return;
  throw new DefectError({ code: 'HYG-9002', what: `${data.length} parts were staged for the one file ${file}.`, tryThis: ['Report this'] });
}

/** Throws if a folder would have files of two layouts or formats. Some readers refuse such a folder. Others return nulls for a column that is only in folder names, or see only some of the files. */
function mustLieAlike(kept: readonly ListedFile[], of: { readonly place: FilePlace; readonly where: string; readonly name: string }): void {
  const unlike = unlikeIn(kept, of.place);
  if (unlike) throw fileLayoutChanged({ ...unlike, where: of.where, name: of.name });
}

/** The layout of existing files with rows, and the layout of new files, if the two differ. */
function unlikeIn(listed: readonly ListedFile[], { partitionBy = [], extension }: FilePlace): ChangedFileLayout | undefined {
  const own = listed.filter(({ role, rows }) => role !== 'foreign' && rows !== 0);
  const apart = own.find(({ partition = {} }) => JSON.stringify(Object.keys(partition)) !== JSON.stringify(partitionBy));
  if (apart)
    return { configKey: 'partition_by', settled: partitionedBy(Object.keys(apart.partition ?? {})), now: partitionedBy(partitionBy) };
  const other = own.find(({ name }) => !name.toLowerCase().endsWith(extension.toLowerCase()));
  return other && { configKey: 'format', settled: extensionOf(other.name), now: extension };
}

const partitionedBy = (columns: readonly string[]) => (columns.length === 0 ? 'not partitioned' : `partitioned by ${columns.join(', ')}`);

/** The extension of a name: `.csv.gz` for `a/b-0.csv.gz`. hygge’s own names have no other dots. */
const extensionOf = (name: string) => /\.[^/]*$/.exec(name)?.[0] ?? 'of no known format';

// ---- reads the rows of an entity that settled apart in a file store

class FileQuarantine implements Quarantine {
  readonly #options: ReworkOptions;

  constructor(options: ReworkOptions) {
    this.#options = options;
  }

  async parts(): Promise<readonly QuarantinedPart[]> {
    const found = await retry(() => this.#options.log.read());
    const lying = (found?.head.quarantine ?? []).filter(({ correction }) => correction !== true);
    return lying.map((file) => ({
      slice: sliceOfApart(file),
      because: file.broken ? 'rule' : 'unreadable',
      rows: file.rows ?? 0,
      runs: file.run === undefined ? [] : [file.run],
    }));
  }

  async corrections(head: Head): Promise<readonly SliceRef[]> {
    const { quarantine = [] } = head as FilesHead;
    return quarantine.filter(({ correction }) => correction === true).map(sliceOfApart);
  }

  async *read(part: SliceRef, signal: AbortSignal): AsyncGenerator<Frame> {
    yield* new FileRework(this.#options).readOwnColumns(part, signal);
  }
}
