/**
 * An upper bound below which no further row will appear. An open transaction may write rows below the newest visible value, and such rows appear when the
 * transaction ends. So hygge first reads the newest value, then waits for the transactions that were open at that moment, and only then takes the snapshot to
 * read. The bound is exact for `now()` of a transaction and for numbers that are assigned one by one.
 */

import type { Step } from '../../engine/contracts/frame.ts';
import type { BoundRequest, LookNotes } from '../../engine/contracts/home.ts';
import type { Pool } from '../../engine/contracts/pools.ts';
import type { DataType } from '../../frames/schema.ts';
import { isTime, latestAt, writtenIn } from '../../frames/times/future.ts';
import { isSortableTime, mustBeInTimeOrder, risesWithTime } from '../../frames/times/text-order.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import type { AwaitedTransactions, Engine, OpenTransaction, Relation, Session, SourceColumn } from '../engine.ts';
import { openTransactionsUnseen, standbyHidesLateRows } from '../errors.ts';
import { databaseNow, whereAll } from '../select.ts';
import type { Sessions } from '../sessions.ts';
import { canonicalBound, idsMustRise, newestIdsSampled, watermarkMustBeOrdered } from './bound-text.ts';

/** A transaction may have begun up to this many milliseconds before the database shows it. */
const showsWithinMs = 25;
const pollMs = 100;
/** How long a step waits, in milliseconds, before it returns “again”. */
const inPlaceMs = 2_000;
const againMs = 1_000;
/** The maximum number of characters in a cursor. While a cursor would be longer, the step waits in place. */
const mostInCursor = 2_000;
/** Milliseconds between UTC and the zone whose clocks show the earliest time (UTC-12). */
const earliestZoneMs = 12 * 3_600_000;
/** A type such as `timestamp(0) with time zone`, which keeps fewer digits than microseconds. */
const fewDigits = /\([0-5]\)/;
const looking = { mode: 'read', isolation: 'statement' } as const;

/** When the wait for a transaction ends, for all entities that read over one pool. If the transaction is still open then, no entity waits for it again. */
const deadlines = new WeakMap<Pool<never>, Map<string, number>>();

export interface BoundContext<S extends Session> {
  readonly engine: Pick<Engine<never, S>, 'dialect' | 'late' | 'nowExpression' | 'finiteCondition' | 'readAsNumberAdvice'>;
  readonly sessions: Sessions<S>;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs' | 'now'>;
  readonly place: string;
  readonly relation: Relation;
  readonly where: string | undefined;
  readonly safeWaitMs: number;
  readonly stop: AbortSignal | undefined;
}

/** The state after “again”: the transactions that were open when the bound was captured. */
type Cursor = {
  readonly text: string | null;
  readonly open: readonly string[];
  /** The time of the source’s clock at the first check. Null: no transaction was open. */
  readonly at: string | null;
  readonly waitedMs: number;
  readonly told: { readonly notes: readonly OwnNote[]; readonly warnings: readonly OwnNote[]; readonly lasting: readonly OwnNote[] };
};

export type Bound = Step<Watermark | 'observed' | undefined> & LookNotes;

export async function safeBound<S extends Session>(of: BoundContext<S>, request: BoundRequest, cursor: Json | undefined): Promise<Bound> {
  const column = watermarkOf(of, request.column);
  const captured = (cursor ?? (await capture(of, request, column))) as Cursor;
  const { text, told, at } = captured;
  const answer = (value: string | null, more: readonly OwnNote[] = []): Bound => ({
    done: value === null ? undefined : { column: column.name, type: column.type, text: value },
    notes: told.notes,
    warnings: [...told.warnings, ...more],
    lastingWarnings: told.lasting,
  });
  if (text === null || at === null || captured.open.length === 0) return answer(text);
  const began = of.clock.monotonicMs();
  const waitedMs = () => captured.waitedMs + of.clock.monotonicMs() - began;
  const known = deadlinesOf(of.sessions.pool as Pool<never>);
  for (let left = captured.open; ; ) {
    const still = await stillOpen(of, column, { ids: left, at });
    const now = of.clock.monotonicMs();
    // Some ids identify a session, whose next transaction has the same id. Nothing has waited for that transaction yet, so its id gets a new deadline.
    const gone = left.filter((id) => !still.some((one) => one.id === id));
    for (const id of gone) known.delete(id);
    if (still.length === 0) return answer(text);
    for (const { id } of still) if (!known.has(id)) known.set(id, now + of.safeWaitMs - captured.waitedMs);
    const isOver = still.every(({ id }) => now >= (known.get(id) ?? 0)) || waitedMs() >= of.safeWaitMs;
    if (isOver) return givenUp(of, { column, text, still, answer });
    left = still.map(({ id }) => id);
    const again: Cursor = { text, told, at, open: left, waitedMs: Math.round(waitedMs()) + againMs };
    if (now - began >= inPlaceMs && JSON.stringify(again).length < mostInCursor)
      return { again: again as unknown as Json, notBefore: new Date(Date.parse(of.clock.now()) + againMs).toISOString() };
    await of.clock.sleep(pollMs, of.stop);
  }
}

function watermarkOf<S extends Session>(of: Pick<BoundContext<S>, 'engine' | 'relation' | 'place'>, name: string): SourceColumn {
  const { engine, relation, place } = of;
  const column = relation.columns.find((one) => one.name === name);
  if (column === undefined) throw new Error(`no column ${name}: the engine has looked`);
  watermarkMustBeOrdered(engine, place, column);
  return column;
}

async function capture<S extends Session>(of: BoundContext<S>, request: BoundRequest, column: SourceColumn): Promise<Cursor> {
  const { engine, sessions, relation } = of;
  const { name, type } = column;
  const found = await sessions.transaction(
    looking,
    async (session) => {
      const standby = await engine.late.standbyPosition(session);
      if (standby !== undefined && (!isTime(type) || request.lagMs === 0))
        throw standbyHidesLateRows(of.place, name, isTime(type), standby.primary);
      const final = standby === undefined ? await engine.late.finalBelow?.(session, column) : undefined;
      const hidden = standby === undefined && final === undefined ? await engine.late.unseenReason?.(session, relation) : undefined;
      if (hidden !== undefined && request.lagMs === 0 && of.safeWaitMs > 0)
        throw openTransactionsUnseen(of.place, name, { ...hidden, isTime: isTime(type) });
      const now = standby === undefined ? await databaseNow(engine, session) : standby.until;
      const cap = now === null ? null : capOf(type, request, now);
      const below = final !== undefined ? { text: final, inclusive: false } : cap === null ? null : { text: cap, inclusive: true };
      const text = now === null && isTime(type) ? null : await newest(of, session, { column, below });
      const forms = type.kind === 'string' && text !== null && isSortableTime(text) ? await timeForms(of, session, column) : undefined;
      const order = await engine.late.outOfOrderReason(session, relation, name);
      const beyond = request.future === 'take' || !isTime(type) ? await beyondAll(of, session, column) : undefined;
      return { text, forms, order, beyond, hidden, isKnown: standby !== undefined || final !== undefined || hidden !== undefined };
    },
    of.stop,
  );
  const needsNoWait = request.lagMs > 0 || found.isKnown || found.text === null;
  const isMissed = found.hidden !== undefined && request.lagMs === 0;
  const missed = request.lagMs > 0 ? `later than the lag of ${request.lagMs / 1000} s` : 'below the newest value later';
  const unseen: OwnNote = {
    code: 'database.transactions_unseen',
    text: `${found.hidden?.why ?? ''}: rows that are committed ${missed} are missed`,
    params: { column: name },
  };
  const warnings = [
    ...(found.order && request.lagMs === 0
      ? [{ code: 'database.out_of_order', text: found.order, params: { column: name } } as const]
      : []),
    ...(isMissed ? [unseen] : []),
  ];
  const lasting = [
    ...(found.beyond ? [{ code: 'database.never_read', text: found.beyond, params: { column: name } } as const] : []),
    ...(found.forms ? [found.forms] : []),
  ];
  const notes = [
    ...(relation.leadingIndexColumns.size === 0 || !relation.leadingIndexColumns.has(name)
      ? [
          {
            code: 'database.no_index',
            text: `no index begins with ${name}: finding the newest value reads the whole table`,
            params: { column: name },
          } as const,
        ]
      : []),
    ...(found.hidden && !isMissed ? [unseen] : []),
  ];
  const told = { notes, warnings, lasting };
  if (needsNoWait) return { text: found.text, open: [], at: null, waitedMs: 0, told };
  await of.clock.sleep(showsWithinMs, of.stop);
  return { text: found.text, ...(await firstLook(of, column)), waitedMs: 0, told };
}

/** The latest allowed value, by the clock of the source. Null: any value is allowed. */
function capOf(type: DataType, { lagMs, future }: BoundRequest, now: string): string | null {
  if (!isTime(type)) return null;
  const at = new Date(Date.parse(now) - lagMs).toISOString();
  if (lagMs > 0) return writtenIn(type, at) ?? null;
  return future === 'wait' ? (latestAt(type, now) ?? null) : null;
}

interface Newest {
  readonly column: SourceColumn;
  readonly below: { readonly text: string; readonly inclusive: boolean } | null;
}

/** The largest existing value, as canonical text. */
async function newest<S extends Session>(
  of: Pick<BoundContext<S>, 'engine' | 'relation' | 'where' | 'place'>,
  session: S,
  { column, below }: Newest,
): Promise<string | null> {
  const { dialect } = of.engine;
  const name = dialect.quote(column.name);
  const ordered = dialect.sortExpression(name, column.type, column.sourceType);
  const conditions = [
    `${name} IS NOT NULL`,
    of.engine.finiteCondition?.(name, column.type),
    below === null
      ? undefined
      : `${ordered} ${below.inclusive ? '<=' : '<'} ${dialect.literal(column.type, below.text, column.sourceType)}`,
    of.where,
  ];
  const list = `${dialect.canonicalText(name, column.type, column.sourceType)} AS newest`;
  const rest = `FROM ${of.relation.from}${whereAll(conditions)} ORDER BY ${ordered} DESC`;
  const [row] = await session.query(dialect.selectFirst(list, rest));
  if (row?.newest != null && risesWithTime(row.newest))
    idsMustRise(of.place, column, await session.query(dialect.selectFirst(list, rest, newestIdsSampled)));
  return row?.newest == null ? null : canonicalBound(of.place, column, row.newest);
}

/** The smallest and the largest value of a column of times that are texts. If some texts have a format that sorts before the others, their newest values are among the smallest. */
async function timeForms<S extends Session>(of: BoundContext<S>, session: S, column: SourceColumn): Promise<OwnNote | undefined> {
  const { dialect } = of.engine;
  const { type, sourceType } = column;
  const name = dialect.quote(column.name);
  const list = `${dialect.canonicalText(name, type, sourceType)} AS newest`;
  const from = `FROM ${of.relation.from}${whereAll([`${name} IS NOT NULL`, of.where])} ORDER BY ${dialect.sortExpression(name, type, sourceType)}`;
  const newest = await session.query(dialect.selectFirst(list, `${from} DESC`, newestIdsSampled));
  const oldest = await session.query(dialect.selectFirst(list, from, newestIdsSampled));
  const texts = [...newest, ...oldest].flatMap((row) => row.newest ?? []);
  const remedy = `Let the query convert the column to a time: home.query: SELECT …, CAST(${column.name} AS …) AS ${column.name} FROM …`;
  const mixed = mustBeInTimeOrder(texts, { place: of.place, column: column.name, remedy });
  return mixed === undefined ? undefined : { code: 'database.mixed_times', text: mixed, params: { column: column.name } };
}

/** Warns of rows that no bound will ever include. */
async function beyondAll<S extends Session>(of: BoundContext<S>, session: S, { name, type }: SourceColumn): Promise<string | undefined> {
  const quoted = of.engine.dialect.quote(name);
  const finite = of.engine.finiteCondition?.(quoted, type);
  if (finite === undefined) return undefined;
  const [row] = await session.query(
    of.engine.dialect.selectFirst('1 AS one', `FROM ${of.relation.from}${whereAll([`NOT (${finite})`, of.where])}`),
  );
  return row && `some rows have NaN or infinity in ${name}, or an impossible date: an incremental run never reads them`;
}

async function firstLook<S extends Session>(of: BoundContext<S>, column: SourceColumn): Promise<Pick<Cursor, 'open' | 'at'>> {
  const { engine, sessions, relation, stop } = of;
  return sessions.transaction(
    looking,
    async (session) => {
      const open = await engine.late.openTransactions(session, { relation, column });
      return { open: open.map(({ id }) => id), at: open.length === 0 ? null : await databaseNow(engine, session) };
    },
    stop,
  );
}

async function stillOpen<S extends Session>(
  of: BoundContext<S>,
  column: SourceColumn,
  waited: AwaitedTransactions,
): Promise<readonly OpenTransaction[]> {
  const { engine, sessions, relation, stop } = of;
  const wanted = new Set(waited.ids);
  const open = await sessions.transaction(looking, (session) => engine.late.openTransactions(session, { relation, column }, waited), stop);
  return open.filter(({ id, mayContinueAwaited }) => wanted.has(id) || mayContinueAwaited);
}

interface GivenUp {
  readonly column: SourceColumn;
  readonly text: string;
  readonly still: readonly OpenTransaction[];
  readonly answer: (value: string | null, more: readonly OwnNote[]) => Bound;
}

/**
 * Handles transactions that are still open after the wait. If the beginning of a transaction is known, the bound is lowered to that time. If a beginning is
 * unknown, the possible loss of rows is reported. An unknown beginning does not prevent lowering the bound for other transactions.
 */
async function givenUp<S extends Session>(of: BoundContext<S>, { column, text, still, answer }: GivenUp): Promise<Bound> {
  const { type, name, sourceType } = column;
  const dated = isTime(type) ? still.filter(({ startedAt }) => startedAt !== null) : [];
  const undated = still.filter((one) => !dated.includes(one));
  const begins = dated.flatMap(({ startedAt }) => startedAt ?? []).toSorted();
  const from = begins[0] === undefined ? undefined : earliestValue(type, sourceType, begins[0]);
  const isLowered = from !== undefined && from <= text;
  const lowered = isLowered
    ? await of.sessions.transaction(looking, (session) => newest(of, session, { column, below: { text: from, inclusive: false } }), of.stop)
    : text;
  const remedy = isTime(type)
    ? 'a watermark.lag longer than these transactions reads their rows after they end'
    : `end such a transaction, or use a time with a lag as watermark`;
  const warnings: readonly OwnNote[] = [
    ...(isLowered
      ? [
          {
            code: 'database.bound_lowered',
            text: `only rows with a ${name} before ${from} are read, because a transaction is still open: ${listed(dated)}`,
            params: { column: name, before: from, transactions: dated.length },
          } as const,
        ]
      : []),
    ...(undated.length > 0 && lowered !== null
      ? [
          {
            code: 'database.still_open',
            text: `rows of transactions that are still open may arrive below ${name} ${lowered} later, and would be missed: ${listed(undated)}; ${remedy}`,
            params: { column: name, newest: lowered, transactions: undated.length },
          } as const,
        ]
      : []),
  ];
  return answer(lowered, warnings);
}

/** The smallest value that a transaction may write if it began at that instant. */
function earliestValue(type: DataType, sourceType: string | undefined, begin: string): string {
  // Times without a zone, and days, may be in any time zone, so the earliest zone on Earth is assumed. A column of few digits may store the beginning rounded down.
  if (type.kind === 'timestamp' && type.zone !== undefined)
    return fewDigits.test(sourceType ?? '') ? `${begin.slice(0, 19)}.000000Z` : begin;
  return writtenIn(type, shifted(begin)) ?? begin;
}

function listed(open: readonly OpenTransaction[]): string {
  const shown = open.slice(0, 3).map((one) => one.shown);
  return `${shown.join('; ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''}`;
}

const shifted = (instant: string) => new Date(Date.parse(instant) - earliestZoneMs).toISOString();

function deadlinesOf(pool: Pool<never>): Map<string, number> {
  const known = deadlines.get(pool) ?? new Map<string, number>();
  deadlines.set(pool, known);
  return known;
}
