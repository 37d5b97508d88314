import type { Catalog, Change, ColumnsToSettle, Fit, HowChanged, Refusal, Standing } from '../../engine/contracts/catalog.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import type { FenceRequest } from '../../engine/contracts/heads.ts';
import type { GiveUpOutcome, Intent, PreparedRows, PrepareRequest } from '../../engine/contracts/intent.ts';
import { rowsFewer } from '../../engine/contracts/replacing.ts';
import {
  type FrameToStage,
  type Head,
  isData,
  type Part,
  type PlannedFilling,
  type Removal,
  type Repeats,
  type Replica,
  type ReplicaStanding,
  type ReplicatedRows,
  type Settled,
  type StageRequest,
  type Store,
  type Supersede,
  type Target,
} from '../../engine/contracts/store.ts';
import type { WriteMode, Writing } from '../../engine/contracts/writing.ts';
import { DefectError, HomeError, HyggeError } from '../../errors/hygge-error.ts';
import { asWritten } from '../../frames/fidelity.ts';
import type { Schema } from '../../frames/schema.ts';
import { asColumnIn } from '../../frames/values/conforms.ts';
import type { Patience, Replication } from '../../ports/answers/replication.ts';
import type { Clock } from '../../ports/clock.ts';
import { FileNotFound, type StagedFile } from '../../ports/filesystem.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import type { Replication as DatabaseReplication } from '../../remote/fabric/fabric-api.ts';
import { asideFiles } from '../store/aside.ts';
import type { FilesHead, HeadKind, SettledKeys } from '../store/head/head-log.ts';
import { sliceOfStaged, stagingOf } from '../store/layout.ts';
import { removeOlder } from '../store/remove-older.ts';
import { carryHead } from '../store/rename-entity.ts';
import { isReplacedApart } from '../store/replaced-files.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import { type FileStoreOptions, fileStore } from '../store/store.ts';
import { anewFolder, askFor, awaitTable, isEmpty, type Mirror, unfinishedCode } from './anew.ts';
import { commitNumbers, giveUpNumbers, isNumbered, isSettled, type LandingDestination, type Numbering, notTakenBack } from './commit.ts';
import { tableOf } from './config.ts';
import { fenceNumbers } from './fence.ts';
import { checkMetadata, type Partner } from './metadata.ts';
import { type MirroredTable, mirroredTable, type OpenFolder } from './mirrored-home.ts';
import type { NewestRows } from './newest-rows.ts';
import { numbersFolder } from './number-record.ts';
import {
  fileSource,
  findFile,
  type LandedNumbers,
  lastNumbers,
  listNumbers,
  missingBeforeWaiting,
  mustBeOurs,
  mustGoOn,
  nextNumber,
  numberedPath,
  ownUntil,
  tableUnclear,
} from './numbers.ts';
import { earlierReplication, type FabricAnswer, figuresOf, type PublishedFigures, replicationOf, type TableName } from './replication.ts';
import { withMarkers } from './row-marker.ts';
import {
  beginOwnKeys,
  type CommittedKeys,
  type KeyChanges,
  type KeyStoreOptions,
  keysOfCommit,
  keysOfFullLoad,
  type OwnKeys,
  settledKeysHome,
  withoutKeys,
} from './settled-keys.ts';
import { fitMirrored, mirroredCatalog, mirroredSchema } from './types.ts';
import { capitalsGo, keysInCapitals, maybeInCapitals, textUuids } from './uuid-letters.ts';
import { missingRows } from './waiting-rows.ts';

/** The root of `files` is the folder `Files` of the mirrored database. `place.folder` is the folder of the table: `LandingZone/[<schema>.schema/]<table>`. */
export interface LandingStoreOptions extends FileStoreOptions, Pick<KeyStoreOptions, 'keyHashes' | 'keyLimits'> {
  readonly heads: HeadKind;
  /** Finds the rows that a commit publishes once more, after all others. */
  readonly newest: NewestRows;
  /** The key columns in the config of the store, which the entity’s key must match. Null: the entity’s key is used. */
  readonly keyColumns: readonly string[] | null;
  /** The setting in the config. 4: rows are updated or inserted by the key; 0: rows are inserted without a key; null: no setting. */
  readonly rowMarker: 0 | 4 | null;
  /** The publisher for `_partnerEvents.json`; null: this file is not written. */
  readonly partner: Partner | null;
  readonly clock: Pick<Clock, 'now'>;
  /** Opens a folder of the mirrored database, whose tables are next to the landing zone. */
  readonly item: OpenFolder;
  /** Queries Fabric about the progress of the replication. */
  readonly replication: (patience: Patience) => Promise<DatabaseReplication>;
}

interface KeyedRows {
  /** The parts, in the order in which their rows count. */
  readonly parts: readonly Part[];
  readonly first: number;
  readonly before: SettledKeys | undefined;
  /** See `maybeInCapitals`. */
  readonly uuids: readonly string[];
}

/** The staged files with the keys of a commit's rows. */
interface KeyedResult {
  readonly newest: readonly Part[];
  /** See `keysInCapitals`. */
  readonly inCapitals?: readonly Part[];
  readonly keys?: KeyChanges;
  readonly unmatched?: readonly Part[];
}

/** A part, as `stage` returns it. */
type StagedPart = StagedFile & { readonly watermark: string | null } & Pick<Part, 'rows' | 'role'>;

const stagedPart = ({ ref, rows, role }: Part): StagedPart => ({ ...(ref as unknown as StagedPart), rows, role });

export function landingStore(options: LandingStoreOptions): Store {
  return new LandingStore(options);
}

class LandingStore implements Store {
  readonly holds = 'files';
  readonly guarantee = 'Fabric applies the files of a commit one after another, some time after the commit';
  readonly writes = new Set<WriteMode>(['append', 'swap', 'merge']);
  readonly removes = new Set<Removal>(['range by key', 'unmatched', 'keys']);
  readonly distinguishesOwnRows = true;
  readonly slices = 'at once';
  /** The usual size of a row group. */
  readonly frameRows = 122_880;
  readonly mergesPartialRows = false;
  readonly nullDocuments = 'kept';
  readonly place: Json;
  readonly where: string;
  readonly settled: Settled;
  readonly repeats: Repeats;
  readonly replica: Replica;
  readonly #staging: Store;
  readonly #at: LandingDestination;
  readonly #options: LandingStoreOptions;
  /** Fabric’s answer before the run. If a run has no new rows, and this answer already proves that Fabric applied all rows, Fabric is not queried again. */
  #answered: { readonly head: string; readonly askedAt: Instant; readonly answer: FabricAnswer } | undefined;

  constructor(options: LandingStoreOptions) {
    const { files, place, heads, where, clock, replication } = options;
    this.#staging = fileStore(options);
    /** Throws StoreError HYG-4120 if the keys of some rows are unknown. */
    this.settled = { gives: 'keys', open: async (head) => settledKeysHome(head as FilesHead, options) };
    this.repeats = { by: 'hashes', aside: asideFiles(options) };
    this.replica = {
      awaitTurn: (supersede, cursor) => this.#awaitTurn(supersede, cursor),
      of: (...asked) => this.#replication(...asked),
      figures: (head) => figuresOf(head as FilesHead),
      rows: (head) => this.#mirrored(head as FilesHead),
    };
    const mirror: Mirror = { name: nameOf(place.folder), clock, ask: replication };
    this.#at = { files, place, heads, log: heads.open(files, place), table: { files, folder: place.folder }, where, mirror };
    this.#options = options;
    this.place = { ...place };
    this.where = where;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#staging[Symbol.asyncDispose]();
  }

  async head(): Promise<Head | null> {
    return (await this.#at.log.read())?.head ?? null;
  }

  async inspect(): Promise<{ readonly done: Target }> {
    const { log, table } = this.#at;
    const [read, landed] = await Promise.all([retry(() => log.read()), retry(() => listNumbers(table))]);
    const isForeign = (read?.head === undefined || read.head.nothing === true) && landed.numbers.length > 0;
    return { done: targetOf(read?.head, landed, isForeign ? await this.#columnsOf(landed) : undefined) };
  }

  /** The columns of another publisher’s last file, which new rows must fit. Undefined: no such file, or the file is not parquet. */
  async #columnsOf(landed: LandedNumbers): Promise<Catalog | undefined> {
    const { files, format } = this.#options;
    const last = await findFile(this.#at.table, landed.numbers.at(-1) ?? 0);
    if (last === undefined) return undefined;
    const { path, bytes } = last;
    const source = fileSource(files, { name: path, path, bytes });
    try {
      return mirroredCatalog((await format.inspect(source, null)).schema);
    } catch (error) {
      if (error instanceof HomeError) return undefined;
      // Fabric has moved the file away in the meantime, so the other folders are searched.
      if (error instanceof FileNotFound) return await this.#columnsOf(landed);
      throw error;
    }
  }

  async #replication(of: Head, baseline: Json, patience: Patience, earlier?: Json): Promise<Replication> {
    const [known, head] = [this.#answered, of as FilesHead];
    const judged = ({ answer, askedAt }: { readonly answer: FabricAnswer; readonly askedAt: Instant }): Replication => {
      const found = { ...replicationOf(answer, head, baseline), askedAt };
      if (earlier === undefined) return found;
      return { ...found, earlier: earlierReplication(answer, { earlier: earlier as unknown as PublishedFigures, head }, baseline) };
    };
    if (known?.head === head.id && judged(known).state === 'replicated') return judged(known);
    const { log, table, mirror } = this.#at;
    const askedAt = mirror.clock.now();
    const [database, publishedAt] = await Promise.all([mirror.ask(patience), retry(() => log.movedAt())]);
    const landed = await retry(() => listNumbers(table));
    const missing = missingBeforeWaiting(landed, lastNumbers(head), askedAt);
    const answer = { name: mirror.name, database, publishedAt, landed, ...(missing !== undefined && { missing }) };
    this.#answered = { head: head.id, askedAt, answer };
    return judged(this.#answered);
  }

  async #mirrored(head: FilesHead): Promise<ReplicatedRows | null> {
    const { item, clock, scratch, place } = this.#options;
    const mirrored = await mirroredTable({ item, clock, scratch, name: nameOf(place.folder) }, mirroredSchema(head));
    if (mirrored === null) return null;
    const { version, home } = mirrored;
    return { version, home, standing: (baseline) => this.#standing(head, mirrored, baseline) };
  }

  /** Whether Fabric has applied the rows. Fabric’s answer shows nothing about a version that was read earlier, so the log is read once more. */
  async #standing(head: FilesHead, mirrored: MirroredTable, baseline: Json): Promise<ReplicaStanding> {
    const { log, table, where } = this.#at;
    const { format, scratch } = this.#options;
    const asked = await this.#replication(head, baseline, 'usual').catch((error: unknown) => {
      if (error instanceof HyggeError)
        return { state: 'waiting', said: `Fabric does not report its progress: ${error.code} ${error.what}` };
      throw error;
    });
    const [landed, publishedAt] = await Promise.all([retry(() => listNumbers(table)), retry(() => log.movedAt())]);
    if ((landed.numbers.at(-1) ?? 0) >= (head.nextNumber ?? Number.POSITIVE_INFINITY)) return { standing: 'unfinished', said: null };
    if ((await mirrored.newest()) !== mirrored.version) return { standing: 'moved', said: null };
    if (asked.state === 'replicated') return { standing: 'replicated', said: null };
    const missing = await missingRows({ table, format, scratch, where }, { head, landed, mirrored, publishedAt });
    if (missing === null) return { standing: 'replicated', said: null };
    return { standing: 'behind', said: [missing, ...(asked.said === null ? [] : [asked.said])].join('; ') };
  }

  /**
   * How the table’s folder is recreated. Throws StoreError HYG-4114 if a full load would replace rows but Fabric can’t be asked whether it has removed the table.
   * Throws HYG-4111 if the folder has files that must stay, HYG-4119 if nothing is replicated.
   */
  async #anew(landed: LandedNumbers, next: number | null): Promise<Pick<Numbering, 'isAnew' | 'folder' | 'isUnwatched'>> {
    const { files, table, mirror, where } = this.#at;
    if (next !== null) mustBeOurs(landed, next, where);
    const folder = await retry(async () => files.folderEtag?.(table.folder));
    const isThere = folder !== undefined || !isEmpty(landed);
    if (isThere && files.removeFolder === undefined) throw notTakenBack(where, 'A full load has to delete the folder of the table.');
    try {
      await askFor(this.#at, mirror);
    } catch (error) {
      if (!(error instanceof HyggeError) || error.transient || error.code === unfinishedCode) throw error;
      if (isThere) throw notTakenBack(where, `It is unknown whether Fabric has removed the table: ${error.what}`);
      // A person has deleted the folder, as hygge’s message asked. The same message asked to wait until Fabric has removed the table.
      return { isAnew: true, isUnwatched: true };
    }
    return { isAnew: true, ...(folder === undefined ? {} : { folder }) };
  }

  async #awaitTurn({ what: superseded }: Supersede, cursor?: Json): Promise<Step<'ready'>> {
    const { log, table, mirror } = this.#at;
    const what = superseded === 'all' ? 'full load' : 'increment';
    const listing = what === 'full load' ? retry(() => listNumbers(table)) : undefined;
    const [read, landed] = await Promise.all([retry(() => log.read()), listing]);
    const { isAnew: isMadeAnew = false, publishedAt } = read?.head ?? {};
    return await awaitTable(this.#at, { what, landed, isMadeAnew, publishedAt }, { mirror, cursor });
  }

  fit(wanted: ColumnsToSettle, standing: Standing): Fit {
    const fit = fitMirrored(wanted, standing, this.where);
    return { ...fit, refusals: [...keyRefusals(wanted.key ?? [], this.#options), ...fit.refusals] };
  }

  /** How a change of columns is made. Fabric adds a column with the first file that has it, and never changes a type. */
  howChanged({ change }: Change): HowChanged {
    return change === 'add column' ? 'in place' : 'no';
  }

  /** Notes for the plan. For a full load, throws the errors of `#anew`. */
  async notesOnPlan({
    supersede,
    target,
    key,
    schema,
    keepsKeys,
  }: PlannedFilling): Promise<{ notes: readonly OwnNote[]; warnings: readonly OwnNote[] }> {
    const isAnew = supersede.what === 'all' && target.content !== 'empty';
    if (isAnew) await this.#anew(await retry(() => listNumbers(this.#at.table)), nextToKeep(supersede, target));
    const isUnknown = keepsKeys === true && !isAnew && target.content === 'ours' && (target.head as FilesHead).keys === undefined;
    const isUnseen = !isAnew && target.content === 'ours' && (target.head as FilesHead).isAnew === true && !(await this.#canAsk());
    const uuids =
      isAnew || target.content === 'empty'
        ? []
        : maybeInCapitals(target.content === 'ours' ? (target.head as FilesHead) : undefined, schema, key);
    return {
      notes: [
        ...(uuids.length > 0 ? [capitalsGo(uuids)] : []),
        ...(supersede.what === 'range' ? [rangeByKey] : []),
        ...(supersede.what === 'unmatched' ? [merged] : []),
        ...(isAnew ? [madeAnew] : []),
      ],
      warnings: [
        ...(target.content !== 'ours' && key.length > mostKeyColumns ? [wideKey(key)] : []),
        ...(isUnseen ? [reappearanceUnknown] : []),
        ...(isUnknown ? [keysNotKept] : []),
      ],
    };
  }

  async #canAsk(): Promise<boolean> {
    try {
      await this.#at.mirror.ask('usual');
      return true;
    } catch (error) {
      if (error instanceof HyggeError) return error.transient;
      throw error;
    }
  }

  async stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]> {
    const watermark = request.watermark?.column ?? null;
    const parts = await this.#staging.stage(request, withMarkers(inOneFile(frames)), signal);
    return parts.map((part): Part => ({ ...part, ref: { ...stagedFile(part), watermark } as unknown as Json }));
  }

  /** Prepares a commit. Throws StoreError HYG-4111 to HYG-4114 if the commit would fail with this error. */
  async prepare(request: PrepareRequest): Promise<PreparedRows> {
    const { log, table, files, place, where, mirror } = this.#at;
    const { supersede, parts, run, writing } = request;
    const [read, landed] = await Promise.all([retry(() => log.read()), retry(() => listNumbers(table))]);
    const isByKey = supersede.what === 'range' || supersede.what === 'unmatched';
    if (supersede.what !== 'all' && supersede.what !== 'nothing' && (!isByKey || writing.key.length === 0)) throw notAsked(supersede.what);
    const next = read === undefined || read.head.nothing === true ? null : (read.head.nextNumber ?? null);
    const anew = supersede.what === 'all' ? await this.#anew(landed, supersede.foreign === 'keep' ? ownUntil(read?.head) : null) : {};
    if (!anew.isAnew && read?.head.unclearUntil !== undefined) throw tableUnclear(where);
    const missing = missingBeforeWaiting(landed, lastNumbers(read?.head), mirror.clock.now());
    const first = anew.isAnew ? 1 : nextNumber(landed, next, where, missing);
    if (!anew.isAnew) mustGoOn(landed, { first, isOurs: isSettled(read) }, where);
    if (!anew.isAnew) await checkMetadata(table, writing.key, where);
    // Deleted rows are left out only if another part remains, because a commit needs at least one number as its token.
    const withoutDeleted = first === 1 && parts.some(isDeleted) && parts.some(isData);
    const published = parts.filter(withoutDeleted ? isData : isNumbered);
    // Deleted rows that are not published come first in the order, so that every other row with the same key counts as newer.
    const inOrder = withoutDeleted ? [...parts.filter(isDeleted), ...published] : published;
    const uuids = first === 1 ? [] : maybeInCapitals(read?.head, request.schema, writing.key);
    const byKey = await this.#byKey(request, { parts: inOrder, first, before: read?.head.keys, uuids });
    const { newest, keys, unmatched = [], inCapitals = [] } = byKey;
    const again = [...newest, ...inCapitals, ...unmatched];
    const finals = [...published, ...again].map((_, i) => numberedPath(table, first + i));
    const from = stagingOf(place, run.epoch, run.lineage);
    if (finals.length > 0) await retry(async () => files.provePublishing?.({ from, finals, removes: [] }));
    const { partner } = this.#options;
    const gone = (read?.head.quarantine ?? []).filter(isReplacedApart(request, new Map()));
    const numbering: Numbering = {
      ...{ first, keyColumns: writing.key, partner, isRecorded: true },
      apart: { removes: gone.map(({ name }) => name), ...(request.keepsGroup ? { keepsGroup: true } : {}) },
      ...(again.length === 0 ? {} : { again }),
      ...(withoutDeleted && { withoutDeleted }),
      ...anew,
      ...(keys && { keys }),
      ...((first === 1 || read?.head.smallUuids) && textUuids(request.schema, writing.key).length > 0 && { smallUuids: true }),
    };
    // Each deleted row is counted, even if the mirrored table does not have its key, because only Fabric knows the keys in the table.
    const deleted = [...(withoutDeleted ? newest : parts).filter(isDeleted), ...unmatched];
    const supersededRows = deleted.reduce((sum, { rows }) => sum + rows, 0);
    return {
      target: numbering as unknown as Json,
      supersededRows,
      leftQuarantine: rowsFewer(gone, parts),
      older: 0,
      notThere: 0,
      lastGood: null,
      expiredRows: 0,
    };
  }

  /**
   * Reads the keys of the staged rows once. Then stages up to three files: the newest rows that are not the last rows of their keys; the keys, if keys are kept; and,
   * for a merged full load, the keys to delete. Files that an earlier call staged are removed with the other leftovers of the commit.
   */
  async #byKey(
    { run, writing, schema, keepsKeys, supersede }: PrepareRequest,
    { parts, first, before, uuids }: KeyedRows,
  ): Promise<KeyedResult> {
    const { key } = writing;
    const staged = parts.map(stagedPart);
    const dropped = !keepsKeys ? withoutKeys(before) : undefined;
    const keys = dropped && { keys: dropped };
    const [one] = staged;
    if (one === undefined) return { newest: [], ...keys };
    const slice = Math.max(...staged.map(({ staged: name }) => sliceOfStaged(name))) + 1;
    const commit = { run, slice: slice + 1, key, watermark: one.watermark, schema, before, isFirst: first === 1 };
    const isKept = keepsKeys && key.length > 0;
    const own = isKept ? beginOwnKeys(this.#options, commit) : undefined;
    try {
      const newest = await this.#stageAgain({ run, writing, slice, schema }, { staged, own });
      const capitals = keysInCapitals(this.#options, { parts: staged, key, uuids });
      const inCapitals = uuids.length === 0 ? [] : await this.#stageDeleted({ ...commit, slice: commit.slice + 1 }, capitals);
      const again = { newest, inCapitals };
      if (!isKept) return { ...again, ...keys };
      const ofRows = await own?.close([...newest, ...inCapitals].map(stagedPart));
      if (supersede.what !== 'unmatched') return { ...again, keys: await keysOfCommit(this.#options, commit, ofRows) };
      const { changes, unmatched } = keysOfFullLoad(this.#options, commit, ofRows);
      return { ...again, keys: changes, unmatched: await this.#stageDeleted(commit, unmatched()) };
    } catch (error) {
      await own?.abort(error);
      // A part is missing. Either a later run removed the part, or another delivery of this run published the part. In both cases the decision of this run is refused. Otherwise the commit reports the lost part.
      if (error instanceof FileNotFound) return { newest: [] };
      throw error;
    }
  }

  #stageAgain(
    { run, writing, slice, schema }: Pick<CommittedKeys, 'run' | 'slice' | 'schema'> & { readonly writing: Writing },
    { staged, own }: { readonly staged: readonly StagedPart[]; readonly own: OwnKeys | undefined },
  ): Promise<readonly Part[]> {
    const { files, format, scratch, where, newest } = this.#options;
    const watermark = staged[0]?.watermark ?? null;
    const reader = own && { reader: own };
    const rows = newest({ files, format, scratch, where, key: writing.key, watermark, parts: staged, ...reader });
    const asRead: Schema = { columns: schema.columns.map((column) => ({ ...column, type: asWritten(column.type) })) };
    const stage = { run, writing, slice, schema: asRead, watermark: null, emptyPart: false };
    return this.#staging.stage(stage, rows, new AbortController().signal);
  }

  /** Stages rows to delete. @param rows the keys and watermarks of these rows. */
  #stageDeleted(
    { run, slice, key, schema }: Pick<CommittedKeys, 'run' | 'slice' | 'key' | 'schema'>,
    rows: AsyncIterable<Frame>,
  ): Promise<readonly Part[]> {
    const asRead: Schema = { columns: schema.columns.map((column) => ({ ...column, type: asWritten(column.type), nullable: true })) };
    const frames = async function* (): AsyncGenerator<FrameToStage> {
      for await (const frame of rows) {
        const own = new Set(frame.schema.columns.map(({ name }) => name));
        const columns = asRead.columns.map((column) => asColumnIn(own, column));
        yield { role: 'deleted', frame: await frame.conform({ schema: asRead, columns, samples: 'mask' }) };
      }
    };
    const writing: Writing = { mode: 'merge', key, why: 'full_load' };
    const stage = { run, writing, slice: slice + 1, schema: asRead, watermark: null, emptyPart: false };
    return this.#staging.stage(stage, withMarkers(frames()), new AbortController().signal);
  }

  commit(intent: Intent, cursor?: Json) {
    return commitNumbers(this.#at, intent, cursor);
  }

  giveUp(intent: Intent, reason: CommitRefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome> {
    return giveUpNumbers(this.#at, intent, { reason, how });
  }

  sweep(request: { readonly lineage: string; readonly before: number }) {
    return this.#staging.sweep(request);
  }

  fence(request: FenceRequest): Promise<FilesHead | 'moved'> {
    return fenceNumbers(this.#at, request);
  }

  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'> {
    const { files, place, heads, log } = this.#at;
    return carryHead(place, { from: heads.open(files, { ...place, ...from }), to: log });
  }

  dropHead(from: EntityKey): Promise<void> {
    return this.#staging.dropHead(from);
  }

  async prune(before: Instant): Promise<number> {
    const folders = [anewFolder(this.#at), numbersFolder(this.#at)];
    const removed = await Promise.all([
      this.#staging.prune(before),
      ...folders.map((folder) => removeOlder(this.#at.files, folder, before)),
    ]);
    return removed.reduce((sum, count) => sum + count, 0);
  }
}

function targetOf(head: FilesHead | undefined, { numbers, others, hasMetadata }: LandedNumbers, foreign: Catalog | undefined): Target {
  if (head && !head.nothing) {
    const isGone = !hasMetadata && numbers.length === 0;
    return {
      content: 'ours',
      head,
      ...(head.schema ? { catalog: mirroredCatalog(head.schema) } : {}),
      ...(head.keys === undefined ? {} : { keysKnown: true }),
      rows: head.rows,
      foreign: null,
      bytes: head.bytes,
      empty: head.rows === 0,
      missing: isGone ? head.files.map(({ name }) => name) : [],
      listedStillThere: isGone ? 0 : head.files.length,
      touched: [],
      notLookedAt: [],
    };
  }
  const fence = head ? { fence: head } : {};
  const count = numbers.length + others.length;
  if (count === 0) return { content: 'empty', ...fence };
  return {
    content: 'foreign',
    summary: `${count} ${count === 1 ? 'file' : 'files'} of a landing zone`,
    ...(foreign ? { catalog: foreign } : {}),
    newest: null,
    others: [],
    sharing: 'none',
    ...fence,
  };
}

/** The maximum number of key columns without a note. Microsoft advises fewer than five: https://learn.microsoft.com/fabric/mirroring/open-mirroring-best-practices. */
const mostKeyColumns = 4;

const rangeByKey: OwnNote = {
  code: 'open_mirroring.range_by_key',
  text: 'The rows of the range are updated by their key. Rows that the source no longer has stay in the mirrored table.',
};

const madeAnew: OwnNote = {
  code: 'open_mirroring.made_anew',
  text: 'Fabric removes the table from the mirrored database, then adds it with the new rows. For some minutes, readers find no table.',
};

const merged: OwnNote = {
  code: 'open_mirroring.merged',
  text: 'The rows are updated or inserted by their key, and rows that the source no longer has are deleted. The mirrored table is kept.',
};

const keysNotKept: OwnNote = {
  code: 'open_mirroring.keys_not_kept',
  text: 'The keys of some published rows were not kept, so keys can be compared only after the table is loaded again: hygge reset FLOW.ENTITY, then hygge go.',
};

const reappearanceUnknown: OwnNote = {
  code: 'open_mirroring.reappearance_unknown',
  text: 'The table was loaded again, and Fabric does not report whether the table exists again. Rows that are published before it exists may be lost.',
};

/** The number that must be unused for a full load that may not remove files of other publishers; null: not needed. */
function nextToKeep(supersede: Supersede, target: Target): number | null {
  if (supersede.what !== 'all' || supersede.foreign === 'replace' || target.content !== 'ours') return null;
  return ownUntil(target.head as FilesHead);
}

/** Puts all rows into one file, because Fabric needs time for each file. Rows with the newest watermark need no separate file: they are updated by their key like all other rows. */
async function* inOneFile(frames: AsyncIterable<FrameToStage>): AsyncGenerator<FrameToStage> {
  let first: 'data' | 'boundary' | undefined;
  for await (const frame of frames) {
    const { role } = frame;
    if (role === 'data' || role === 'boundary') first ??= role;
    yield role === 'data' || role === 'boundary' ? { ...frame, role: first ?? role } : frame;
  }
}

const isDeleted = ({ role }: Part): boolean => role === 'deleted';

const nameOf = (folder: string): TableName => tableOf(`Files/${folder}`) ?? { schema: null, table: '' };

const wideKey = (key: readonly string[]): OwnNote => ({
  code: 'open_mirroring.wide_key',
  text: `The key has ${key.length} columns. Fabric applies changes faster with fewer than five.`,
  params: { columns: key.length },
});

/** Why a key contradicts the config of the store. Fabric never allows a change of a table’s keys. */
function keyRefusals(key: readonly string[], { keyColumns, rowMarker, where }: LandingStoreOptions): readonly Refusal[] {
  const said = key.length === 0 ? 'The entity has no key' : `The key of the entity is ${key.join(', ')}`;
  const isSame = keyColumns === null || (keyColumns.length === key.length && keyColumns.every((name) => key.includes(name)));
  const wrong = !isSame
    ? `key_columns of the store is ${keyColumns.join(', ')}.`
    : rowMarker === 4 && key.length === 0
      ? 'row_marker: 4 updates rows by their key.'
      : rowMarker === 0 && key.length > 0
        ? 'row_marker: 0 inserts rows without looking at a key.'
        : undefined;
  if (wrong === undefined) return [];
  return [
    {
      code: 'HYG-4115',
      what: `The store and the entity disagree about the key of ${where}.`,
      why: [`${said}. ${wrong}`, 'Fabric fixes the key of a table when the table is made.'],
      tryThis: [
        'Write the key in the entity, by the names of the source: watermark: { column: …, key: [ … ] }',
        'Then leave key_columns and row_marker out, because they follow from the key',
      ],
    },
  ];
}

function notAsked(what: string): DefectError {
  return new DefectError({ code: 'HYG-9002', what: `A landing zone got a request to replace ${what}.`, tryThis: ['Report this'] });
}
