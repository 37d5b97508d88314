/** Checks whether the columns of a table change incoming values. Some columns accept values, but change them without an error. */
import type { Catalog, Dependent, PlannedChange, TargetColumn } from '../../../engine/contracts/catalog.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import { bringsValues, type Head } from '../../../engine/contracts/store.ts';
import type { StoreError } from '../../../errors/hygge-error.ts';
import type { Column, Schema } from '../../../frames/schema.ts';
import { columnDeclaration, quotedTable } from '../../ddl.ts';
import type { Writes } from '../../writes.ts';
import type { StoreContext } from '../context.ts';
import { keysOfOthers, keyTwiceThere, type TooLong, tableChanged, valuesNotKept } from '../errors.ts';
import { fromStagedSource, type StagedSource, stagedSources } from '../staging/staged-tables.ts';
import type { StagedRows } from './keys.ts';
import { growsWithValues, isAsMade } from './lengths.ts';
import { foldedKey } from './uuid-texts.ts';

export type DeclaredColumn = Pick<TargetColumn, 'name' | 'type' | 'follows' | 'isLoose'> &
  Partial<Pick<TargetColumn, 'collation' | 'length'>>;

type Widening = Pick<Writes, 'columns'>;

const widened = (dialect: Widening, { from, to }: Extract<PlannedChange, { readonly change: 'widen' }>): string =>
  dialect.columns.widenedDeclaration?.(from, to) ?? dialect.columns.declared(to);

/** The columns as they will be after the changes. Throws if a column that is to be changed was altered after the plan. */
export function columnsAfterChanges(
  dialect: Widening,
  there: readonly DeclaredColumn[],
  { changes, where }: { readonly changes: readonly PlannedChange[]; readonly where: string },
): readonly DeclaredColumn[] {
  let columns = there;
  for (const change of changes) {
    const name = change.change === 'add column' ? change.column.name : change.column;
    const found = columns.find((one) => one.name === name);
    if (change.change === 'add column') {
      if (found) throw tableChanged(where, { column: name, found: found.type });
      columns = [...columns, { name, type: columnDeclaration(dialect, change.column) }];
      continue;
    }
    if (!found) throw tableChanged(where, { column: name, found: null });
    if (change.change === 'widen' && found.type !== change.from) throw tableChanged(where, { column: name, found: found.type });
    const becomes =
      change.change === 'rename column'
        ? { ...found, name: change.to }
        : change.change === 'widen'
          ? { ...found, type: widened(dialect, change) }
          : found;
    columns = columns.map((one) => (one === found ? becomes : one));
  }
  return columns;
}

/** Whether the table already has the change. */
export function isChangeMade(dialect: Widening, there: readonly TargetColumn[], change: PlannedChange): boolean {
  const found = (name: string) => there.find((one) => one.name === name);
  switch (change.change) {
    case 'add column':
      return found(change.column.name)?.type === columnDeclaration(dialect, change.column);
    case 'widen':
      return found(change.column)?.type === widened(dialect, change);
    case 'drop not null':
      return found(change.column)?.nullable === true;
    case 'rename column':
      return found(change.column) === undefined && found(change.to) !== undefined;
  }
}

type CommittedRows = Pick<Intent, 'parts' | 'schema' | 'writing'>;

/** Throws if a column would change a value. A column declared as it is staged keeps every value, and so does a text column that is made longer for its texts. */
export async function mustKeepValues(context: StoreContext, going: CommittedRows, there: readonly DeclaredColumn[]): Promise<void> {
  const { session, dialect, place } = context;
  const { stagedValue } = dialect.columns;
  const { parts, schema } = going;
  const others = schema.columns.flatMap((column): readonly Narrow[] => {
    const found = there.find(({ name }) => name === column.name);
    if (found === undefined || found.type === dialect.columns.declared(column.type) || growsWithValues(dialect, column, found)) return [];
    return [{ column, type: found.type, length: found.length ?? null, collation: found.collation ?? null }];
  });
  for (const source of stagedSources(parts.filter(bringsValues))) {
    const staged = others.filter(({ column }) => source.columns.includes(column.name));
    if (staged.length === 0) continue;
    const counts = staged.map(({ column, type, collation }, at) => {
      const name = dialect.quote(column.name);
      const alters = dialect.columns.altersValueCondition(stagedValue?.(name, column.type) ?? name, {
        from: dialect.columns.declared(column.type),
        to: type,
        collation,
      });
      return `sum(case when ${alters} then 1 else 0 end) as n${at}`;
    });
    const [row = {}] = await session.query(`select ${counts.join(', ')} from ${fromStagedSource(dialect, place, source)} hygge_new`);
    for (const [at, { column, type, length }] of staged.entries()) {
      const values = Number(row[`n${at}`] ?? 0);
      if (values === 0) continue;
      const change = { change: 'widen', column: column.name, from: type, to: column.type } as const;
      const widened = dialect.columns.howChanged(change) === 'no' ? null : dialect.tables.alter(quotedTable(dialect, place.table), change);
      const longest = await longestOf(context, { going, source, column, length });
      throw valuesNotKept(place.where, { column: column.name, type, values, widened, longest });
    }
  }
}

interface Narrow {
  readonly column: Column;
  readonly type: string;
  readonly length: number | null;
  readonly collation: string | null;
}

/** The longest text for a column, and the row with the text. Null: no text is too long, or the database can’t tell. */
async function longestOf(
  { session, dialect, place }: StoreContext,
  of: { readonly going: CommittedRows; readonly source: StagedSource; readonly column: Column; readonly length: number | null },
): Promise<TooLong | null> {
  const { going, source, column, length } = of;
  if (!dialect.lengths || column.type.kind !== 'string' || length === null) return null;
  const key = going.schema.columns.filter(({ name }) => going.writing?.key.includes(name) && source.columns.includes(name));
  const keys = key.map(({ name, type }, at) => `${dialect.canonicalText(dialect.quote(name), type)} as k${at}`);
  const list = [`${dialect.lengths.lengthExpression(dialect.quote(column.name))} as n`, ...keys].join(', ');
  const [row = {}] = await session.query(
    dialect.selectFirst(list, `from ${fromStagedSource(dialect, place, source)} hygge_new order by n desc`),
  );
  const characters = Number(row.n ?? 0);
  const values = key.map(({ name }, at) => `${name} ${row[`k${at}`]}`).join(', ');
  return characters > length ? { characters, most: length, row: values } : null;
}

/** The columns that were added or altered since hygge made the table. A replacement of the table would lose such columns. */
export function columnsAlteredByOthers(
  { columns }: Catalog,
  { schema }: Head,
  dialect: Pick<Writes, 'columns' | 'lengths'>,
): readonly Dependent[] {
  const stays = { columns: null, staysWithOld: true } as const;
  return columns.flatMap((found): Dependent[] => {
    const { name, type, nullable } = found;
    const settled = schema?.columns.find((column) => column.name === name);
    if (settled === undefined) return [{ kind: 'column', name: `${name}, which hygge did not make`, ...stays }];
    if (!isAsMade(dialect, settled, found)) return [{ kind: 'column', name: `${name}, which is ${type} now`, ...stays }];
    return nullable || !settled.nullable ? [] : [{ kind: 'column', name: `${name}, which is not null now`, ...stays }];
  });
}

interface Several {
  readonly staged: StagedRows;
  readonly schema: Schema;
  /** The condition by which rows of the table were matched. */
  readonly rows: string;
  readonly on: string;
  /** The number of matched rows in addition to one row for each key. */
  readonly more: number;
}

/** The error if a key has several rows in the table. A merge updates all rows of a key, so these rows would become equal. */
export async function duplicateKeysThere(
  { session, dialect, place }: StoreContext,
  { staged: { key, keyExpressions }, schema, rows, on, more }: Several,
): Promise<StoreError> {
  const table = quotedTable(dialect, place.table);
  const names = key.map(dialect.quote);
  const folded = foldedKey(dialect, schema, key);
  const by = keyExpressions.map((expression, at) => (expression === names[at] ? (folded[at] ?? expression) : expression));
  const shown = names.map((name, at) => (by[at] === name ? name : `min(${name}) as ${name}`));
  const met = `(select ${names.map((name) => `hygge_now.${name}`).join(', ')} from ${table} hygge_now where exists (select 1 from ${rows} hygge_new where ${on})) d`;
  const grouped = `group by ${by.join(', ')} having count(*) > 1`;
  const [found = {}] = await session.query(
    dialect.selectFirst([...shown, `${dialect.count('*')} as hygge_rows`].join(', '), `from ${met} ${grouped}`),
  );
  const { hygge_rows: times, ...values } = found;
  const example = Object.values(values).join(', ');
  const sought = `select ${folded.join(', ')}, count(*) from ${table} group by ${folded.join(', ')} having count(*) > 1`;
  return keyTwiceThere(place.where, { ...place.key, key, example, times: Number(times ?? 0), more, sought });
}

interface OfOthers extends Pick<Several, 'staged' | 'schema' | 'rows' | 'on'> {
  /** The condition on the key alone. `on` is also limited to the entity’s own rows. */
  readonly byKey: string;
  /** The value that marks the entity’s own rows. */
  readonly mark: string;
}

/** Throws if staged rows were not merged, because rows of others in the table have the same keys. */
export async function keysMustNotBeOfOthers(
  { session, dialect, place }: StoreContext,
  { staged: { key }, schema, rows, on, byKey, mark }: OfOthers,
): Promise<void> {
  const table = quotedTable(dialect, place.table);
  const is = (condition: string) => `exists (select 1 from ${table} hygge_now where ${condition})`;
  const theirs = `from ${rows} hygge_new where ${is(byKey)} and not ${is(on)}`;
  const [counted] = await session.query(`select ${dialect.count('*')} as n ${theirs}`);
  const count = Number(counted?.n ?? 0);
  if (count === 0) return;
  const shown = key.map((name, at) => `${dialect.canonicalText(`hygge_new.${dialect.quote(name)}`, typeOf(schema, name))} as k${at}`);
  const [found = {}] = await session.query(dialect.selectFirst(shown.join(', '), theirs));
  const values = key.map((_, at) => found[`k${at}`] ?? '');
  // The literal has no type, so the database treats it as a value of the column’s type.
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const where = key.map((name, at) => `${dialect.quote(name)} = ${text(values[at] ?? '')}`).join(' and ');
  const takesOver = `update ${table} set ${dialect.quote(place.markColumn ?? '')} = ${text(mark)} where ${where}`;
  throw keysOfOthers(place.where, { ...place.key, key, count, example: values.join(', '), takesOver });
}

const typeOf = ({ columns }: Schema, name: string): Column['type'] =>
  columns.find((column) => column.name === name)?.type ?? { kind: 'string' };
