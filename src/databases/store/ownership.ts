/** Whose rows are in the destination’s table. A mark column marks the rows of the entity. Without a mark column, only the number of the entity’s rows is known. */
import type { HeadRows } from '../../engine/contracts/heads.ts';
import type { Intent } from '../../engine/contracts/intent.ts';
import type { Head, Supersede } from '../../engine/contracts/store.ts';
import type { Counts } from '../../engine/contracts/writing.ts';
import type { Schema } from '../../frames/schema.ts';
import { countDestinationRows, quotedDestination, type StoreContext, type TablePlace } from './context.ts';
import { foreignRowsAppeared, settledUnderOtherSchema } from './errors.ts';
import { type HeadRow, hasSettledNothing, headTablesIn, metadataTables, ownTableName } from './head.ts';

/** The value that marks the entity’s rows from now on. Null: no column marks rows. */
export function markToWrite({ markColumn, key }: TablePlace, { markOfAllOwnRows }: HeadRow): string | null {
  return markColumn === null ? null : (markOfAllOwnRows ?? `${key.flow}.${key.entity}`);
}

/** The destination’s columns: the columns of the schema, and the mark column if the destination has one. */
export function withMarkColumn({ markColumn }: TablePlace, { columns }: Schema): Schema['columns'] {
  if (markColumn === null || columns.some(({ name }) => name === markColumn)) return columns;
  return [...columns, { name: markColumn, type: { kind: 'string' }, nullable: true }];
}

/** A condition for the marked rows. Null: no column marks rows. @param of the text before the name of the column. */
export function markCondition({ dialect, place }: StoreContext, mark: string | null, of = ''): string | null {
  const { markColumn } = place;
  if (markColumn === null || mark === null) return null;
  const text = { kind: 'string' } as const;
  return `${dialect.sortExpression(`${of}${dialect.quote(markColumn)}`, text)} = ${dialect.literal(text, mark)}`;
}

/** A condition for the entity’s own rows in the table. Null: no column marks rows. */
export function ownRowsCondition(context: StoreContext, standing: HeadRow): string | null {
  if (context.place.markColumn === null) return null;
  return hasSettledNothing(standing) ? '1 = 0' : markCondition(context, standing.markOfAllOwnRows);
}

/** Throws if the table has rows of others. The plan saw no row in the table, or only rows that no other entity settled. From now on, other writers wait until the entity’s rows are inserted. */
export async function rowsMustBeOurs(context: StoreContext, { writing }: Intent): Promise<void> {
  const { session, dialect, place, heads } = context;
  await heads.meetOthers(session);
  await session.run(dialect.commit.lockStatement(quotedDestination(context)));
  const others = await heads.others(session);
  if (others.length === 0 && writing?.why !== 'creates') return;
  const rows = await countDestinationRows(context);
  if (rows > 0) throw foreignRowsAppeared(place.where, { rows, others });
}

/**
 * Throws StoreError HYG-4245 if an entity with a head in another schema has settled in the table, because `HeadTable.others` finds only heads in this schema.
 * Called if the table exists and has no settled rows of the entity.
 */
export async function mustHaveNoHeadElsewhere({ session, dialect, place: { key, metadataSchema, where } }: StoreContext): Promise<void> {
  const own = metadataSchema.toLowerCase();
  // Only tables that all entities of a destination share have known names. No other entity knows the names of an entity’s own tables.
  const shared = dialect.ownTables.tablesFor === 'all entities' ? metadataTables : (['owners'] as const);
  const schemas = (
    await dialect.catalog.schemasWithAll(
      session,
      shared.map((name) => ownTableName(dialect, name, key)),
    )
  ).filter((schema) => schema.toLowerCase() !== own);
  for (const schema of schemas)
    for (const heads of await headTablesIn(session, dialect, { schema, table: key.table })) {
      const rows = await session.query(
        `select flow, entity, head from ${heads} where table_name = ${dialect.ownTables.parameter(1)} and head is not null`,
        [key.table],
      );
      const settled = rows.find(({ head }) => !(JSON.parse(head ?? '{}') as Head).nothing);
      if (settled) throw settledUnderOtherSchema(where, { whose: `${settled.flow}.${settled.entity}`, schema, heads, table: key.table });
    }
}

/** How a commit changed the rows of the table. */
export interface MovedRows {
  /** The number of rows before the commit, if all of them belonged to others. Null: some of the rows were the entity’s. */
  readonly rowsBeforeIfNoneOurs: number | null;
  readonly deletedRows: number;
  readonly counts: Counts;
}

/** After a commit, the numbers of the entity’s own rows and of other rows, calculated from the earlier numbers. @param mark the value that marks the entity’s own rows; null: no column marks rows. */
export async function rowsAfterCommit(
  context: StoreContext,
  head: Head | null,
  {
    rowsBeforeIfNoneOurs,
    deletedRows,
    counts,
    supersede,
    mark,
  }: MovedRows & { readonly supersede: Supersede; readonly mark: string | null },
): Promise<HeadRows> {
  const mine = markCondition(context, mark);
  if (mine !== null) {
    const [rows, all] = [await countDestinationRows(context, mine), await countDestinationRows(context)];
    return { rows, foreign: all - rows };
  }
  const isAnew = supersede.what === 'all';
  const ours = isAnew || rowsBeforeIfNoneOurs !== null ? 0 : (head?.rows ?? 0);
  const beside = isAnew ? 0 : rowsBeforeIfNoneOurs !== null ? rowsBeforeIfNoneOurs : (head?.foreign ?? 0);
  const byKey = counts.updated + counts.deleted > 0;
  // A merge may have updated rows of other entities. No column shows which rows those are.
  const foreign = head?.foreign === null && !isAnew ? null : beside > 0 && byKey ? null : beside;
  if (foreign === null || (byKey && beside > 0)) return { rows: await countDestinationRows(context), foreign: null };
  const reckoned = ours + counts.inserted - counts.deleted - (isAnew ? 0 : deletedRows);
  if (supersede.what !== 'range') return { rows: reckoned, foreign };
  // Rows that others added to the range were deleted, and lost rows were inserted again. Such rows are not counted twice as the entity’s own rows.
  const surplus = (await countDestinationRows(context)) - reckoned - foreign;
  const gone = deletedRows - counts.inserted;
  const mended = gone > 0 ? Math.min(Math.max(surplus, 0), gone) : Math.max(Math.min(surplus, 0), gone);
  return { rows: reckoned + mended, foreign };
}
