import type { ColumnsToSettle, Fit, HowChanged } from '../../../src/engine/contracts/catalog.ts';
import { destinationBoundaryChanged, keyTwice } from '../../../src/engine/contracts/errors.ts';
import type { Frame, Step } from '../../../src/engine/contracts/frame.ts';
import type { FenceRequest } from '../../../src/engine/contracts/heads.ts';
import type { Home } from '../../../src/engine/contracts/home.ts';
import type { CommitOutcome, GiveUpOutcome, Intent, PrepareRequest } from '../../../src/engine/contracts/intent.ts';
import type {
  Head,
  KeysToCompare,
  Part,
  PartRole,
  Removal,
  RepeatedKeys,
  Repeats,
  RepeatsApart,
  RepeatsToSetApart,
  Settled,
  StageRequest,
  Store,
  Supersede,
  Target,
} from '../../../src/engine/contracts/store.ts';
import type { WriteMode, Writing } from '../../../src/engine/contracts/writing.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import type { Random } from '../../../src/ports/random.ts';
import { retry } from '../../../src/ports/retry.ts';
import type { CommitRefusalReason } from '../../../src/ports/state.ts';
import type { Json } from '../../../src/ports/values.ts';
import type { Step as ProtocolStep, Request } from './call.ts';
import { checksumOfRows, type Database, type StagingTable } from './database.ts';
import type { Pool } from './pool.ts';
import type { Process } from './process.ts';
import { permanent } from './refusals.ts';
import { apartAmong, inTens, markEdges, nullsOf, type Row, repeatedAmong, rowsOfFrame } from './rows.ts';
import { settledHome } from './settled-home.ts';
import { type Deletes, deletes, newest, type SqlTarget } from './table.ts';

/** What all stores of a process share, and whether `store.mark_column` is set: then with what in it. */
export interface Around {
  readonly pool: Pool;
  readonly random: Random;
  readonly mark: string | null;
  /** Keeps watermarks in tens, floored. */
  readonly tens: boolean;
}

/** A transactional store in memory, built as protocol.md 2.7 says of SQL: one transaction locks the head, compares, publishes and moves it. */
export class SqlStore implements Store {
  readonly holds = 'table';
  readonly guarantee = 'readers see the old rows or the new, exactly';
  readonly writes = new Set<WriteMode>(['append', 'swap', 'merge', 'delete_insert']);
  readonly removes = new Set<Removal>(['boundary', 'sources', 'range', 'keys']);
  readonly distinguishesOwnRows: boolean;
  readonly slices = 'at once';
  readonly frameRows = Number.POSITIVE_INFINITY;
  readonly mergesPartialRows = false;
  readonly nullDocuments = 'kept';
  readonly settled: Settled = { gives: 'rows', open: (head) => this.#openSettled(head) };
  readonly repeats: Repeats = {
    by: 'store',
    staged: (keys) => this.#repeatedKeys(keys),
    settled: (_, { columns }) => this.#read('repeated keys', () => repeatedAmong(this.#ownRows(), columns)),
    setApart: (request) => this.#setRepeatsApart(request),
  };
  readonly place: Json = { table: 'lake' };
  readonly where = 'sql lake';
  readonly #process: Process;
  readonly #db: Database;
  readonly #pool: Pool;
  readonly #random: Random;
  readonly #tens: boolean;
  /** What stands in the mark column of our rows; null: there is no such column. */
  readonly #mark: string | null;

  constructor(process: Process, db: Database, { pool, random, mark, tens }: Around) {
    this.#process = process;
    this.#db = db;
    this.#pool = pool;
    this.#random = random;
    this.#tens = tens;
    this.#mark = mark;
    this.distinguishesOwnRows = mark !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Its head belongs to the table, whatever the entity is called. */
  async carryHead(): Promise<'carried' | 'no head'> {
    return (await this.head()) ? 'carried' : 'no head';
  }

  async dropHead(): Promise<void> {}

  async prune(): Promise<number> {
    return 0;
  }

  head(): Promise<Head | null> {
    return this.#read('select head', () => this.#db.head);
  }

  async #openSettled(head: Head): Promise<Home> {
    return settledHome(head, () => this.#read('settled rows', () => this.#ownRows()));
  }

  #ownRows(): readonly Row[] {
    return this.#db.table.filter(({ ours }) => ours).map(({ row }) => row);
  }

  howChanged(): HowChanged {
    return 'no';
  }

  async notesOnPlan(): ReturnType<Store['notesOnPlan']> {
    return { notes: [], warnings: [] };
  }

  async inspect(): Promise<{ readonly done: Target }> {
    const done = await this.#read('inspect', (): Target => {
      const { head, table } = this.#db;
      const foreign = this.#db.foreignIn(table, this.#mark);
      if (head && !head.nothing)
        return {
          content: 'ours',
          head,
          rows: head.rows,
          foreign,
          bytes: table.length,
          empty: table.length === (foreign ?? 0),
          missing: [],
          listedStillThere: 1,
          touched: [],
          notLookedAt: [],
        };
      const fence = head ? { fence: head } : {};
      if (table.length === 0) return { content: 'empty', ...fence };
      return { content: 'foreign', summary: `${table.length} rows`, newest: null, others: [], sharing: 'none', ...fence };
    });
    return { done };
  }

  fit({ schema, watermark }: ColumnsToSettle): Fit {
    const precision = this.#tens ? { digits: -1 } : 'exact';
    return { schema, renamed: [], changes: [], refusals: [], precision: watermark === null ? null : precision };
  }

  async stage(
    request: StageRequest,
    frames: AsyncIterable<{ readonly frame: Frame; readonly role: PartRole }>,
    signal: AbortSignal,
  ): Promise<readonly Part[]> {
    const byRole = new Map<PartRole, Row[]>(request.emptyPart ? [['data', []]] : []);
    for await (const { frame, role } of frames) {
      signal.throwIfAborted();
      byRole.set(role, [...(byRole.get(role) ?? []), ...rowsOfFrame(frame).map((one) => (this.#tens ? inTens(one) : one))]);
    }
    const parts: Part[] = [];
    for (const [role, rows] of byRole) parts.push(await this.#fill(request, role, rows));
    return parts;
  }

  async #fill(request: StageRequest, role: PartRole, rows: readonly Row[]): Promise<Part> {
    const { run, slice, schema, source, watermark } = request;
    const name = `stg_${run.epoch}_${run.lineage}_${slice}_${role}_${this.#random.nonce()}`;
    const table = (some: readonly Row[]): StagingTable => ({ epoch: run.epoch, lineage: run.lineage, rows: some });
    await this.#write(
      `fill ${name}`,
      () => this.#db.fill(name, table(rows)),
      'stage',
      () => this.#db.fill(name, table(rows.slice(0, Math.floor(rows.length / 2)))),
    );
    return {
      ref: name,
      role,
      rows: rows.length,
      bytes: rows.length * 16,
      checksum: checksumOfRows(rows),
      nulls: nullsOf(schema, rows),
      ...(watermark ? markEdges(rows, watermark.type) : {}),
      ...(source === undefined ? {} : { source }),
    };
  }

  /** Counts what is to go, and looks whether a key comes twice: none of that may surface after the decision. */
  prepare({ supersede, writing, parts }: PrepareRequest) {
    return this.#read('prepare', () => {
      const what = { ...this.#deletesOf(supersede, writing), marked: this.#mark };
      const count = this.#db.table.filter((each) => deletes(what, each)).length;
      if (what.where === 'boundary' && count !== what.boundary.rows)
        throw destinationBoundaryChanged(this.where, { ...what.boundary, found: count, key: { flow: 'sim', entity: 'orders' } });
      const { twice } = newest(this.#db.staged(parts, this.#mark), writing.key);
      if (twice !== null) throw keyTwice(this.where, { key: writing.key, example: twice });
      const target: SqlTarget = { ...what, count };
      return {
        target: target as unknown as Json,
        supersededRows: count,
        leftQuarantine: 0,
        older: 0,
        notThere: 0,
        lastGood: null,
        expiredRows: 0,
      };
    });
  }

  #repeatedKeys({ columns, parts }: KeysToCompare): Promise<RepeatedKeys> {
    return this.#read('repeated keys', () => {
      const rows = parts
        .filter(({ role }) => role === 'data' || role === 'boundary')
        .flatMap(({ ref }) => this.#db.staging.get(String(ref))?.rows ?? []);
      return repeatedAmong(rows, columns);
    });
  }

  /** Of each key the row with the largest mark settles, and of several the first by what it says. */
  async #setRepeatsApart({
    run,
    slice,
    schema,
    watermark,
    columns,
    parts,
    writing,
  }: RepeatsToSetApart): Promise<RepeatsApart | 'parts lost'> {
    const own = parts.filter(({ role }) => role === 'data' || role === 'boundary');
    const told = await this.#read('rows told apart', () => {
      const tables = own.map(({ ref }) => this.#db.staging.get(String(ref)));
      return tables.includes(undefined)
        ? undefined
        : apartAmong(
            tables.flatMap((table) => table?.rows ?? []),
            columns,
          );
    });
    if (told === undefined) return 'parts lost';
    const request: StageRequest = { run, slice, schema, watermark, writing, emptyPart: false };
    const settling = await this.#fill(request, 'data', told.settling);
    const apart = await this.#fill(request, 'broken', told.apart);
    return { parts: [...parts.filter((part) => !own.includes(part)), settling, apart], rows: told.apart.length };
  }

  #deletesOf(supersede: Supersede, { mode }: Pick<Writing, 'mode'>): Deletes {
    switch (supersede.what) {
      case 'unmatched':
        throw new TypeError('the model of a table merges no full load');
      case 'nothing':
      case 'quarantine':
        return { where: 'nothing' };
      case 'all':
        // A swap leaves nothing of the table that was there.
        return { where: supersede.foreign === 'replace' || mode === 'swap' || this.#mark === null ? 'everything' : 'marked' };
      case 'boundary':
        return { where: 'boundary', boundary: supersede };
      case 'sources':
        return { where: 'sources', sources: supersede.sources };
      case 'range':
        return { where: 'range', range: supersede };
    }
  }

  async commit(intent: Intent): Promise<Step<CommitOutcome>> {
    const outcome = await this.#write(`tx ${intent.id}`, () => this.#db.commit(intent), 'commit').catch(refusedFor);
    if (typeof outcome === 'object' && 'counts' in outcome)
      await this.#drop((table) => isOf(table, intent.lineage) && table.epoch === intent.epoch);
    return { done: outcome };
  }

  async giveUp(intent: Intent, reason: CommitRefusalReason): Promise<GiveUpOutcome> {
    const given = await this.#write(`fence of ${intent.id}`, () => this.#db.giveUp(intent, reason), 'commit');
    if (typeof given === 'object') await this.#drop((table) => isOf(table, intent.lineage) && table.epoch === intent.epoch);
    return given;
  }

  async sweep({ lineage, before }: { lineage: string; before: number }): Promise<Step<'swept'>> {
    await this.#drop((table) => isOf(table, lineage) && table.epoch < before);
    return { done: 'swept' };
  }

  async fence(request: FenceRequest): Promise<Head | 'moved'> {
    const before = await retry(() => this.#read('list staging', () => new Set(this.#db.staging.keys())));
    const head = await this.#write(`fence ${request.id}`, () => this.#db.fence(request));
    if (head !== 'moved') await this.#drop((_, name) => before.has(name));
    return head;
  }

  async #drop(doomed: (table: StagingTable, name: string) => boolean): Promise<void> {
    const found = await retry(() => this.#read('list staging', () => [...this.#db.staging]));
    for (const [name, table] of found)
      if (doomed(table, name)) await retry(() => this.#write(`drop ${name}`, () => this.#db.staging.delete(name)));
  }

  #read<T>(label: string, apply: () => T): Promise<T> {
    return this.#pool.use(() => this.#process.call({ label: `sql ${label}`, kind: 'read', apply }));
  }

  #write<T>(label: string, apply: () => T, step?: ProtocolStep, tear?: () => void): Promise<T> {
    const request: Request = { label: `sql ${label}`, kind: 'write', apply, ...(step ? { step } : {}), ...(tear ? { tear } : {}) };
    return this.#pool.use(() => this.#process.call(request));
  }
}

/** What the database rolled back. */
function refusedFor(error: unknown): CommitOutcome {
  if (error instanceof HyggeError && (permanent.has(error.code) || error.code === 'HYG-2075'))
    return { outcome: 'refused', because: error.toDetails() };
  throw error;
}

const isOf = (table: StagingTable, lineage: string) => table.lineage === lineage;
