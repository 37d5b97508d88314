/** Whose rows are in the destination's table: those of the entity bear its mark where a column marks rows, and are known by their number elsewhere. */
import type { HeadRows } from '../../engine/contracts/heads.ts';
import type { Intent } from '../../engine/contracts/intent.ts';
import type { Head, Supersede } from '../../engine/contracts/store.ts';
import type { Counts } from '../../engine/contracts/writing.ts';
import type { Schema } from '../../frames/schema.ts';
import { countDestinationRows, quotedDestination, type StoreContext, type TablePlace } from './context.ts';
import { foreignRowsAppeared, settledUnderOtherSchema } from './errors.ts';
import { type HeadRow, hasSettledNothing, headTablesIn, metadataTables, ownTableName } from './head.ts';

/** The value in the column that marks our rows, from now on; null: there is no such column. */
export function markToWrite({ markColumn, key }: TablePlace, { markOfAllOwnRows }: HeadRow): string | null {
  return markColumn === null ? null : (markOfAllOwnRows ?? `${key.flow}.${key.entity}`);
}

/** The destination's columns: the schema's columns, and the mark column if there is one. */
export function withMarkColumn({ markColumn }: TablePlace, { columns }: Schema): Schema['columns'] {
  if (markColumn === null || columns.some(({ name }) => name === markColumn)) return columns;
  return [...columns, { name: markColumn, type: { kind: 'string' }, nullable: true }];
}

/** A condition on the rows that bear the mark; null: no column tells. @param of what stands before the name of the column. */
export function markCondition({ dialect, place }: StoreContext, mark: string | null, of = ''): string | null {
  const { markColumn } = place;
  if (markColumn === null || mark === null) return null;
  const text = { kind: 'string' } as const;
  return `${dialect.sortExpression(`${of}${dialect.quote(markColumn)}`, text)} = ${dialect.literal(text, mark)}`;
}

/** A condition on the rows there that are ours; null: no column tells. */
export function ownRowsCondition(context: StoreContext, standing: HeadRow): string | null {
  if (context.place.markColumn === null) return null;
  return hasSettledNothing(standing) ? '1 = 0' : markCondition(context, standing.markOfAllOwnRows);
}

/** The plan saw no row there, or none that another entity settled. Other writers wait from now on until our rows are in as well. */
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
 * Throws StoreError HYG-4245 where an entity settled in the table whose head is in another schema: `HeadTable.others` finds those of this one alone. Asked where
 * the table is there, and nothing of the entity has settled in it.
 */
export async function mustHaveNoHeadElsewhere({ session, dialect, place: { key, metadataSchema, where } }: StoreContext): Promise<void> {
  const own = metadataSchema.toLowerCase();
  // Tables of an entity bear names that no other entity knows; what all entities of the destination share does not.
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

/** What a commit did to the rows of the table. */
export interface MovedRows {
  /** The number of rows that were there before, where none of them was ours; null: some were. */
  readonly rowsBeforeIfNoneOurs: number | null;
  readonly deletedRows: number;
  readonly counts: Counts;
}

/** The rows that are ours and those of others after a commit, reckoned from what was so before. @param mark of our rows; null: no column tells. */
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
  // A merge may have updated some of theirs, and no column tells.
  const foreign = head?.foreign === null && !isAnew ? null : beside > 0 && byKey ? null : beside;
  if (foreign === null || (byKey && beside > 0)) return { rows: await countDestinationRows(context), foreign: null };
  const reckoned = ours + counts.inserted - counts.deleted - (isAnew ? 0 : deletedRows);
  if (supersede.what !== 'range') return { rows: reckoned, foreign };
  // Rows that others added to the range are gone now, and rows that it had lost are back: neither count as ours twice.
  const surplus = (await countDestinationRows(context)) - reckoned - foreign;
  const gone = deletedRows - counts.inserted;
  const mended = gone > 0 ? Math.min(Math.max(surplus, 0), gone) : Math.max(Math.min(surplus, 0), gone);
  return { rows: reckoned + mended, foreign };
}
