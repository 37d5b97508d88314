/** Tables and their changes as SQL. */
import type { Change, TargetColumn } from '../engine/contracts/catalog.ts';
import type { Column, DataType } from '../frames/schema.ts';
import type { Dialect, Session } from './engine.ts';
import type { ColumnSide, TableName, Writes } from './writes.ts';

export type DdlDialect = Pick<Dialect, 'quote' | 'named'> & Pick<Writes, 'columns' | 'tables'>;

export function named({ quote, named: own }: Pick<Dialect, 'quote' | 'named'>, table: TableName): string {
  return own?.(table) ?? `${quote(table.schema)}.${quote(table.name)}`;
}

/** A table of hygge's own, whose name is a word. */
export function ownNamed({ quote, named: own }: Pick<Dialect, 'quote' | 'named'>, schema: string, name: string): string {
  return own?.({ schema, name }) ?? `${quote(schema)}.${name}`;
}

export function listed({ quote }: Pick<Dialect, 'quote'>, names: readonly string[], of = ''): string {
  return names.map((name) => `${of}${quote(name)}`).join(', ');
}

interface Creating {
  /** `kept`: no column has to have a value, whatever its schema says. */
  readonly nulls: 'kept' | 'as declared';
  /** As `Writes.rowKey` has it. */
  readonly rowKey?: string;
}

/** The statement that makes the table in the database of the session. */
export async function createdIn(
  session: Session,
  dialect: DdlDialect & Pick<Writes, 'tables'>,
  { table, columns, nulls }: { readonly table: TableName; readonly columns: readonly Column[]; readonly nulls: Creating['nulls'] },
): Promise<string> {
  return created(dialect, table, columns, { nulls, rowKey: (await dialect.tables.rowKey?.(session)) ?? '' });
}

export function created(dialect: DdlDialect, table: TableName, columns: readonly Column[], { nulls, rowKey = '' }: Creating): string {
  const declared = columns.map((column) => {
    const required = nulls === 'as declared' && !column.nullable;
    // What is staged may be of any type that its values have.
    const type =
      nulls === 'as declared' ? declaredAs(dialect, column) : (dialect.columns.declaredStaged ?? dialect.columns.declared)(column.type);
    return `${dialect.quote(column.name)} ${type}${required ? ' not null' : ''}`;
  });
  return `create table ${named(dialect, table)} (${declared.join(', ')}${rowKey})${dialect.tables.options ?? ''}`;
}

/** As `schema_overrides` has it, where it says so in the database's own words. */
export function declaredAs(
  { columns: { declared } }: { readonly columns: Pick<ColumnSide, 'declared'> },
  { type, override }: Pick<Column, 'type' | 'override'>,
): string {
  return override?.declared ?? declared(type);
}

/** An expression, of the type's kind or its canonical text, as a value of the type. */
export function typed({ columns: { asType, declared } }: Pick<Writes, 'columns'>, expression: string, type: DataType): string {
  return asType?.(expression, type) ?? `cast(${expression} as ${declared(type)})`;
}

export function altered(
  dialect: DdlDialect,
  table: TableName,
  { changes, there }: { readonly changes: readonly Change[]; readonly there: readonly TargetColumn[] },
): readonly string[] {
  return changes.map((change) => {
    const found = change.change === 'add column' ? undefined : there.find(({ name }) => name === change.column);
    return dialect.tables.alter(named(dialect, table), change, found, there);
  });
}

/** What stands behind SET. */
export function assigned(sets: readonly (readonly [column: string, value: string])[], of = ''): string {
  return sets.map(([column, value]) => `${of}${column} = ${value}`).join(', ');
}
