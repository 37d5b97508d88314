/**
 * Triggers and rules of a table that act while a commit writes there. What they keep back, a statement does not count; what they take away afterwards, the
 * table does. On what is staged, and on the first rows of a table, none acts.
 */
import type { Intent } from '../../engine/contracts/intent.ts';
import type { Supersede } from '../../engine/contracts/store.ts';
import type { Counts, Writing } from '../../engine/contracts/writing.ts';
import { named } from '../ddl.ts';
import type { Session, Transaction } from '../engine.ts';
import type { Firing, Happens, TableName } from '../writes.ts';
import { comesBack, tableKept, writtenInstead } from './errors.ts';
import type { Prepared, StoreDialect, TablePlace } from './publishing.ts';

interface Of {
  readonly session: Session;
  readonly dialect: StoreDialect;
  readonly place: Pick<TablePlace, 'table' | 'where'>;
}

interface Load {
  readonly mode: Writing['mode'];
  readonly supersede: Supersede;
}

interface Did {
  /** Rows that were replaced. */
  readonly deleted: number;
  readonly counts: Counts;
}

function happens({ mode, supersede }: Load): ReadonlySet<Happens> {
  const goes = supersede.what !== 'nothing' && supersede.what !== 'sources';
  return new Set<Happens>(['insert', ...(mode === 'merge' ? (['update'] as const) : []), ...(goes ? (['delete'] as const) : [])]);
}

const acts =
  (on: ReadonlySet<Happens>) =>
  (one: Firing): boolean =>
    one.on.some((event) => on.has(event));

async function firing({ session, dialect, place }: Of): Promise<readonly Firing[]> {
  return (await dialect.firing?.of(session, place.table)) ?? [];
}

/** A merge may be told of rows to delete. */
async function taking(of: Of, load: Load): Promise<readonly Firing[]> {
  const all = (await firing(of)).filter(acts(load.mode === 'merge' ? new Set(['insert', 'update', 'delete']) : happens(load)));
  mustWrite(of, all.filter(acts(happens(load))));
  return all.filter(({ takesRows }) => takesRows);
}

/**
 * Those that may alter rows that are written, by name: what runs only when rows are deleted does not. Throws StoreError HYG-4240 where one of them writes
 * something else instead.
 */
export async function firingOn(of: Of, load: Load): Promise<readonly string[]> {
  const all = (await firing(of)).filter(acts(happens(load)));
  mustWrite(of, all);
  const writes = happens({ ...load, supersede: { what: 'nothing' } });
  return [...new Set(all.filter(acts(writes)).map(({ name }) => name))];
}

/** Of the transaction of the commit: where rows have to be counted beside what statements say, nobody may put others in between. */
export async function countingNeeds(of: Of, { writing, target }: Intent): Promise<Transaction['isolation']> {
  if (writing === undefined || writing.mode === 'swap') return 'statement';
  const { supersede } = target as unknown as Prepared;
  return (await taking(of, { mode: writing.mode, supersede })).length > 0 ? 'snapshot' : 'statement';
}

/** Keeps others from writing to the table, and looks at it after the rows came. Null: nothing there takes rows away. */
export async function counting(of: Of, load: Load): Promise<((did: Did) => Promise<void>) | null> {
  const { session, dialect, place } = of;
  if ((await taking(of, load)).length === 0) return null;
  const table = named(dialect, place.table);
  const count = async () => Number((await session.query(`select ${dialect.count} as n from ${table} where 1 = 1`))[0]?.n);
  await session.run(dialect.firing?.held(table) ?? []);
  const before = await count();
  return async ({ deleted, counts }) => {
    const gone = before - deleted - counts.deleted + counts.inserted - (await count());
    const sent = counts.inserted + counts.updated;
    if (gone > 0) throw tableKept(place.where, { sent, kept: Math.max(0, sent - gone) });
  };
}

/** Nothing acts on rows of a table that was just made, nor ever will. Throws StoreError HYG-4244. */
export async function bare(session: Session, dialect: Pick<StoreDialect, 'firing'>, table: TableName): Promise<void> {
  const put = (await dialect.firing?.put?.(session, table)) ?? [];
  await runs(session, dialect, { table, statements: put.flatMap(({ gone }) => gone ?? []) });
}

/**
 * Nothing acts on rows of a destination that was just made, until they are in. Throws StoreError HYG-4244. @returns `isPlain`: no trigger of DDL put anything on it;
 * `again`: what lets it act on the rows that others put in.
 */
export async function atRest({
  session,
  dialect,
  place: { table },
}: Of): Promise<{ readonly isPlain: boolean; readonly again: readonly string[] }> {
  const put = (await dialect.firing?.put?.(session, table)) ?? [];
  await runs(session, dialect, { table, statements: put.flatMap(({ off }) => off ?? []) });
  return { isPlain: put.length === 0, again: put.flatMap(({ on }) => on ?? []) };
}

async function runs(
  session: Session,
  { firing: of }: Pick<StoreDialect, 'firing'>,
  { table, statements }: { readonly table: TableName; readonly statements: readonly string[] },
): Promise<void> {
  if (statements.length === 0) return;
  await session.run(statements);
  const [still] = (await of?.of(session, table)) ?? [];
  if (still) throw comesBack(`${table.schema}.${table.name}`, still.name);
}

function mustWrite({ place }: Of, all: readonly Firing[]): void {
  const other = all.find(({ instead }) => instead !== undefined);
  if (other?.instead !== undefined) throw writtenInstead(place.where, { ...other, off: other.instead });
}
