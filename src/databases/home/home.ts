/** A table, view or query of a database as a home, for all engines. */
import { hash } from 'node:crypto';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type CopiedSource,
  everything,
  type FutureRows,
  type Home,
  type HomeSystem,
  type KeyTexts,
  type OneNumber,
  type Reading,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  type SumsInSystem,
  usualReading,
  type Window,
} from '../../engine/contracts/home.ts';
import type { PartOfWindow } from '../../engine/contracts/row-sums.ts';
import type { DataType } from '../../frames/schema.ts';
import { latestAt } from '../../frames/times/future.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import { type DatabaseHomeConfig, sourceOf, sourceOptionsOf } from '../config.ts';
import {
  type Address,
  type ChangeFeed,
  type ChangeTracking,
  type Engine,
  type Relation,
  type RelationPart,
  type Session,
  type Source,
  SourceChangedSincePlan,
  type SourceColumn,
} from '../engine.ts';
import { changedWhileRead } from '../errors.ts';
import {
  databaseNow,
  keysCondition,
  latestMomentOf,
  readAsNullCondition,
  selectWithSpecialCounts,
  whereAll,
  windowCondition,
} from '../select.ts';
import { type OpenSession, poolOf, Sessions } from '../sessions.ts';
import {
  changedRowsIn,
  changesKeptNotes,
  changesKeptShorterWarnings,
  counterOf,
  counterToPin,
  missingChangesReason,
  mustHaveAllChanges,
  pinnedCounter,
  readingOfChanges,
  withChanges,
} from './changes.ts';
import { comparesInside, scopeConditions } from './inside.ts';
import { numberIn } from './one-number.ts';
import { asColumn, digestOf, needed, type Ref, rangesOf } from './relations.ts';
import { provesByTexts } from './row-texts.ts';
import { type Bound, safeBound } from './safe-bound.ts';
import { SharedSnapshot } from './snapshot.ts';
import { copiedSource } from './source-copies.ts';
import type { SumsSource } from './sums-statement.ts';

const frameRows = 122_880;
/** The maximum number of slices. The limit exists because a plan lists its slices. */
const mostSlices = 512;
/** The approximate number of bytes that a step of an app can read in its time. */
const stepBytes = 8 * 1024 ** 3;
/** The maximum length of a literal in a plan. */
const longestBound = 200;

/** How another home differs from the home of a flow. */
export interface HomeVariant {
  /** A suffix of the entity’s name in the label of its sessions: two homes of one entity share a pool, but each home has its own snapshot. */
  readonly sessionLabelSuffix?: string;
  /** Changes the type that a column of the source is read as. */
  readonly mapColumn?: (column: SourceColumn) => SourceColumn;
}

export class DatabaseHome<K extends { readonly pool_size: number }, S extends Session> implements Home {
  readonly reading: Reading;
  readonly place: string;
  readonly rowCondition: string;
  readonly system?: HomeSystem;
  readonly copied?: CopiedSource;
  readonly #short: string;
  readonly #engine: Engine<K, S>;
  readonly #config: K & DatabaseHomeConfig;
  readonly #source: Source;
  readonly #opening: Opening;
  readonly #sessions: Sessions<S>;
  readonly #feed: ChangeFeed<S> | undefined;
  readonly #variant: HomeVariant;
  #relation: Relation | undefined;
  /** What the log of changes reported about the table when the relation was read. */
  #tracking: ChangeTracking | undefined;
  #snapshot: SharedSnapshot<S> | undefined;
  #taking: Promise<SharedSnapshot<S> | undefined> | undefined;
  /** The relation that the plan read under the snapshot. */
  #seen: { readonly relation: Relation; readonly under: SharedSnapshot<S> } | undefined;

  constructor(engine: Engine<K, S>, config: K & DatabaseHomeConfig, opening: Opening, variant: HomeVariant = {}) {
    this.#engine = engine;
    this.#variant = variant;
    this.#config = config;
    this.#opening = opening;
    this.#source = sourceOf(config);
    this.place = sourceIdentity(engine, config);
    // The condition may contain confidential values, so its hash is used instead.
    this.rowCondition = config.where === undefined ? '' : `where ${hash('sha256', config.where.trim()).slice(0, 12)}`;
    this.#short = `${engine.id} ${whereOf(engine.address(config))}`;
    this.#feed = opening.changeFeed === undefined ? undefined : engine.changeFeeds?.[opening.changeFeed];
    this.reading = { ...usualReading, ...(this.#feed && readingOfChanges), absence: engine.mayHideRows ? 'maybe hidden' : 'deleted' };
    const label = `hygge ${opening.flow}.${opening.entity}${variant.sessionLabelSuffix === undefined ? '' : ` ${variant.sessionLabelSuffix}`}`;
    this.#sessions = new Sessions({ engine, pool: poolOf(engine, config, opening), label, place: this.place });
    const reading = <T>(work: (session: S) => Promise<T>) => this.#reading(work);
    if (engine.copies)
      this.copied = copiedSource(engine.copies, { keys: config, opening, look: (session) => this.#look(session), reading });
    if (this.#feed !== undefined) return;
    this.system = {
      count: (window, signal) => this.#asked((session, relation) => this.#counted(session, relation, window), signal),
      hasAnyOf: (keys, signal) => this.#hasAnyOf(keys, signal),
      sums: this.#sums(),
    };
  }

  #sums(): SumsInSystem {
    const { rowSums, rowTexts, dialect, finiteCondition, snapshots } = this.#engine;
    const { where, special_values: specialValues } = this.#config;
    const asked = {
      ...{ system: this.#engine.id, place: this.place, where },
      oneMoment: this.#opening.steps === 'here' && snapshots !== undefined,
      describedRelation: () => this.#described(),
      windowConditionOf: (window: Window, relation: Relation) => this.#windowOf(window, relation),
      inSession: <T>(work: (session: S, relation: Relation) => Promise<T>, signal: AbortSignal) => this.#asked(work, signal),
    };
    if (rowSums !== undefined) {
      const summing = { engine: { dialect, rowSums, ...(finiteCondition ? { finiteCondition } : {}) }, specialValues };
      const inside = comparesInside<S>({ ...summing, ...asked });
      return { by: 'inside', inside, readPart: (scope, signal) => this.#partOf(summing, scope, signal) };
    }
    if (rowTexts === undefined) return { by: 'none' };
    const texts = provesByTexts<S>({ ...asked, engine: this.#engine, rowTexts, scratch: this.#opening.scratch, specialValues });
    return { by: 'texts', texts };
  }

  #described(): Relation {
    if (this.#relation === undefined) throw new Error('sums were requested before the home was described');
    return this.#relation;
  }

  async #counted(session: S, relation: Relation, window: Window): Promise<number> {
    const conditions = whereAll([this.#windowOf(window, relation), this.#config.where]);
    const [row] = await session.query(`SELECT ${this.#engine.dialect.count('*')} AS counted FROM ${relation.from}${conditions}`);
    return Number(row?.counted ?? 0);
  }

  /** Runs work that only reads in one session, under the snapshot of all slices if the home has one. */
  async #asked<T>(work: (session: S, relation: Relation) => Promise<T>, signal: AbortSignal): Promise<T> {
    await using open = await this.#openFor(signal);
    const { session } = open;
    try {
      return await this.#sessions.stoppable(
        session,
        async () => {
          const answer = await work(session, await this.#asDescribed(session));
          await this.#mustBeWhole(session);
          await open.commit();
          return answer;
        },
        signal,
      );
    } catch (error) {
      throw this.#sessions.explained(error);
    }
  }

  async #openFor(signal: AbortSignal): Promise<OpenSession<S>> {
    const snapshot = this.#opening.steps === 'here' ? await this.#shared() : undefined;
    return snapshot ? snapshot.lease(signal) : this.#sessions.open({ mode: 'read', isolation: 'snapshot' }, signal);
  }

  /** Under a snapshot, the relation is read once. Without a snapshot, the relation is read each time. */
  async #asDescribed(session: S): Promise<Relation> {
    const under = this.#snapshot;
    if (under !== undefined && this.#seen?.under === under) return this.#seen.relation;
    const relation = await this.#look(session);
    if (this.#relation && digestOf(this.#relation.columns) !== digestOf(relation.columns))
      throw changedWhileRead(this.place, 'The columns were altered during the run.');
    if (under !== undefined) this.#seen = { relation, under };
    return relation;
  }

  async describe(): Promise<{ readonly done: SourceDescription }> {
    const { relation, tracking } = await this.#reading(async (session) => {
      const relation = await this.#look(session);
      return { relation, tracking: await this.#feed?.readTracking(session, relation) };
    });
    this.#relation = relation;
    this.#tracking = tracking;
    const { columns, rows, bytes, shown, primaryKey, keyEqualities = {} } = relation;
    const kept = tracking ? changesKeptShorterWarnings(tracking, pinnedCounter(this.#opening.pinned)) : [];
    const warnings = [...relation.warnings, ...this.#tooLarge(relation), ...kept];
    return {
      done: {
        schema: { columns: columns.map(asColumn) },
        ...{ rows, bytes, warnings, summary: `${shown} in ${this.#short}` },
        ...(primaryKey.length > 0 ? { keys: primaryKey, keyEqualities } : {}),
        notes: [this.#consistency(relation), ...(relation.notes ?? []), ...(tracking ? changesKeptNotes(tracking) : [])],
        ...(tracking ? { pinned: counterToPin(tracking) } : {}),
      },
    };
  }

  /** A warning about a table that is too large to be read in one step of an app, and that can’t be divided. */
  #tooLarge({ shown, parts, primaryKey, cutColumn, bytes = 0 }: Relation): readonly OwnNote[] {
    if (this.#opening.steps === 'here' || parts.length > 1 || primaryKey.length > 0 || cutColumn || bytes <= stepBytes) return [];
    const text = `${shown} has no primary key to cut it by. Reading it may take longer than a step of the app may last: add a key, or a watermark`;
    return [{ code: 'database.in_one_step', text, params: { bytes } }];
  }

  #consistency({ snapshotNote }: Relation): OwnNote {
    if (snapshotNote !== undefined) return snapshotNote;
    return this.#opening.steps === 'here'
      ? { code: 'database.one_snapshot', text: 'all slices are read under one snapshot of the database' }
      : { code: 'database.slices_apart', text: 'each slice sees the table at the time of its own read', params: { under: 'each_its_own' } };
  }

  async bound(request: BoundRequest, cursor?: Json): Promise<Bound> {
    // Without an older snapshot, the read sees all transactions that hygge waited for.
    await this.#forget();
    if (this.#feed) return this.#newestVersion(this.#feed);
    const relation = this.#relation ?? (await this.#reading((session) => this.#look(session)));
    const { clock } = this.#opening;
    const { where, safe_wait: safeWaitMs } = this.#config;
    return safeBound(
      { engine: this.#engine, sessions: this.#sessions, clock, place: this.place, relation, where, safeWaitMs, stop: this.#opening.stop },
      request,
      cursor,
    );
  }

  /** The version is captured before a row is read, so later commits have a higher version, and the next run reads their rows. */
  async #newestVersion(feed: ChangeFeed<S>): Promise<Bound> {
    const tracking = await this.#reading(async (session) => feed.readTracking(session, this.#relation ?? (await this.#look(session))));
    const counted = this.#tracking === undefined ? null : counterOf(this.#tracking);
    const gap = missingChangesReason(feed, { tracking, counted, window: { lower: null, upper: null } });
    if (gap !== undefined) throw changedWhileRead(this.place, gap);
    const { name, type } = feed.addedColumns.version;
    return { done: { column: name, type, text: tracking.newestVersion } };
  }

  async future(column: string): Promise<Step<FutureRows>> {
    return this.#reading(async (session) => {
      const { type, sourceType, quoted, from } = await this.#of(session, column);
      const until = latestAt(type, await databaseNow(this.#engine, session));
      if (until === undefined) return { done: { rows: 0, latest: null, until: null } };
      const { dialect } = this.#engine;
      const ordered = dialect.sortExpression(quoted, type);
      const beyond = `${ordered} > ${dialect.literal(type, until, sourceType)}`;
      const [row] = await session.query(`SELECT ${dialect.count('*')} AS counted FROM ${from}${whereAll([beyond, this.#config.where])}`);
      const rows = Number(row?.counted ?? 0);
      if (rows === 0) return { done: { rows, latest: null, until } };
      const finite = [beyond, this.#engine.finiteCondition?.(quoted, type), this.#config.where];
      const canonical = dialect.canonicalText(quoted, type, sourceType);
      const [last] = await session.query(
        dialect.selectFirst(`${canonical} AS latest`, `FROM ${from}${whereAll(finite)} ORDER BY ${ordered} DESC`),
      );
      return { done: { rows, latest: last?.latest ?? latestMomentOf(type), until } };
    });
  }

  async nulls(column: string): Promise<Step<number>> {
    return this.#reading(async (session) => {
      const { type, quoted, from } = await this.#of(session, column);
      const isNull = [`${quoted} IS NULL`, this.#readAsNull(quoted, type)].filter((one) => one !== undefined).join(' OR ');
      const [row] = await session.query(
        `SELECT ${this.#engine.dialect.count('*')} AS counted FROM ${from}${whereAll([isNull, this.#config.where])}`,
      );
      return { done: Number(row?.counted ?? 0) };
    });
  }

  #readAsNull(quoted: string, type: DataType): string | undefined {
    return this.#config.special_values === 'to_null' ? readAsNullCondition(this.#engine, quoted, type) : undefined;
  }

  #windowOf(window: Window, { columns }: Relation): string | undefined {
    const { dialect } = this.#engine;
    const isNull = window.column === null ? undefined : this.#readAsNull(dialect.quote(window.column.column), window.column.type);
    return windowCondition(dialect, window, { columns, isNull });
  }

  async #of(
    session: S,
    name: string,
  ): Promise<{ readonly type: DataType; readonly sourceType: string | undefined; readonly quoted: string; readonly from: string }> {
    this.#relation ??= await this.#look(session);
    const column = this.#relation.columns.find((one) => one.name === name);
    if (column === undefined) throw new Error(`no column ${name}: the engine has looked`);
    const { type, sourceType } = column;
    return { type, sourceType, quoted: this.#engine.dialect.quote(name), from: this.#relation.from };
  }

  async plan(window: Window, { sliceBytes }: { readonly sliceBytes: number }): Promise<Step<SlicePlan>> {
    const snapshot = this.#opening.steps === 'here' ? await this.#shared() : undefined;
    const cut = (session: S) => this.#cut(session, window, { sliceBytes, snapshot: snapshot?.id ?? null });
    try {
      return { done: { slices: await (snapshot ? snapshot.query(cut, this.#opening.stop) : this.#reading(cut)) } };
    } catch (error) {
      // The snapshot ends, and its connection returns to the pool for the next plan.
      await this.#forget();
      throw error;
    }
  }

  /** The snapshot, which the rows at the bound and the new rows share. */
  async #shared(): Promise<SharedSnapshot<S> | undefined> {
    if (this.#snapshot !== undefined) return this.#snapshot;
    this.#taking ??= SharedSnapshot.take(this.#engine, this.#sessions, this.place, this.#opening.stop).finally(() => {
      this.#taking = undefined;
    });
    this.#snapshot = await this.#taking;
    return this.#snapshot;
  }

  async #forget(): Promise<void> {
    // A snapshot that is still being taken is awaited here, else it would outlive the home.
    const taken = await this.#taking?.catch(() => undefined);
    const snapshot = this.#snapshot ?? taken;
    this.#snapshot = undefined;
    await snapshot?.[Symbol.asyncDispose]();
  }

  async #cut(
    session: S,
    window: Window,
    budget: { readonly sliceBytes: number; readonly snapshot: string | null },
  ): Promise<readonly SliceRef[]> {
    // Under a snapshot the table stays unchanged, so one check is enough.
    const under = budget.snapshot === null ? undefined : this.#snapshot;
    const known = under !== undefined && this.#seen?.under === under ? this.#seen.relation : undefined;
    const relation = known ?? (await this.#look(session));
    if (under !== undefined) this.#seen = { relation, under };
    const columns = digestOf(relation.columns);
    if (this.#relation && digestOf(this.#relation.columns) !== columns)
      throw changedWhileRead(this.place, 'The columns were altered during the run.');
    const condition = this.#windowOf(window, relation);
    const whole = this.#feed
      ? await this.#weighChanges(session, relation, { feed: this.#feed, window })
      : await this.#weigh(session, relation, condition);
    // When a row of the window changes again, its change leaves the window, and no other change enters. So if no changes are left, the window stays empty.
    if (this.#feed && window.lower !== null && whole?.rows === 0) return [];
    const ref = (from: string, part: string | null, share: { readonly rows: number | null; readonly bytes: number | null }): SliceRef => ({
      ref: { from, part, snapshot: budget.snapshot, columns } satisfies Ref as unknown as Json,
      ...share,
    });
    if (whole !== undefined && whole.bytes <= budget.sliceBytes) return [ref(relation.from, null, whole)];
    const slices: SliceRef[] = [];
    const isCounted = (this.#feed !== undefined && window.lower !== null) || relation.cutColumn !== undefined;
    const pieces = isCounted && whole !== undefined ? [{ from: relation.from, blocks: null, ...whole }] : relation.parts;
    for (const piece of pieces) {
      const parts = await this.#partsOf(session, relation, piece, budget);
      const share = {
        rows: piece.rows === null ? null : Math.ceil(piece.rows / parts.length),
        bytes: Math.ceil(piece.bytes / parts.length),
      };
      for (const part of parts) slices.push(ref(piece.from, part, share));
    }
    return slices;
  }

  /** The weight of a window of changes, by counting the changes. Throws if the log lost some. */
  async #weighChanges(session: S, relation: Relation, { feed, window }: { readonly feed: ChangeFeed<S>; readonly window: Window }) {
    const { rows, bytes = 0 } = relation;
    if (window.lower === null) return rows && { rows: rows.n, bytes };
    const { entity, flow, pinned } = this.#opening;
    const tracking = await feed.readTracking(session, relation);
    mustHaveAllChanges(feed, { tracking, counted: pinnedCounter(pinned), window, place: this.place, entity: `${flow}.${entity}` });
    const { dialect } = this.#engine;
    const from = changedRowsIn(feed, relation, { from: relation.from, window });
    const [row] = await session.query(
      `SELECT ${dialect.count('*')} AS counted FROM ${from}${whereAll([this.#windowOf(window, relation)])}`,
    );
    const counted = Number(row?.counted ?? 0);
    return { rows: counted, bytes: Math.ceil((bytes / Math.max(1, rows?.n ?? 1)) * counted) };
  }

  /** The weight of a window, by the number of rows that the database estimates. */
  async #weigh(
    session: S,
    relation: Relation,
    condition: string | undefined,
  ): Promise<{ readonly rows: number; readonly bytes: number } | undefined> {
    const conditions = [condition, this.#config.where].filter((one) => one !== undefined);
    const guess = await this.#engine.estimate(session, selectWithSpecialCounts(relation, relation.from, conditions), conditions, relation);
    if (guess === undefined || relation.bytes === undefined || !relation.rows?.n) return guess;
    // The size of a row on disk includes wide values, so it is more exact than the planner’s width.
    return { rows: guess.rows, bytes: Math.max(guess.bytes, Math.round((relation.bytes / relation.rows.n) * guess.rows)) };
  }

  /** Conditions that divide a piece: each row of the piece matches exactly one. A single null: the piece is read whole. */
  async #partsOf(
    session: S,
    relation: Relation,
    piece: RelationPart,
    { sliceBytes, snapshot }: { readonly sliceBytes: number; readonly snapshot: string | null },
  ): Promise<readonly (string | null)[]> {
    const wanted = Math.min(mostSlices, Math.ceil(piece.bytes / sliceBytes));
    if (wanted <= 1) return [null];
    const { snapshots } = this.#engine;
    if (snapshot !== null && piece.blocks !== null && snapshots) {
      const step = Math.ceil(piece.blocks / wanted);
      const first = Array.from({ length: Math.ceil(piece.blocks / step) }, (_, n) => n * step);
      return first.map((from, n) => snapshots.rangeCondition({ firstBlock: from, endBlock: first[n + 1] ?? null }));
    }
    const key = relation.columns.find(({ name }) => name === (relation.primaryKey[0] ?? relation.cutColumn));
    const bounds = key ? await this.#engine.cutPoints(session, piece, key, wanted) : [];
    return key
      ? rangesOf(
          this.#engine.dialect.quote(key.name),
          bounds.filter((bound) => bound.length <= longestBound),
          relation.primaryKey.length === 0 && key.nullable,
        )
      : [null];
  }

  async *read(slice: SliceRef, window: Window, _from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Rejected> {
    const ref = slice.ref as unknown as Ref;
    await using open = await this.#leased(ref, signal);
    const { session } = open;
    const relation = await this.#asPlanned(session, ref);
    await this.#mustBeTold(session, relation, window);
    const from = this.#feed ? changedRowsIn(this.#feed, relation, { from: ref.from, window }) : ref.from;
    const read = needed(relation, window);
    const sql = selectWithSpecialCounts(read, from, [this.#windowOf(window, relation), ref.part, this.#config.where]);
    yield* this.#rows(open, { relation: read, sql, window, fitsOneSlice: relation.isTable && slice.bytes !== null }, signal);
  }

  async *#partOf(summing: Omit<SumsSource, 'relation'>, scope: PartOfWindow, signal: AbortSignal): AsyncGenerator<Frame> {
    await using open = await this.#openFor(signal);
    const relation = await this.#asDescribed(open.session).catch((error: unknown) => {
      throw this.#sessions.explained(error);
    });
    const own = [this.#windowOf(scope.window, relation), this.#config.where];
    const sql = selectWithSpecialCounts(relation, relation.from, scopeConditions({ ...summing, relation }, scope, own));
    for await (const item of this.#rows(open, { relation, sql, window: scope.window, fitsOneSlice: false }, signal))
      if (!('rejected' in item)) yield item;
  }

  async #hasAnyOf(keys: KeyTexts, signal: AbortSignal): Promise<boolean> {
    return this.#asked(async (session, { columns, from }) => {
      const { dialect } = this.#engine;
      const [row] = await session.query(
        dialect.selectFirst('1 AS found', `FROM ${from}${whereAll([keysCondition(dialect, keys, columns), this.#config.where])}`),
      );
      return row !== undefined;
    }, signal);
  }

  async oneNumber(query: string, given: AbortSignal): Promise<OneNumber> {
    const { stop } = this.#opening;
    const signal = stop === undefined ? given : AbortSignal.any([given, stop]);
    await using open = await this.#openFor(signal);
    const { engine, sessions } = { engine: this.#engine, sessions: this.#sessions };
    const relation = await sessions
      .stoppable(
        open.session,
        () => engine.look(open.session, { query }, { specialValues: 'fail', allowFiltered: this.#config.allow_filtered }),
        signal,
      )
      .catch((error: unknown) => {
        throw sessions.explained(error);
      });
    const sql = selectWithSpecialCounts(relation, relation.from, []);
    return await numberIn(relation, this.#rows(open, { relation, sql, window: everything, fitsOneSlice: false }, signal));
  }

  async *#rows(
    open: OpenSession<S>,
    of: { readonly relation: Relation; readonly sql: string; readonly window: Window; readonly fitsOneSlice: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<Frame | Rejected> {
    const { session } = open;
    const { relation, sql, window, fitsOneSlice } = of;
    const { special_values: specialValues, batch_size: batchRows = frameRows, bad_rows: badRows } = this.#config;
    const { scratch } = this.#opening;
    const schema = { columns: relation.columns.map(asColumn) };
    let isOver = false;
    const releaseSession = async () => {
      isOver = true;
      // If the log lost changes during the read, the arrived rows lack these changes.
      await this.#mustBeTold(session, relation, window);
      await this.#mustBeWhole(session);
      await open.commit();
    };
    const watermark = window.column?.column;
    const reading = {
      schema,
      watermark,
      specialValues,
      badRows,
      batchRows,
      scratch,
      fitsOneSlice,
      place: this.place,
      signal,
      releaseSession,
    };
    try {
      for await (const frame of this.#engine.rows(session, sql, relation.columns, reading)) yield frame;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof SourceChangedSincePlan) throw changedWhileRead(this.place, error.message);
      throw this.#sessions.explained(error);
    }
    if (!isOver) await releaseSession();
  }

  async #mustBeWhole(session: S): Promise<void> {
    const isTorn = await this.#engine.wasRewrittenAfterSnapshot?.(session).catch((error: unknown) => {
      throw this.#sessions.explained(error);
    });
    if (isTorn === true) throw changedWhileRead(this.place, 'The table was emptied (TRUNCATE) or rewritten after its slices had been cut.');
  }

  /** Checks that the log still has every change of the window. If all rows are read, the log must have every later change. */
  async #mustBeTold(session: S, relation: Relation, window: Window): Promise<void> {
    const { entity, flow, pinned } = this.#opening;
    const tracking = await this.#feed?.readTracking(session, relation).catch((error: unknown) => {
      throw this.#sessions.explained(error);
    });
    if (!this.#feed || !tracking) return;
    const of = { tracking, counted: pinnedCounter(pinned), window };
    if (window.lower !== null) return mustHaveAllChanges(this.#feed, { ...of, place: this.place, entity: `${flow}.${entity}` });
    const gap = missingChangesReason(this.#feed, of);
    if (gap !== undefined) throw changedWhileRead(this.place, gap);
  }

  async #leased({ snapshot }: Ref, signal: AbortSignal): Promise<OpenSession<S>> {
    if (snapshot === null) return this.#sessions.open({ mode: 'read', isolation: 'snapshot' }, signal);
    if (this.#snapshot?.id === snapshot) return this.#snapshot.lease(signal);
    throw changedWhileRead(this.place, 'The snapshot from which the slices were cut is gone.');
  }

  /** The relation of the plan. Under the shared snapshot, the table stays unchanged. Without a snapshot, the catalogue is read again and compared with the plan. */
  async #asPlanned(session: S, ref: Ref): Promise<Relation> {
    if (ref.snapshot !== null && this.#relation && digestOf(this.#relation.columns) === ref.columns) return this.#relation;
    const relation = await this.#look(session).catch((error: unknown) => {
      throw this.#sessions.explained(error);
    });
    if (digestOf(relation.columns) !== ref.columns) throw changedWhileRead(this.place, 'The columns were altered during the run.');
    return relation;
  }

  async #look(session: S): Promise<Relation> {
    const found = await this.#engine.look(session, this.#source, sourceOptionsOf(this.#config));
    const { mapColumn } = this.#variant;
    const relation = mapColumn === undefined ? found : { ...found, columns: found.columns.map(mapColumn) };
    return this.#feed ? withChanges(relation, this.#feed) : relation;
  }

  #reading<T>(work: (session: S) => Promise<T>): Promise<T> {
    return this.#sessions.transaction({ mode: 'read', isolation: 'statement' }, work, this.#opening.stop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#forget();
  }
}

/** The identity of a source: server, database, and the table or a hash of the query. The identity is the same for every reader of the source. */
export function sourceIdentity<K, S extends Session>(engine: Engine<K, S>, config: K & DatabaseHomeConfig): string {
  const { server, database } = engine.address(config);
  const source = sourceOf(config);
  const what = 'table' in source ? source.table : `query ${hash('sha256', source.query.trim()).slice(0, 12)}`;
  return `${engine.id} ${whereOf({ server, database })} ${what}`;
}

/** The server and the database, for messages. A database that is a file has no server. */
export const whereOf = ({ server, database }: Pick<Address, 'server' | 'database'>): string =>
  server === '' ? database : `${server}/${database}`;
