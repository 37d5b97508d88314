/** The store of one table in a landing zone of open mirroring: parts are staged as in every file store, and published as numbers that Fabric applies in order. */
import type { ColumnsToSettle, Fit } from '../../engine/contracts/catalog.ts';
import type { FenceRequest } from '../../engine/contracts/heads.ts';
import type { GiveUpOutcome, Intent } from '../../engine/contracts/intent.ts';
import type {
  EntityRun,
  FrameToStage,
  Head,
  Part,
  StageRequest,
  Store,
  StoreCapabilities,
  Supersede,
  Target,
} from '../../engine/contracts/store.ts';
import { DefectError } from '../../errors/hygge-error.ts';
import { retry } from '../../ports/retry.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import type { FilesHead, HeadKind } from '../store/head/head-log.ts';
import { isData } from '../store/head/next-head.ts';
import { stagingOf } from '../store/layout.ts';
import { carryHead } from '../store/rename-entity.ts';
import { type FileStoreOptions, fileStore } from '../store/store.ts';
import { commitNumbers, giveUpNumbers, type LandingDestination, type Numbering, notTakenBack } from './commit.ts';
import { fenceNumbers } from './fence.ts';
import { checkMetadata, type Partner } from './metadata.ts';
import { type LandedNumbers, listNumbers, nextNumber, numberedPath } from './numbers.ts';

/** The root of `files` is the folder `Files` of the mirrored database, and `place.folder` the table's: `LandingZone/[<schema>.schema/]<table>`. */
export interface LandingStoreOptions extends FileStoreOptions {
  readonly heads: HeadKind;
  /** The settled names of the key's columns, which Fabric never lets change; empty: the table has no key. */
  readonly keyColumns: readonly string[];
  /** Null: no `_partnerEvents.json` is written. */
  readonly partner: Partner | null;
}

const capabilities: StoreCapabilities = {
  append: true,
  replace: false,
  merge: false,
  deletes: false,
  deleteInsert: false,
  distinguishesOwnRows: true,
  replaceBoundary: false,
  replaceSources: false,
  replaceRange: false,
  guarantee: 'Fabric applies the files of a commit one after another, some time after it',
};

export function landingStore(options: LandingStoreOptions): Store {
  return new LandingStore(options);
}

class LandingStore implements Store {
  readonly keepsParts = true;
  readonly capabilities = capabilities;
  readonly place: Json;
  readonly where: string;
  readonly #staging: Store;
  readonly #at: LandingDestination;
  readonly #metadata: Omit<Numbering, 'first'>;

  constructor(options: LandingStoreOptions) {
    const { files, place, heads, where, keyColumns, partner } = options;
    this.#staging = fileStore(options);
    this.#at = { files, place, heads, log: heads.open(files, place), table: { files, folder: place.folder }, where };
    this.#metadata = { keyColumns, partner };
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
    return { done: targetOf(read?.head, landed) };
  }

  fit(wanted: ColumnsToSettle): Fit {
    return { schema: wanted.schema, renamed: [], changes: [], refusals: [], precision: wanted.watermark === null ? null : 'exact' };
  }

  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]> {
    return this.#staging.stage(request, frames, signal);
  }

  /** Throws StoreError HYG-4111 to HYG-4114: what the commit would stop at. */
  async prepare(request: {
    readonly run: EntityRun;
    readonly supersede: Supersede;
    readonly parts: readonly Part[];
  }): Promise<{ target: Json; supersededRows: number }> {
    const { log, table, files, place, where } = this.#at;
    const { supersede, parts, run } = request;
    const [read, landed] = await Promise.all([retry(() => log.read()), retry(() => listNumbers(table))]);
    const head = read?.head.nothing ? undefined : read?.head;
    if (supersede.what === 'all' && (head !== undefined || landed.numbers.length > 0))
      throw notTakenBack(where, 'A full load would take the place of rows that Fabric has, or is about to apply.');
    if (supersede.what !== 'all' && supersede.what !== 'nothing') throw notAsked(supersede.what);
    const first = nextNumber(landed, head?.nextNumber ?? null, where);
    await checkMetadata(table, this.#metadata.keyColumns, where);
    const finals = parts.filter(isData).map((_, i) => numberedPath(table, first + i));
    const from = stagingOf(place, run.epoch, run.lineage);
    if (finals.length > 0) await retry(async () => files.provePublishing?.({ from, finals, removes: [] }));
    const numbering: Numbering = { first, ...this.#metadata };
    return { target: numbering as unknown as Json, supersededRows: 0 };
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

  prune(before: Instant): Promise<number> {
    return this.#staging.prune(before);
  }
}

function targetOf(head: FilesHead | undefined, { numbers, others, hasMetadata }: LandedNumbers): Target {
  if (head && !head.nothing) {
    const isGone = !hasMetadata && numbers.length === 0;
    return {
      content: 'ours',
      head,
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
    newest: null,
    others: [],
    ...fence,
  };
}

function notAsked(what: string): DefectError {
  return new DefectError({ code: 'HYG-9002', what: `A landing zone was asked to replace ${what}.`, tryThis: ['Report this'] });
}
