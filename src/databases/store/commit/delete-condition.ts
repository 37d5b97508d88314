/** The rows that a commit replaces, as a condition on the rows of a table. */
import type { Ranges } from '../../../engine/contracts/replacing.ts';
import type { Supersede } from '../../../engine/contracts/store.ts';
import type { Writing } from '../../../engine/contracts/writing.ts';
import type { DataType } from '../../../frames/schema.ts';
import { canBeWatermark } from '../../../frames/watermark-text.ts';
import type { Dialect } from '../../engine.ts';
import type { Writes } from '../../writes.ts';
import { countDestinationRows, type LastGood, type PreparedCommit, quotedDestination, type StoreContext } from '../context.ts';
import { rowsNotDeleted } from '../errors.ts';
import type { HeadRow } from '../head.ts';
import { ownRowsCondition } from '../ownership.ts';

type RangeDialect = Pick<Dialect, 'quote' | 'literal' | 'sortExpression'>;
type KeyDialect = RangeDialect & Pick<Writes, 'merge'>;

/** A condition for the rows that a commit replaces, without the rows that stay. */
export function replacedCondition(
  dialect: KeyDialect,
  { supersede, lastGood }: Pick<PreparedCommit, 'supersede' | 'lastGood'>,
  mine: string | null,
): string | null {
  const replaced = deleteCondition(dialect, supersede, mine);
  if (replaced === null || supersede.what !== 'range' || lastGood === undefined) return replaced;
  return and(replaced, `not ${lastGoodCondition(dialect, lastGood)}`);
}

/** The condition for the rows to delete. Null: no row is deleted. `mine`: a condition for the entity’s own rows, if a column marks them. */
export function deleteCondition(dialect: RangeDialect, supersede: Supersede, mine: string | null): string | null {
  switch (supersede.what) {
    // No condition selects these rows, so no query is needed.
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

/** A condition for the rows in ranges. Rows without a watermark are in no range. If the whole open group is replaced, its rows without a watermark are read again, so the condition includes these rows as well. */
function within(dialect: RangeDialect, { column: name, type, ranges, group }: Ranges): string {
  const column = dialect.quote(name);
  const ordered = dialect.sortExpression(column, type);
  const each = ranges.map(({ from, to }) =>
    [
      `${ordered} ${from.inclusive ? '>=' : '>'} ${dialect.literal(type, from.text)}`,
      ...(to === null ? [] : [`${ordered} ${to.inclusive ? '<=' : '<'} ${dialect.literal(type, to.text)}`]),
    ].join(' and '),
  );
  const [only = '1 = 0', ...others] = each;
  const edges = others.length === 0 ? only : anyOf(each.map((one) => `(${one})`));
  return group === 'whole' ? `(${edges} or ${column} is null)` : edges;
}

/** A condition for the rows of the range that stay: each is the last good version of a row that goes to `rejected`. */
export function lastGoodCondition(dialect: KeyDialect, { key, rows }: LastGood): string {
  if (rows === 'any') return '1 = 1';
  const comparable = key.flatMap((column, at) => (isComparable(column.type) ? [{ column, at }] : []));
  if (comparable.length === 0) return '1 = 1';
  return anyOf(rows.map((values) => `(${comparable.map(({ column, at }) => isValue(dialect, column, values[at] ?? '')).join(' and ')})`));
}

/** Whether a key column’s values can be compared. If the values can’t be compared, a row stays when the other key columns are equal. */
export const isComparable = (type: DataType): boolean => canBeWatermark(type);

function isValue({ quote, literal, sortExpression, merge }: KeyDialect, { name, type }: LastGood['key'][number], value: string): string {
  if (type.kind === 'uuid' && merge.uuidTexts) return `lower(${quote(name)}) = ${literal({ kind: 'string' }, value)}`;
  return `${sortExpression(quote(name), type)} = ${literal(type, value)}`;
}

/** Joins conditions by OR in nested brackets, because engines limit the number of ORs on one level. */
function anyOf(conditions: readonly string[]): string {
  if (conditions.length <= 2) return `(${conditions.join(' or ')})`;
  const half = Math.ceil(conditions.length / 2);
  return `(${anyOf(conditions.slice(0, half))} or ${anyOf(conditions.slice(half))})`;
}

export function and(mine: string | null, condition: string): string {
  return mine === null ? condition : `${mine} and ${condition}`;
}

/** Removes the rows that the commit replaces. @returns the number of removed rows. If another table takes the table’s place, all its rows count as removed. */
export async function deleteReplacedRows(
  context: StoreContext,
  prepared: PreparedCommit,
  { mode, standing }: { readonly mode: Writing['mode']; readonly standing: HeadRow },
): Promise<number> {
  const { session, dialect, place } = context;
  const { goes } = prepared;
  if (mode === 'swap') {
    // Without the lock, rows that arrive between the count and the drop would not be counted.
    await session.run(dialect.commit.lockStatement(quotedDestination(context)));
    return countDestinationRows(context);
  }
  const where = replacedCondition(dialect, prepared, ownRowsCondition(context, standing));
  if (where === null) return 0;
  const deleted = await session.execute(`delete from ${quotedDestination(context)} where ${where}`);
  if (deleted < goes && (await countDestinationRows(context, where)) > 0) throw rowsNotDeleted(place.where, goes - deleted);
  return deleted;
}
