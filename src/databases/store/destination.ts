/** Queries the destination for a plan: the existing table, how the wanted columns and rows fit, and how the table is made and filled. */
import type { Catalog, Dependent, Fit, Refusal, Standing, TargetColumn } from '../../engine/contracts/catalog.ts';
import { fitColumns } from '../../engine/contracts/fit.ts';
import type { CommitSize, Head, PlannedFilling, RowsOfTarget, Store, Target } from '../../engine/contracts/store.ts';
import type { DataType } from '../../frames/schema.ts';
import { cutText, precisionOfTimes, retimedNow, timeRemedy, withTimesCut } from '../../frames/times/cut.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { InspectedDestination } from '../writes.ts';
import { plannedTableExtras } from './commit/definition.ts';
import { deleteCondition } from './commit/delete-condition.ts';
import { fillsIdentities } from './commit/incoming-rows.ts';
import { takeoverHindrances } from './commit/swap.ts';
import { capitalNotes, uuidTextsIn } from './commit/uuid-texts.ts';
import { columnsAlteredByOthers } from './commit/value-checks.ts';
import { countDestinationRows, destinationColumns, quotedDestination, type StoreContext, type StoreDialect } from './context.ts';
import {
  commitOutlastsStep,
  countedColumnNotUpdatable,
  hiddenDependentsNotes,
  lostValuesNotes,
  swapNotes,
  triggerNotes,
} from './errors.ts';
import type { HeadRow } from './head.ts';
import { mustHaveNoHeadElsewhere, ownRowsCondition } from './ownership.ts';
import { notComparedNotes } from './staging/totals-check.ts';
import type { Transactions } from './transactions.ts';
import { alteringTriggers } from './triggers.ts';

/** The approximate number of bytes that one step of an app can commit in its time. */
const stepBytes = 8 * 1024 ** 3;

export async function inspectTable(transactions: Transactions, context: StoreContext, rows: RowsOfTarget): Promise<Target> {
  const { session, dialect, place, heads } = context;
  const isSetUp = await transactions.hasOwnTables(context);
  const standing = await transactions.headRow(context);
  const { head } = standing;
  const there = await dialect.catalog.inspectDestination(session, place.table, place.stagingSchema);
  if (head !== null && !head.nothing) return inspectOwn(context, { head, standing, there, rows });
  if (there !== null) await mustHaveNoHeadElsewhere(context);
  const more = { ...(head && { fence: head }), ...(there && { catalog: catalogOf(dialect, there) }) };
  if (there === null || !(await hasRows(context))) return { content: 'empty', ...more };
  const others = isSetUp ? await heads.others(session) : [];
  return { content: 'foreign', summary: 'a table with rows', newest: null, others, sharing: 'none', ...more };
}

async function inspectOwn(
  context: StoreContext,
  {
    head,
    standing,
    there,
    rows,
  }: { readonly head: Head; readonly standing: HeadRow; readonly there: InspectedDestination | null; readonly rows: RowsOfTarget },
): Promise<Target> {
  const { dialect, place } = context;
  const looks = { content: 'ours', head, bytes: there?.bytes ?? 0, touched: [], notLookedAt: [] } as const;
  if (there === null) return { ...looks, rows: 0, foreign: 0, empty: true, missing: [place.key.table], listedStillThere: 0 };
  const catalog = catalogOf(dialect, there, columnsAlteredByOthers(there.catalog, head, dialect));
  const is = { missing: [], listedStillThere: 1, catalog } as const;
  const { foreign: others } = head;
  if (rows === 'about' && others !== undefined && isAsLarge(head, there) && (await hasRows(context)))
    return { ...looks, rows: head.rows, foreign: others, empty: false, ...is };
  const mine = ownRowsCondition(context, standing);
  const total = await countDestinationRows(context);
  const own = mine === null ? Math.min(head.rows, total) : await countDestinationRows(context, mine);
  const foreign = mine === null && head.foreign === null ? null : total - own;
  return { ...looks, rows: own, foreign, empty: total === 0, ...is };
}

/** The number of rows below which a count is fast, so the rows are counted. */
const countedAnyway = 100_000;

/** Whether a large table still has most of its rows, according to the database’s estimate, which may be wrong by a third. */
const isAsLarge = ({ rows, foreign }: Head, { rows: about }: InspectedDestination): boolean =>
  rows > countedAnyway && about !== null && about >= (rows + (foreign ?? 0)) / 2;

function catalogOf(
  { commit: { swapObstacle } }: StoreDialect,
  { catalog }: InspectedDestination,
  made: readonly Dependent[] = [],
): Catalog {
  return { ...catalog, dependents: [...catalog.dependents, ...made, ...(swapObstacle ? [swapObstacle] : [])] };
}

async function hasRows(context: StoreContext): Promise<boolean> {
  return (await context.session.query(context.dialect.selectFirst('1 as one', `from ${quotedDestination(context)}`))).length > 0;
}

type Table = Pick<StoreContext, 'dialect' | 'place'>;

export function fitTable({ dialect, place }: Table, asked: Parameters<Store['fit']>[0], standing: Standing): Fit {
  const { columns, tables } = dialect;
  const { where, markColumn } = place;
  const cutsTimes = dialect.storeKeys !== undefined && 'timestamps' in dialect.storeKeys;
  const schema = cutsTimes
    ? withTimesCut(asked.schema, place.storeKeyValues.timestamps === 'truncate' ? 'truncate' : 'exact', asked.key ?? [])
    : asked.schema;
  const wanted = { ...asked, schema };
  const fit = fitColumns(wanted, standing, {
    ...{ where, naming: columns.naming },
    held: (type) => columns.newColumnHolds(type),
    remediesFor: cutsTimes ? timeRemedy : () => [],
    takes: ({ type }: TargetColumn, values: DataType) => columns.alsoTakes?.(type, values) ?? false,
    ...(tables.identityColumns && {
      identities: {
        fills: fillsIdentities(tables.identityColumns, place) || 'store: { identity_insert: true }',
        needs: tables.identityColumns.by === 'setting' ? ['alter'] : [],
      },
    }),
    own: markColumn === null ? [] : [{ name: markColumn, type: { kind: 'string' }, nullable: true }],
  });
  if (!cutsTimes) return fit;
  return { ...fit, precision: precisionOfTimes(schema, wanted.watermark, fit.precision) };
}

/** Notes on the columns whose times will be cut from now on. */
async function cutTimesNotes(transactions: Transactions, { schema }: PlannedFilling): Promise<readonly OwnNote[]> {
  if (!schema.columns.some(({ retimed }) => retimed?.cut)) return [];
  const head = await transactions.inReadTransaction(async (context) => (await transactions.headRow(context)).head);
  const columns = retimedNow(schema, head?.schema, ({ cut }) => cut);
  const text = `${columns.join(', ')} of ${transactions.place.where}: ${cutText}`;
  return columns.length === 0 ? [] : [{ code: 'database.times_cut', text, params: { columns } }];
}

/** The refusal of a commit that is too large for a step of an app. If a staged table becomes the destination’s table, its rows take no time. Rows that the commit copies or deletes take time. */
export function tooLarge({ dialect, place }: Table, { mode, createsTable, bytes, replacedBytes }: CommitSize): Refusal | null {
  const isTaken = dialect.staging.attemptTags !== undefined && place.markColumn === null && (mode === 'swap' || createsTable);
  const moved = (isTaken ? 0 : bytes) + replacedBytes;
  return place.steps === 'here' || moved <= stepBytes ? null : commitOutlastsStep(place.where, moved);
}

type PlanNotes = Awaited<ReturnType<NonNullable<Store['notesOnPlan']>>>;

const nothing: PlanNotes = { notes: [], warnings: [] };
const fires: ReadonlySet<string> = new Set(['trigger', 'rule', 'partition or child']);

/** Whether a plan needs further queries after `inspect`. */
function hasTableNotes(dialect: Pick<StoreDialect, 'rowTakeover' | 'tables' | 'triggers' | 'merge'>, planned: PlannedFilling): boolean {
  const { rowTakeover, tables, triggers } = dialect;
  const acts = planned.target.catalog?.dependents.some(({ kind, unseen }) => fires.has(kind) || unseen !== undefined) ?? false;
  const counts = planned.target.catalog?.columns.some(({ filled }) => filled === 'identity') ?? false;
  return (
    rowTakeover !== undefined ||
    tables.extrasOfNewTable !== undefined ||
    (triggers !== undefined && acts) ||
    counts ||
    (planned.mode === 'merge' && uuidTextsIn(dialect, planned.schema, planned.key).length > 0) ||
    mayLackIndex(dialect, planned) ||
    ownColumns(planned).length > 0
  );
}

export async function planNotes(transactions: Transactions, planned: PlannedFilling): Promise<PlanNotes> {
  const { dialect } = transactions;
  const counted = [...notComparedNotes(dialect, planned.schema.columns), ...(await cutTimesNotes(transactions, planned))];
  if (!hasTableNotes(dialect, planned)) return { notes: counted, warnings: [] };
  const { notes, warnings } = await transactions.inReadTransaction((context) => tableNotes(transactions, context, planned));
  return { notes: [...notes, ...counted], warnings };
}

async function tableNotes(transactions: Transactions, context: StoreContext, planned: PlannedFilling): Promise<PlanNotes> {
  const { schema, mode, key, supersede } = planned;
  const { dialect, place } = context;
  const there = await destinationColumns(context);
  const isUpdated = (name: string) => mode === 'merge' && !key.includes(name) && schema.columns.some((one) => one.name === name);
  const counted = there?.find(({ name, filled }) => filled === 'identity' && isUpdated(name));
  if (counted) throw countedColumnNotUpdatable(place.where, counted.name);
  if (there === null) return { ...nothing, notes: (await plannedTableExtras(context, planned))?.notes ?? [] };
  const lost = lostValuesNotes(place.where, supersede.what, await losing(transactions, context, planned));
  const unseen = hiddenDependentsNotes(place.where, planned);
  if (mode === 'swap') {
    const { rowTakeover } = dialect;
    const notes = rowTakeover ? swapNotes(place.where, rowTakeover.planNote, await takeoverHindrances(context, schema)) : [];
    return { notes, warnings: [...lost, ...unseen] };
  }
  const triggers = await alteringTriggers(context, { mode, supersede });
  const capitals = await capitalNotes(context, planned);
  const notes = await missingIndexNotes(context, planned);
  return { notes, warnings: [...lost, ...unseen, ...capitals, ...triggerNotes(place.where, triggers)] };
}

const mayLackIndex = ({ merge: { indexes } }: Pick<StoreDialect, 'merge'>, { mode, key, target }: PlannedFilling): boolean =>
  indexes !== undefined && mode === 'merge' && key.length > 0 && target.content === 'ours' && target.rows > countedAnyway;

/** Notes on a missing index of the key. Without the index, each merge reads the whole table, however few rows arrive. */
async function missingIndexNotes(context: StoreContext, planned: PlannedFilling): Promise<readonly OwnNote[]> {
  const { session, dialect, place } = context;
  const { indexes } = dialect.merge;
  const { key } = planned;
  if (indexes === undefined || !mayLackIndex(dialect, planned)) return [];
  const leading = await indexes.leadingColumns(session, place.table);
  if (key.some((name) => leading.has(name))) return [];
  const statement = indexes.create(place.table, key);
  const text = `no index of ${place.where} begins with a column of the key, so that each merge reads the whole table: ${statement}`;
  return [{ code: 'database.key_without_index', params: { key: [...key] }, text }];
}

/** Columns that others added to the table of a settled entity, if the commit deletes rows. The new rows have no values in these columns. */
function ownColumns({ schema, changes, supersede, target }: Pick<PlannedFilling, 'schema' | 'changes' | 'supersede' | 'target'>) {
  if (target.content !== 'ours' || supersede.what === 'nothing' || supersede.what === 'sources') return [];
  const known = new Set([
    ...schema.columns.map(({ name }) => name),
    ...(target.head.schema?.columns ?? []).map(({ name }) => name),
    ...changes.flatMap((change) => (change.change === 'rename column' ? [change.column] : [])),
  ]);
  return (target.catalog?.columns ?? []).filter(({ name, filled }) => filled !== 'generated' && !known.has(name));
}

/** The columns that have values in the deleted rows, but not in the new rows. */
async function losing(transactions: Transactions, context: StoreContext, planned: PlannedFilling): Promise<readonly string[]> {
  const { mode, supersede } = planned;
  const columns = ownColumns(planned);
  if (columns.length === 0) return [];
  const { session, dialect } = context;
  const goes =
    mode === 'swap' ? '1 = 1' : deleteCondition(dialect, supersede, ownRowsCondition(context, await transactions.headRow(context)));
  const lost: string[] = [];
  for (const column of goes === null ? [] : columns) {
    const found = await session.query(
      dialect.selectFirst('1 as one', `from ${quotedDestination(context)} where ${goes} and ${holdsMore(dialect, column)}`),
    );
    if (found.length > 0) lost.push(column.name);
  }
  return lost;
}

const quoted = /^'(?:[^'\\]|'')*'$/;
const number = /^[-+]?\d+(?:\.\d+)?$/;

/** A condition: the column has another value than a new row would get, which is null or a fixed default. */
function holdsMore({ quote, merge: { exactText } }: StoreDialect, { name, default: given, holds }: TargetColumn): string {
  const column = quote(name);
  const isSet = `${column} is not null`;
  const fixed = (given ?? '').replace(/::[\w "().[\]]+$/, '').replace(/^\(+|\)+$/g, '');
  if (holds?.type.kind === 'string' && quoted.test(fixed)) {
    const exact = exactText ?? ((expression: string) => expression);
    return `${isSet} and ${exact(column)} <> ${exact(fixed)}`;
  }
  const isNumber = holds !== null && /^(u?int|float|decimal)/.test(holds.type.kind);
  return isNumber && number.test(fixed) ? `${isSet} and ${column} <> ${fixed}` : isSet;
}
