/** SQL that makes tables and changes tables. */
import type { Change, TargetColumn } from '../engine/contracts/catalog.ts';
import type { Column, DataType } from '../frames/schema.ts';
import type { Dialect, Session } from './engine.ts';
import type { ColumnSide, FilledBy, TableName, Writes } from './writes.ts';

export type DdlDialect = Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'columns' | 'tables'>;

export function quotedTable({ quote, quoteTable: own }: Pick<Dialect, 'quote' | 'quoteTable'>, table: TableName): string {
  return own?.(table) ?? `${quote(table.schema)}.${quote(table.name)}`;
}

/** The quoted name of one of hygge’s own tables, which is a plain word. */
export function quotedOwnTable({ quote, quoteTable: own }: Pick<Dialect, 'quote' | 'quoteTable'>, schema: string, name: string): string {
  return own?.({ schema, name }) ?? `${quote(schema)}.${name}`;
}

export function quotedColumns({ quote }: Pick<Dialect, 'quote'>, names: readonly string[], of = ''): string {
  return names.map((name) => `${of}${quote(name)}`).join(', ');
}

interface Creating {
  /** `kept`: every column may be null, even if the schema declares it NOT NULL. */
  readonly nulls: 'kept' | 'as declared';
  /** How a staged table is filled. Absent: rows are loaded into the table. */
  readonly filledBy?: FilledBy;
  /** The result of `TableSide.hiddenKeyClause`. */
  readonly rowKey?: string;
}

/** The statement that makes a table in the database of the session. */
export async function createTableStatementIn(
  session: Session,
  dialect: DdlDialect & Pick<Writes, 'tables'>,
  {
    table,
    columns,
    nulls,
    filledBy = 'load',
  }: { readonly table: TableName; readonly columns: readonly Column[] } & Pick<Creating, 'nulls' | 'filledBy'>,
): Promise<string> {
  return createTableStatement(dialect, table, columns, {
    nulls,
    filledBy,
    rowKey: (await dialect.tables.hiddenKeyClause?.(session)) ?? '',
  });
}

export function createTableStatement(
  dialect: DdlDialect,
  table: TableName,
  columns: readonly Column[],
  { nulls, filledBy = 'load', rowKey = '' }: Creating,
): string {
  const declared = columns.map((column) => {
    const required = nulls === 'as declared' && !column.nullable;
    // A staged column may be declared with any type that its values have.
    const type =
      nulls === 'as declared'
        ? columnDeclaration(dialect, column)
        : (dialect.columns.declaredStaged?.(column.type, filledBy) ?? dialect.columns.declared(column.type));
    return `${dialect.quote(column.name)} ${type}${required ? ' not null' : ''}`;
  });
  return `create table ${quotedTable(dialect, table)} (${declared.join(', ')}${rowKey})${dialect.tables.tableOptions ?? ''}`;
}

/** The type that `schema_overrides` names, if it is the name of a type of the database. */
export function columnDeclaration(
  { columns: { declared } }: { readonly columns: Pick<ColumnSide, 'declared'> },
  { type, override }: Pick<Column, 'type' | 'override'>,
): string {
  return override?.declared ?? declared(type);
}

/** Converts an expression to the type. The expression has a type of the same kind, or is a canonical text. */
export function castTo({ columns: { castToType, declared } }: Pick<Writes, 'columns'>, expression: string, type: DataType): string {
  return castToType?.(expression, type) ?? `cast(${expression} as ${declared(type)})`;
}

export function alterStatements(
  dialect: DdlDialect,
  table: TableName,
  { changes, there }: { readonly changes: readonly Change[]; readonly there: readonly TargetColumn[] },
): readonly string[] {
  return changes.map((change) => {
    const found = change.change === 'add column' ? undefined : there.find(({ name }) => name === change.column);
    return dialect.tables.alter(quotedTable(dialect, table), change, found, there);
  });
}

/** The text after SET in an UPDATE. */
export function setClause(sets: readonly (readonly [column: string, value: string])[], of = ''): string {
  return sets.map(([column, value]) => `${of}${column} = ${value}`).join(', ');
}
