/** Statements of T-SQL by which hygge sums rows, over tables in memory. */
import type { Value } from '../tds/values.ts';
import { condition, inThirds, type Row, type Scope, type Typed, typed } from './expressions.ts';
import { parsedCondition, parsedSelect, type Select, type TypeName } from './parse.ts';
import { databaseCollation, heldBy, momentOf, type Raw, type SqlType, typeNamed, unscaledOf } from './types.ts';

export interface Table {
  /** Types as T-SQL declares them; a collation and `not null` behind. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: Iterable<readonly Value[]>;
}

export interface Summed {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: Value[][];
}

interface Rows {
  readonly scope: Scope;
  readonly rows: readonly Row[];
}

/** Whether a statement sums rows. */
export const isOfSums = (sql: string): boolean => /^SELECT [\s\S]* AS \[bucket\], /.test(sql);

/** @param table what stands in FROM, as it is written. */
export function summedRows(sql: string, table: (from: string) => Table | undefined): Summed {
  const { scope, rows } = selected(parsedSelect(sql), table);
  return {
    columns: Object.fromEntries(scope.columns.map(({ name, type: { is } }) => [name, is === 'varchar' ? 'varchar(41)' : 'decimal(38,0)'])),
    rows: rows.map((row) => row.map((value) => (value === null ? null : String(value)))),
  };
}

/** Whether a row is in what a condition of hygge's own says, over a table's columns. */
export function rowCondition(columns: Table['columns'], where: string): (row: readonly Value[]) => boolean {
  const scope = scopeOf(columns);
  const holds = condition(parsedCondition(where), scope);
  return (row) => holds([rawRow(scope, columns, row)]) === true;
}

function selected(select: Select, table: (from: string) => Table | undefined): Rows {
  const { scope, rows: all } = typeof select.from === 'string' ? tableRows(select.from, table) : selected(select.from, table);
  const where = select.where === null ? null : condition(select.where, scope);
  const rows = where === null ? all : all.filter((row) => where([row]) === true);
  const items = select.list.flatMap(({ of, name }): { readonly name: string; readonly of: Typed }[] =>
    of.kind === 'all columns'
      ? scope.columns.map((column) => ({ name: column.name, of: typed({ kind: 'column', name: column.name }, scope) }))
      : [{ name, of: typed(of, scope) }],
  );
  const isGrouped = select.groupBy !== null || /"name":"(COUNT_BIG|SUM|MIN)"/.test(JSON.stringify(select.list));
  const groups = isGrouped ? groupsOf(rows, select.groupBy === null ? null : typed(select.groupBy, scope)) : rows.map((row) => [row]);
  return {
    scope: { columns: items.map(({ name, of: { type } }) => ({ name, type: inDerivedTable(type) })) },
    rows: groups.map((group) => items.map(({ of }) => of.of(group))),
  };
}

/** A column of a derived table is a column: its collation is no longer explicit. */
function inDerivedTable(type: SqlType): SqlType {
  return type.is === 'varchar' || type.is === 'nvarchar' ? { ...type, collation: { label: 'implicit', name: type.collation.name } } : type;
}

/** Without GROUP BY, all rows are one group even where there are none. */
function groupsOf(rows: readonly Row[], by: Typed | null): readonly (readonly Row[])[] {
  if (by === null) return [rows];
  const groups = new Map<Raw, Row[]>();
  for (const row of rows) {
    const value = by.of([row]);
    const group = groups.get(value) ?? [];
    groups.set(value, group);
    group.push(row);
  }
  return [...groups.values()];
}

function tableRows(from: string, table: (from: string) => Table | undefined): Rows {
  const found = table(from);
  if (found === undefined) throw new Error(`208: invalid object name ${from}`);
  const scope = scopeOf(found.columns);
  return { scope, rows: [...found.rows].map((row) => rawRow(scope, found.columns, row)) };
}

/** Types that the sums of a table must not touch have no values here. */
function scopeOf(columns: Table['columns']): Scope {
  return {
    columns: Object.entries(columns).flatMap(([name, declared]) => {
      const { of, collation } = declarationOf(declared);
      return untouched.test(of.name) ? [] : [{ name, type: typeNamed(of, { label: 'implicit', name: collation }) }];
    }),
  };
}

const untouched = /^(xml|json|sql_variant|hierarchyid|geography|geometry)$/;

function declarationOf(declared: string): { readonly of: TypeName; readonly collation: string } {
  const [, name = '', sizes = '', collation = databaseCollation.name] =
    /^(\w+)(?:\(([^)]*)\))?(?: collate (\w+))?(?: not null)?$/i.exec(declared.trim()) ?? [];
  return { of: { name: name.toLowerCase(), sizes: sizes === '' ? [] : sizes.toLowerCase().split(/,\s*/) }, collation };
}

function rawRow(scope: Scope, columns: Table['columns'], row: readonly Value[]): Row {
  const declared = Object.entries(columns).map(([, declaration]) => declarationOf(declaration).of);
  const own = row.filter((_, at) => !untouched.test(declared[at]?.name ?? ''));
  const names = declared.filter(({ name }) => !untouched.test(name));
  return scope.columns.map(({ type }, at) => raw(type, names[at] as TypeName, own[at] ?? null));
}

function raw(type: SqlType, declared: TypeName, value: Value): Raw {
  if (value === null) return null;
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
  switch (type.is) {
    case 'varchar':
    case 'nvarchar': {
      const held = type.is === 'varchar' ? heldBy(text, type.collation) : text;
      return declared.name === 'char' || declared.name === 'nchar' ? held.padEnd(Number(type.length)) : held;
    }
    case 'varbinary': {
      const bytes = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(text.replace(/^0x/i, ''), 'hex');
      return declared.name === 'binary' ? Buffer.concat([bytes, Buffer.alloc(Number(type.length) - bytes.length)]) : bytes;
    }
    case 'bit':
    case 'int':
    case 'bigint':
      return BigInt(text);
    case 'money':
      return unscaledOf(text, 4);
    case 'decimal':
      return unscaledOf(text, type.scale);
    case 'float':
      return Number(text);
    case 'real':
      return Math.fround(Number(text));
    case 'uniqueidentifier':
      return text.toUpperCase();
    case 'datetime':
      return inThirds(momentOf(text));
    default:
      return momentOf(text);
  }
}
