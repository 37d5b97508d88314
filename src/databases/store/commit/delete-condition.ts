/** What a commit replaces, as a condition on the rows of a table, and the rows beside it that go with them. */
import type { Boundary } from '../../../engine/contracts/boundary.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { Range } from '../../../engine/contracts/replacing.ts';
import type { Supersede } from '../../../engine/contracts/store.ts';
import type { Writing } from '../../../engine/contracts/writing.ts';
import { schemaOfRole } from '../../../frames/rejected.ts';
import type { DataType } from '../../../frames/schema.ts';
import { castTo, quotedOwnTable, quotedTable } from '../../ddl.ts';
import type { Dialect } from '../../engine.ts';
import {
  countDestinationRows,
  type PreparedCommit,
  quotedDestination,
  type ReplacedRows,
  type StoreContext,
  type StoreDialect,
} from '../context.ts';
import { rowsNotDeleted } from '../errors.ts';
import { entityCondition, type HeadRow, headKeyValues } from '../head.ts';
import { ownRowsCondition } from '../ownership.ts';
import { asStagedRef, changesDestination, stagedTableName } from '../staging/staged-tables.ts';

type RangeDialect = Pick<Dialect, 'quote' | 'literal' | 'sortExpression'>;

/** Null: nothing goes. `mine`: the rows that are ours, where a column tells. */
export function deleteCondition(dialect: RangeDialect, supersede: Supersede, mine: string | null): string | null {
  switch (supersede.what) {
    // No table is asked for it.
    case 'unmatched':
    case 'nothing':
    case 'sources':
    case 'quarantine':
      return null;
    case 'all':
      return supersede.foreign === 'replace' || mine === null ? '1 = 1' : mine;
    case 'boundary': {
      const column = dialect.quote(supersede.column);
      const tie = `${dialect.sortExpression(column, supersede.type)} = ${dialect.literal(supersede.type, supersede.text)}`;
      return and(mine, supersede.nulls ? `(${tie} or ${column} is null)` : tie);
    }
    case 'range':
      return and(mine, within(dialect, supersede));
  }
}

/** Rows without a watermark lie in no range; those of the open group are read again where it goes whole. */
function within(dialect: RangeDialect, { column: name, type, from, to, group }: Range): string {
  const column = dialect.quote(name);
  const ordered = dialect.sortExpression(column, type);
  const edges = [
    `${ordered} ${from.inclusive ? '>=' : '>'} ${dialect.literal(type, from.text)}`,
    ...(to === null ? [] : [`${ordered} ${to.inclusive ? '<=' : '<'} ${dialect.literal(type, to.text)}`]),
  ].join(' and ');
  return group === 'whole' ? `(${edges} or ${column} is null)` : edges;
}

function and(mine: string | null, condition: string): string {
  return mine === null ? condition : `${mine} and ${condition}`;
}

/** Removes what the commit replaces. @returns how many rows; of a table that another one takes the place of, all that are in it. */
export async function deleteReplacedRows(
  context: StoreContext,
  { supersede, goes }: PreparedCommit,
  { mode, standing }: { readonly mode: Writing['mode']; readonly standing: HeadRow },
): Promise<number> {
  const { session, dialect, place } = context;
  if (mode === 'swap') {
    // Rows that come between the count and the drop would go uncounted.
    await session.run(dialect.commit.lockStatement(quotedDestination(context)));
    return countDestinationRows(context);
  }
  const where = deleteCondition(dialect, supersede, ownRowsCondition(context, standing));
  if (where === null) return 0;
  const deleted = await session.execute(`delete from ${quotedDestination(context)} where ${where}`);
  if (deleted < goes && (await countDestinationRows(context, where)) > 0) throw rowsNotDeleted(place.where, goes - deleted);
  return deleted;
}

/**
 * Which of the entity's rows that settle apart go, as a condition; null: none. Those of the open group lie together, whatever their watermarks are.
 * A row without a watermark that is not of the group stays: nothing tells where it was read.
 */
function apartThatGoes(dialect: StoreDialect, { supersede, groupAgain }: ReplacedRows): string | null {
  const mine = entityCondition(dialect);
  const group = 'of_group = 1';
  const asValue = (type: DataType) => dialect.columns.fromText?.('watermark', type) ?? castTo(dialect, 'watermark', type);
  // A coarser table holds rows of a closed group under the same value: they are read again with the open one.
  const ofGroup = (one: Boundary) =>
    one.precision === 'exact' ? group : `(${group} or ${lying({ ...one, what: 'boundary' as const, nulls: false })})`;
  const lying = (where: Supersede & { readonly type: DataType }) =>
    deleteCondition({ ...dialect, quote: () => asValue(where.type) }, where, null) ?? '1 = 0';
  switch (supersede.what) {
    case 'all':
      return mine;
    case 'boundary':
      return and(mine, ofGroup(supersede));
    case 'range': {
      const within = lying({ ...supersede, group: 'rows' });
      // To the end: the group lies in it as a whole.
      return and(mine, supersede.to === null ? `(${group} or ${within})` : within);
    }
    case 'nothing':
      return groupAgain === undefined ? null : and(mine, ofGroup(groupAgain));
    case 'unmatched':
    case 'sources':
    case 'quarantine':
      return null;
  }
}

/** Rows that settle apart go when the rows go that they came with, or are read again. */
export async function storeRejectedRows({ session, dialect, place }: StoreContext, intent: Intent, replaced: ReplacedRows): Promise<void> {
  const { supersede } = replaced;
  const { quote } = dialect;
  const { parameter, rowAsText, nowExpression } = dialect.ownTables;
  const mine = entityCondition(dialect);
  const rejected = quotedOwnTable(dialect, place.metadataSchema, 'rejected');
  const of = headKeyValues(place.key);
  const goes = apartThatGoes(dialect, replaced);
  if (goes !== null) await session.query(`delete from ${rejected} where ${goes}`, of);
  if (supersede.what !== 'all' && supersede.what !== 'range')
    await session.query(`update ${rejected} set of_group = 0 where ${mine} and of_group = 1`, of);
  for (const part of intent.parts.filter((one) => !changesDestination(one))) {
    const { name, mark, markType = null, columns: staged } = asStagedRef(part);
    const { columns: all } = schemaOfRole(part.role, intent.schema, markType);
    const type = all.find((column) => column.name === mark)?.type;
    const text = mark === null || type === undefined ? 'null' : dialect.canonicalText(`s.${quote(mark)}`, type);
    const row = rowAsText(all.filter((column) => staged.includes(column.name)));
    const columns = `flow, entity, table_name, role, intent_id, of_group, watermark, ${quote('row')}, ${quote('at')}`;
    const values = `${[1, 2, 3, 4, 5].map((place) => parameter(place)).join(', ')}, ${part.ofGroup ? 1 : 0}, ${text}, ${row}, ${nowExpression}`;
    const from = quotedTable(dialect, stagedTableName(dialect, place, name));
    await session.query(`insert into ${rejected} (${columns}) select ${values} from ${from} s`, [...of, part.role, intent.id]);
  }
}
