/** What a plan says of a table beside its rows: how it is made and filled, what goes with the rows that are replaced, what alters them on their way. */
import type { TargetColumn } from '../../engine/contracts/catalog.ts';
import type { PlannedFilling, Store } from '../../engine/contracts/store.ts';
import type { Session } from '../engine.ts';
import { deleteCondition } from './delete-condition.ts';
import { countedColumnNotUpdatable, lostValuesNotes, swapNotes, triggerNotes, unseenNotes } from './errors.ts';
import type { HeadRow } from './head.ts';
import type { StoreDialect, TableCommit, TablePlace } from './table-commit.ts';
import { alteringTriggers } from './triggers.ts';

type PlanNotes = Awaited<ReturnType<NonNullable<Store['tells']>>>;

interface NotesContext {
  readonly session: Session;
  readonly dialect: StoreDialect;
  readonly place: TablePlace;
  readonly publishing: TableCommit;
  readonly table: string;
  standing(): Promise<HeadRow>;
}

const nothing: PlanNotes = { notes: [], warnings: [] };
const fires: ReadonlySet<string> = new Set(['trigger', 'rule', 'partition or child']);

/** Whether what `inspect` answered of the table leaves anything to ask. */
export function hasPlanNotes(
  { exchange, tables, triggers }: Pick<StoreDialect, 'exchange' | 'tables' | 'triggers'>,
  planned: PlannedFilling,
): boolean {
  const acts = planned.target.catalog?.dependents.some(({ kind, unseen }) => fires.has(kind) || unseen !== undefined) ?? false;
  return exchange !== undefined || tables.finish !== undefined || (triggers !== undefined && acts) || ownColumns(planned).length > 0;
}

export async function planNotes(planned: PlannedFilling, of: NotesContext): Promise<PlanNotes> {
  const { schema, mode, key, supersede } = planned;
  const { publishing, dialect, place, session } = of;
  const there = await publishing.columns();
  const counted = there?.find(({ name, filled }) => filled === 'identity' && schema.columns.some((one) => one.name === name));
  if (counted && mode === 'merge' && !key.includes(counted.name)) throw countedColumnNotUpdatable(place.where, counted.name);
  if (there === null) return { ...nothing, notes: (await publishing.toBeMade(schema, key))?.notes ?? [] };
  const lost = lostValuesNotes(place.where, supersede.what, await losing(ownColumns(planned), planned, of));
  const unseen = unseenNotes(place.where, planned);
  if (mode === 'swap') {
    const { exchange } = dialect;
    const notes = exchange ? swapNotes(place.where, exchange.stays, await publishing.hindered(schema)) : [];
    return { notes, warnings: [...lost, ...unseen] };
  }
  const triggers = await alteringTriggers({ session, dialect, place }, { mode, supersede });
  return { ...nothing, warnings: [...lost, ...unseen, ...triggerNotes(place.where, triggers)] };
}

/** Columns that others made in the table of an entity that settled, where rows of it go: the rows that come instead have no values for them. */
function ownColumns({ schema, changes, supersede, target }: Pick<PlannedFilling, 'schema' | 'changes' | 'supersede' | 'target'>) {
  if (target.content !== 'ours' || supersede.what === 'nothing' || supersede.what === 'sources') return [];
  const known = new Set([
    ...schema.columns.map(({ name }) => name),
    ...(target.head.schema?.columns ?? []).map(({ name }) => name),
    ...changes.flatMap((change) => (change.change === 'rename column' ? [change.column] : [])),
  ]);
  return (target.catalog?.columns ?? []).filter(({ name, filled }) => filled !== 'generated' && !known.has(name));
}

/** Those that hold something, in the rows that go, which the rows that come will not. */
async function losing(
  columns: readonly TargetColumn[],
  { mode, supersede }: Pick<PlannedFilling, 'mode' | 'supersede'>,
  { session, dialect, table, publishing, standing }: NotesContext,
): Promise<readonly string[]> {
  if (columns.length === 0) return [];
  const goes = mode === 'swap' ? '1 = 1' : deleteCondition(dialect, supersede, publishing.mineOf(await standing()));
  const lost: string[] = [];
  for (const column of goes === null ? [] : columns) {
    const found = await session.query(dialect.first('1 as one', `from ${table} where ${goes} and ${holdsMore(dialect, column)}`));
    if (found.length > 0) lost.push(column.name);
  }
  return lost;
}

const quoted = /^'(?:[^'\\]|'')*'$/;
const number = /^[-+]?\d+(?:\.\d+)?$/;

/** More than a row without a value for it gets: null, or its default where that is one fixed value. */
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
