/** What hygge reads from DuckDB’s catalogue about a destination table, and what a replacement of that table takes over. */
import type { Dependent, TargetColumn, TargetKey } from '../../engine/contracts/catalog.ts';
import { tokensOf } from '../sql/statements.ts';
import type { InspectedDestination, TableName } from '../writes.ts';
import { notTable } from '../writing-errors.ts';
import { calledOf, holds } from './columns.ts';
import type { DuckdbSession } from './connect.ts';
import { nameOf, quoteName, quoteText } from './dialect.ts';
import { duckdbSyntax } from './syntax.ts';

const here = 'database_name = current_database()';
const ofTable = `${here} and lower(schema_name) = lower($1) and lower(table_name) = lower($2)`;

export async function tablesIn(session: DuckdbSession, schema: string): Promise<ReadonlySet<string> | null> {
  const rows = await session.query(
    `select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.database_name = s.database_name and t.schema_name = s.schema_name
    where s.database_name = current_database() and lower(s.schema_name) = lower($1)`,
    [schema],
  );
  return rows.length === 0 ? null : new Set(rows.flatMap(({ name }) => (name == null ? [] : [name])));
}

export async function schemasWithAll(session: DuckdbSession, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query(
    `select schema_name as name from duckdb_tables() where database_name = current_database() and table_name in (${tables.map(quoteText).join(', ')})
    group by schema_name having count(*) = ${tables.length} order by 1`,
  );
  return rows.map(({ name }) => name ?? '');
}

export async function columns(session: DuckdbSession, table: TableName): Promise<readonly TargetColumn[] | null> {
  const [found] = await session.query(`select sql from duckdb_tables() where ${ofTable}`, [table.schema, table.name]);
  if (found === undefined) return null;
  const rows = await session.query(
    `select column_name as name, is_nullable::varchar as nullable, column_default as given from duckdb_columns() where ${ofTable}`,
    [table.schema, table.name],
  );
  const known = new Map(rows.map((row) => [row.name, row]));
  // Only the declaration of the whole table shows which column has a collation.
  const isLoose = /\bcollate\b/i.test(found.sql ?? '');
  const generated = generatedIn(found.sql ?? '');
  const fields = await session.describe(`select * from ${nameOf(table)}`);
  return fields.map(({ name, type }): TargetColumn => {
    const { nullable, given } = known.get(name) ?? {};
    const isGenerated = generated.has(name.toLowerCase());
    const text = String(type) === 'VARCHAR' && type.alias === undefined;
    return {
      ...{
        name,
        type: calledOf(type),
        holds: holds(type) ?? null,
        nullable: nullable !== 'false',
        default: isGenerated ? null : (given ?? null),
      },
      ...{ filled: isGenerated ? 'generated' : 'by rows', length: null, collation: null },
      ...(isLoose && text ? { isLoose: true } : {}),
    };
  });
}

/** Only the declaration of the whole table shows which columns are computed from other columns. @returns the names of the computed columns in lower case. */
function generatedIn(sql: string): ReadonlySet<string> {
  const found = new Set<string>();
  let depth = 0;
  let words: string[] = [];
  for (const { kind, text } of tokensOf(sql, duckdbSyntax)) {
    if (kind === 'sign' && text === ')') depth--;
    if (depth === 1 && kind === 'sign' && text === ',') words = [];
    else if (depth === 1) words.push(kind === 'name' ? text.slice(1, -1).replaceAll('""', '"').toLowerCase() : text);
    if (kind === 'sign' && text === '(') depth++;
    if (kind === 'word' && words.slice(-3).join(' ') === 'generated always as') found.add(words[0] ?? '');
  }
  return found;
}

export async function destination(session: DuckdbSession, table: TableName): Promise<InspectedDestination | null> {
  const there = await columns(session, table);
  if (there === null) {
    const [view] = await session.query(
      `select 1 as one from duckdb_views() where ${here} and lower(schema_name) = lower($1) and lower(view_name) = lower($2)`,
      [table.schema, table.name],
    );
    if (view !== undefined) throw notTable(`${table.schema}.${table.name}`, 'a view');
    return null;
  }
  const { keys, dependents } = await boundTo(session, table);
  // DuckDB stores the number of rows of each row group, so a count is cheap.
  return { catalog: { columns: there, keys, dependents, rights: {} }, bytes: 0, rows: null };
}

/** Everything that depends on the table, and that a replacement of the table would lack. */
async function boundTo(
  session: DuckdbSession,
  { schema, name }: TableName,
): Promise<{ readonly keys: readonly TargetKey[]; readonly dependents: readonly Dependent[] }> {
  const constraints = await session.query(
    `select constraint_type as kind, constraint_name as name, to_json(constraint_column_names)::varchar as columns, 'own' as whose from duckdb_constraints()
      where ${ofTable} and constraint_type <> 'NOT NULL'
    union all select constraint_type, constraint_name || ' of ' || table_name, to_json(referenced_column_names)::varchar, 'other' from duckdb_constraints()
      where ${here} and lower(schema_name) = lower($1) and lower(referenced_table) = lower($2) and constraint_type = 'FOREIGN KEY'
    union all select 'INDEX', index_name, null, 'own' from duckdb_indexes() where ${ofTable}`,
    [schema, name],
  );
  const found = constraints.map(({ kind, name: called, columns: of, whose }) => ({
    kind: (kind ?? '').toLowerCase(),
    name: called ?? '',
    columns: of == null ? null : (JSON.parse(of) as readonly string[]),
    isOthers: whose === 'other',
  }));
  return {
    keys: found.flatMap(({ kind, name: called, columns: of }): readonly TargetKey[] =>
      of !== null && (kind === 'primary key' || kind === 'unique')
        ? [{ kind: kind === 'unique' ? 'unique' : 'primary', name: called, columns: of }]
        : [],
    ),
    dependents: found.map(({ kind, name: called, columns: of, isOthers }) => ({
      ...{ kind, name: called, columns: of, staysWithOld: true },
      ...(kind === 'index' ? {} : { goesWithTable: true as const }),
      ...(isOthers ? { holdsRows: true as const } : {}),
      // If a table has an index, or another table refers to it by a foreign key, DuckDB can add columns, but can’t alter columns.
      ...(isOthers || kind === 'index' ? { keepsColumns: true as const } : {}),
    })),
  };
}

/** All columns of a table whose rows can be deleted and inserted again in one transaction. Null: another object depends on the rows, or rows do not fill all columns. */
export async function plainColumns(session: DuckdbSession, table: TableName): Promise<readonly string[] | null> {
  const { dependents } = await boundTo(session, table);
  const [own] = await session.query(`select sql from duckdb_tables() where ${ofTable}`, [table.schema, table.name]);
  if (dependents.length > 0 || /\bgenerated\b/i.test(own?.sql ?? '')) return null;
  const rows = await session.query(`select column_name as name from duckdb_columns() where ${ofTable} order by column_index`, [
    table.schema,
    table.name,
  ]);
  const names = rows.map(({ name }) => name ?? '');
  return names.some((name) => ['rowid', 'hygge_row'].includes(name.toLowerCase())) ? null : names;
}

/** The comments and defaults that a replacement takes over. A table with anything else is not replaced. */
export async function carriedOver(session: DuckdbSession, table: TableName, wanted: readonly string[]): Promise<readonly string[]> {
  const target = nameOf(table);
  const [own] = await session.query(`select comment from duckdb_tables() where ${ofTable}`, [table.schema, table.name]);
  const rows = await session.query(`select column_name as name, comment, column_default as given from duckdb_columns() where ${ofTable}`, [
    table.schema,
    table.name,
  ]);
  const stay = rows.filter(({ name }) => wanted.includes(name ?? ''));
  return [
    ...(own?.comment == null ? [] : [`comment on table ${target} is ${quoteText(own.comment)}`]),
    ...stay.flatMap(({ name, comment, given }) => [
      ...(comment == null ? [] : [`comment on column ${target}.${quoteName(name ?? '')} is ${quoteText(comment)}`]),
      ...(given == null ? [] : [`alter table ${target} alter column ${quoteName(name ?? '')} set default ${given}`]),
    ]),
  ];
}
