/**
 * The Store of all databases. Staged rows are in separate tables. A commit is one transaction that moves the rows, the table’s columns and the head together.
 * `Writes` has the parts that differ between engines.
 */
import type { Change, Fit, HowChanged, Standing } from '../../engine/contracts/catalog.ts';
import type { Step } from '../../engine/contracts/frame.ts';
import type { FenceRequest } from '../../engine/contracts/heads.ts';
import type { Home } from '../../engine/contracts/home.ts';
import type { CommitOutcome, GiveUpOutcome, Intent, PreparedRows, PrepareRequest } from '../../engine/contracts/intent.ts';
import type { Quarantine } from '../../engine/contracts/replacing.ts';
import {
  type FrameToStage,
  type Head,
  isData,
  type KeysToCompare,
  type Part,
  type PlannedFilling,
  type PlannedTable,
  type Removal,
  type RepeatedKeys,
  type Repeats,
  type RowsOfTarget,
  type Settled,
  type StageRequest,
  type Store,
  type StoreTable,
  type Target,
} from '../../engine/contracts/store.ts';
import type { WriteMode } from '../../engine/contracts/writing.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import type { Session } from '../engine.ts';
import type { Sessions } from '../sessions.ts';
import type { TableName } from '../writes.ts';
import { plannedDdl } from './commit/definition.ts';
import { exactGroupingValue, stagedRows } from './commit/keys.ts';
import { prepare } from './commit/prepare.ts';
import { commit } from './commit/table-commit.ts';
import { quotedDestination, type StoreContext, type StoreDialect, type TablePlace } from './context.ts';
import { fitTable, inspectTable, planNotes, tooLarge } from './destination.ts';
import { fence, giveUp } from './fence.ts';
import { rejectedColumnsDdl } from './head.ts';
import { ownRowsCondition } from './ownership.ts';
import { TableQuarantine } from './quarantine.ts';
import { newestVersions } from './ranked-rows.ts';
import { setRepeatsApart } from './repeats-apart.ts';
import { stage } from './staging/stage.ts';
import { stagedNames } from './staging/staged-tables.ts';
import { dropTables, tablesToSweep } from './sweep.ts';
import { Transactions } from './transactions.ts';

export interface StoreOptions<S extends Session> {
  readonly sessions: Sessions<S>;
  /** Sessions over connections for reading. Absent: `sessions` is used for reading as well. */
  readonly readers?: Sessions<S>;
  readonly dialect: StoreDialect;
  readonly place: TablePlace;
  /** The store’s address, as intents record it. */
  readonly address: Json;
  /** Opens the settled table as a home. @param of.ownRowsCondition a condition for the entity’s own rows; null: all rows are the entity’s own. @param of.table one of hygge’s own tables with such rows, which is opened instead. */
  settledHome(of: {
    readonly schema: NonNullable<Head['schema']>;
    readonly ownRowsCondition: string | null;
    readonly table?: TableName;
  }): Home;
}

export class DatabaseStore<S extends Session> implements Store {
  readonly holds = 'table';
  readonly guarantee = 'readers see the rows of one commit or of the commit before, never of both';
  readonly writes = new Set<WriteMode>(['append', 'swap', 'merge', 'delete_insert']);
  readonly removes = new Set<Removal>(['boundary', 'range', 'keys']);
  readonly distinguishesOwnRows: boolean;
  readonly slices: 'at once' | 'in turn';
  readonly frameRows = Number.POSITIVE_INFINITY;
  readonly mergesPartialRows = true;
  readonly nullDocuments = 'kept';
  readonly place: Json;
  readonly where: string;
  readonly settled: Settled;
  readonly repeats: Repeats;
  readonly quarantine: Quarantine;
  readonly table: StoreTable;
  readonly #in: Transactions;
  readonly #dialect: StoreDialect;
  readonly #place: TablePlace;

  constructor({ sessions, readers, dialect, place, address, settledHome }: StoreOptions<S>) {
    this.#in = new Transactions({ sessions, ...(readers ? { readers } : {}), dialect, place });
    this.#dialect = dialect;
    this.#place = place;
    this.place = address;
    this.where = place.where;
    this.distinguishesOwnRows = place.markColumn !== null;
    this.slices = dialect.staging.takesSlicesOneByOne ? 'in turn' : 'at once';
    this.quarantine = new TableQuarantine(this.#in);
    this.settled = { gives: 'rows', open: (head) => this.#settled(head, settledHome) };
    this.repeats = {
      by: 'store',
      staged: (keys) => this.#in.inReadTransaction((context) => repeatedKeys(context, keys)),
      settled: ({ schema }, { columns }) =>
        this.#in.inReadTransaction((context) => repeatedSettledKeys(context, { columns, schema: schema ?? { columns: [] } })),
      setApart: (request) => setRepeatsApart(this.#in, settledHome, request),
    };
    this.table = {
      makeReady: () => this.#in.prepareOutsideTransaction(),
      tooLarge: (size) => tooLarge(this.#in, size),
      ddl: (planned) => this.#ddl(planned),
    };
  }

  /** Disposing does nothing, because the pool closes its connections. */
  async [Symbol.asyncDispose](): Promise<void> {}

  head(): Promise<Head | null> {
    return this.#in.inReadTransaction(async (context) => (await this.#in.headRow(context)).head);
  }

  async #settled({ schema }: Head, open: StoreOptions<S>['settledHome']): Promise<Home> {
    if (schema === null) throw new Error(`nothing settled in ${this.where} yet`);
    const condition = await this.#in.inReadTransaction(async (context) =>
      ownRowsCondition(context, await context.heads.read(context.session)),
    );
    return open({ schema, ownRowsCondition: condition });
  }

  async inspect(_cursor?: Json, rows: RowsOfTarget = 'exactly'): Promise<Step<Target>> {
    return { done: await this.#in.inReadTransaction((context) => inspectTable(this.#in, context, rows), this.#place.stop) };
  }

  fit(wanted: Parameters<Store['fit']>[0], standing: Standing): Fit {
    return fitTable(this.#in, wanted, standing);
  }

  howChanged(change: Change): HowChanged {
    return this.#dialect.columns.howChanged(change);
  }

  #ddl(planned: PlannedTable): Promise<readonly string[]> {
    return this.#in.inReadTransaction(async (context) => [
      ...(await this.#in.missingTablesDdl(context)),
      ...(await rejectedColumnsDdl(context.session, this.#dialect, this.#place)),
      ...(await plannedDdl(context, planned)),
    ]);
  }

  notesOnPlan(planned: PlannedFilling): ReturnType<Store['notesOnPlan']> {
    return planNotes(this.#in, planned);
  }

  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, signal: AbortSignal): Promise<readonly Part[]> {
    return stage(this.#in, request, frames, signal);
  }

  prepare(request: PrepareRequest): Promise<PreparedRows> {
    return prepare(this.#in, request);
  }

  commit(intent: Intent): Promise<Step<CommitOutcome>> {
    return commit(this.#in, intent);
  }

  giveUp(intent: Intent, reason: CommitRefusalReason, how: 'unseen' | 'by force'): Promise<GiveUpOutcome> {
    return giveUp(this.#in, intent, { reason, how });
  }

  async sweep(request: { readonly lineage: string; readonly before: number }): Promise<Step<'swept'>> {
    const names = await this.#in.inReadTransaction(async (context) =>
      (await this.#in.hasOwnTables(context))
        ? tablesToSweep(context, await stagedNames(context.session, this.#dialect, this.#place, request), request.before)
        : [],
    );
    await dropTables(this.#in, names);
    return { done: 'swept' };
  }

  fence(request: FenceRequest): Promise<Head | 'moved'> {
    return fence(this.#in, request);
  }

  carryHead(from: EntityKey): Promise<'carried' | 'no head' | 'other place'> {
    return this.#in.withOwnTables(({ session, heads }) => heads.carryFrom(session, from));
  }

  async dropHead(from: EntityKey): Promise<void> {
    await this.#in.inWriteTransaction(async (context) =>
      (await this.#in.hasOwnTables(context)) ? context.heads.drop(context.session, from) : undefined,
    );
  }

  prune(before: Instant): Promise<number> {
    return this.#in.togetherWithOthers(async (context) =>
      (await this.#in.hasOwnTables(context)) ? context.heads.pruneCommits(context.session, before) : 0,
    );
  }
}

// ---- keys that occur more than once among staged rows or among settled rows, as the database itself compares them

const mostExamples = 3;

/** Finds repeated keys of staged rows. Texts and bytes are compared exactly, even if the table’s collation treats different texts as equal. */
async function repeatedKeys(context: StoreContext, keys: KeysToCompare): Promise<RepeatedKeys> {
  const { columns, schema, parts } = keys;
  const taking = parts.filter(isData);
  if (taking.length === 0) return { keys: 0, rows: 0, examples: [] };
  const { from: all, keyExpressions } = stagedRows(context, { parts: taking, schema, key: columns });
  const from = (await newestVersions(context, keys))?.rows ?? all;
  return repeatedIn(context, { columns, schema, from, keyExpressions });
}

/** Finds repeated keys of the entity’s own rows in the destination, whose columns may have other types and collations. */
async function repeatedSettledKeys(
  context: StoreContext,
  { columns, schema }: Pick<KeysToCompare, 'columns' | 'schema'>,
): Promise<RepeatedKeys> {
  const { session, dialect, heads } = context;
  const own = ownRowsCondition(context, await heads.read(session));
  const from = `(select ${columns.map(dialect.quote).join(', ')} from ${quotedDestination(context)}${own === null ? '' : ` where ${own}`})`;
  return repeatedIn(context, { columns, schema, from, keyExpressions: columns.map((name) => exactGroupingValue(dialect, schema, name)) });
}

interface RowsToCompare extends Pick<KeysToCompare, 'columns' | 'schema'> {
  /** The rows as text for a FROM clause, in brackets. */
  readonly from: string;
  /** Expressions of the key that are equal only for equal keys. */
  readonly keyExpressions: readonly string[];
}

async function repeatedIn(
  { session, dialect }: StoreContext,
  { columns, schema, from, keyExpressions }: RowsToCompare,
): Promise<RepeatedKeys> {
  const known = columns.map((name) => `${dialect.quote(name)} is not null`).join(' and ');
  const by = keyExpressions.join(', ');
  const repeated = `from ${from} r where ${known} group by ${by} having count(*) > 1`;
  const count = dialect.count('*');
  const [counts] = await session.query(
    `select ${count} as n, ${dialect.canonicalText('sum(hygge_n)', { kind: 'int64' })} as hygge_all from (select ${count} as hygge_n ${repeated}) k`,
  );
  const keys = Number(counts?.n);
  if (keys === 0) return { keys, rows: 0, examples: [] };
  const shown = columns.map((name, at) => {
    const value = dialect.quote(name);
    const type = schema.columns.find((column) => column.name === name)?.type ?? { kind: 'string' as const };
    return `${dialect.canonicalText(keyExpressions[at] === value ? value : `min(${value})`, type)} as hygge_${at}`;
  });
  const examples = await session.query(dialect.selectFirst(shown.join(', '), repeated, mostExamples));
  return {
    keys,
    rows: Number(counts?.hygge_all) - keys,
    examples: examples.map((row) => columns.map((_, at) => row[`hygge_${at}`] ?? '')),
  };
}
