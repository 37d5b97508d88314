import type { DuckDBConnection } from '@duckdb/node-api';
import { type Column, type LandedFile, marker, position, quoted, rowsOf } from './landed-file.ts';
import type { Metadata } from './metadata.ts';
import { Refused } from './rules.ts';

/** Columns of a table after a file: all that were ever there, in the order of their coming. Refuses what Microsoft's table of schema changes refuses. */
export function mergedColumns(before: readonly Column[], { columns }: Pick<LandedFile, 'columns'>): readonly Column[] {
  const same = (name: string) => (one: Column) => one.name.toLowerCase() === name.toLowerCase();
  for (const { name, isNullable } of before) {
    if (!isNullable && !columns.some(same(name))) throw new Refused('NotNullDropped', `"${name}" is missing.`);
  }
  const added: Column[] = [];
  for (const column of columns) {
    const there = before.find(same(column.name));
    if (there === undefined) {
      if (before.length > 0 && !column.isNullable) throw new Refused('RequiredAdded', `"${column.name}" is not.`);
      added.push(column);
    } else if (there.type !== column.type || there.name !== column.name) {
      throw new Refused('ColumnRetyped', `"${there.name}" was ${there.type}; "${column.name}" is ${column.type}.`);
    } else if (!there.isNullable && column.isNullable) {
      throw new Refused('RequiredRelaxed', `"${column.name}" is nullable now.`);
    }
  }
  return [...before, ...added];
}

/** Applies the rows of `landed` to a table in their order. The caller has made the table's columns ready. */
export async function applyLanded(
  connection: DuckDBConnection,
  table: string,
  file: LandedFile,
  { keyColumns, upsertsByDefault }: Metadata,
): Promise<void> {
  // Without a marker the whole file is inserted, unless isUpsertDefaultRowMarker makes its rows upserts.
  const operation = file.hasMarker ? marker : upsertsByDefault ? '4' : '0';
  const missing = keyColumns.find((key) => !file.columns.some(({ name }) => name === key));
  if (missing !== undefined) throw new Refused('KeyColumnMissing', `"${missing}" is not there.`);
  await connection.run(`create or replace temp table changes as select *, cast(${operation} as integer) as __operation__ from landed`);
  if (keyColumns.length === 0) {
    const changes = await rowsOf(connection, 'select 1 from changes where __operation__ <> 0 limit 1');
    if (changes.length > 0) throw new Refused('ChangeWithoutKeys', 'The table has none.');
  } else {
    await applyKeyed(connection, table, keyColumns);
  }
  const names = file.columns.map(({ name }) => `c.${quoted(name)}`).join(', ');
  const order = `order by c.${quoted(position)}`;
  const from =
    keyColumns.length === 0
      ? 'from changes c'
      : `from changes c left join last_changes l on ${equal(keyColumns, 'c', 'l')}
         where (c.__operation__ = 0 and (l.at is null or c.${quoted(position)} > l.at)) or (c.__operation__ in (1, 4) and c.${quoted(position)} = l.at)`;
  await connection.run(`insert into ${quoted(table)} by name select ${names} ${from} ${order}`);
}

const equal = (keys: readonly string[], a: string, b: string): string =>
  keys.map((key) => `${a}.${quoted(key)} is not distinct from ${b}.${quoted(key)}`).join(' and ');

/** Removes the rows whose key an update, a delete or an upsert has; the last of them for each key is in `last_changes`. */
async function applyKeyed(connection: DuckDBConnection, table: string, keys: readonly string[]): Promise<void> {
  const list = keys.map(quoted).join(', ');
  const isNull = keys.map((key) => `${quoted(key)} is null`).join(' or ');
  const nulls = await rowsOf(connection, `select 1 from changes where ${isNull} limit 1`);
  if (nulls.length > 0) throw new Refused('NullKey', `A row has one in ${list}.`);
  await connection.run(
    `create or replace temp table last_changes as
     select ${list}, max(${quoted(position)}) as at from changes where __operation__ <> 0 group by ${list}`,
  );
  await checkAmbiguous(connection, table, keys);
  await connection.run(`delete from ${quoted(table)} as t using last_changes as l where ${equal(keys, 't', 'l')}`);
}

/** Looks for an update that would find several rows: of the table as it was, or that the file inserted before it. */
async function checkAmbiguous(connection: DuckDBConnection, table: string, keys: readonly string[]): Promise<void> {
  const list = keys.map(quoted).join(', ');
  const before = `over (partition by ${list} order by ${quoted(position)} rows between unbounded preceding and 1 preceding)`;
  const [found] = await rowsOf(
    connection,
    `with steps as (
       select ${list}, ${quoted(position)} as at, __operation__ as operation,
         count(*) filter (__operation__ = 0) ${before} as inserts,
         max(${quoted(position)}) filter (__operation__ <> 0) ${before} as previous
       from changes
     ), there as (select ${list}, count(*) as n from ${quoted(table)} group by ${list})
     select s.at from steps s
     left join steps p on p.at = s.previous
     left join there t on ${equal(keys, 's', 't')}
     where s.operation in (1, 4)
       and s.inserts - coalesce(p.inserts, 0) + case when p.at is null then coalesce(t.n, 0) when p.operation = 2 then 0 else 1 end > 1
     limit 1`,
  );
  if (found !== undefined) throw new Refused('AmbiguousKey', `Row ${String(found.at)} finds several.`);
}
