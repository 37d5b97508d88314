/** How rows and tables are written in DuckDB: each frame by a parquet file in scratch, so that no value passes through JavaScript. */
import { hash } from 'node:crypto';
import type { Change } from '../../engine/contracts/catalog.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { DataType } from '../../frames/schema.ts';
import { scratchColumn, spooled } from '../../frames/scratch-parquet.ts';
import { assigned } from '../ddl.ts';
import { nameParts } from '../select.ts';
import type { TableName, Tags, Writes } from '../writes.ts';
import { declared, evolution, held, ownType } from './columns.ts';
import type { DuckdbSession } from './connect.ts';
import { carriedOver, columns, destination, tablesIn } from './destination.ts';
import { nameOf, quoteName, quoteText } from './dialect.ts';
import { explainWritten, meaning } from './errors.ts';

const attempt = 'hygge_attempt';

/** Without the column it is another table to DuckDB: a transaction that began to fill it before is refused at its end. */
const tags: Tags<DuckdbSession> = {
  column: attempt,
  async own(session) {
    const [row] = await session.query('select left(uuid()::varchar, 8) as tag');
    return row?.tag ?? '';
  },
  of: (all) => `${attempt} in (${all.map(quoteText).join(', ')})`,
  counted: (table, counts) => `select ${[`${attempt} as tag`, 'count(*) as n', ...counts].join(', ')} from ${table} group by ${attempt}`,
  async closed(session, table, counts) {
    await session.run(`alter table ${table} drop column ${attempt}`);
    // Somebody may have come after this transaction began, and it would not see that.
    return session.beside(tags.counted(table, counts));
  },
};

export const writes: Writes<DuckdbSession> = {
  naming: { longest: null, case: 'ignored', reserved: ['rowid'] },
  held,
  declared,
  ownType,
  evolution,
  table: tableNamed,
  destination,
  columns,
  tablesIn,
  copy,
  // Of a table that has lost rows, no column is altered in the same transaction.
  altersFirst: true,
  settings: `set TimeZone = 'UTC'`,
  briefly: `set TimeZone = 'UTC'`,
  parameter: (place) => `$${place}`,
  own: {
    ...{ text: 'varchar', key: 'varchar', number: 'bigint', instant: 'timestamp with time zone', now: 'now()' },
    primaryKey: 'primary key',
  },
  createdUnlessThere: (table, parts) => `create table if not exists ${table} (\n  ${parts.join(',\n  ')}\n)`,
  insertUnlessThere: ({ table, columns, values }) => `insert into ${table} (${columns}) values (${values}) on conflict do nothing`,
  // Who moves a head that somebody else has moved since the transaction began is refused, and asks again.
  selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where}`,
  kept: (table, from) => [`create table ${table} as select * from ${from} k`, `analyze ${table}`],
  keptNoMore: (table) => `drop table ${table}`,
  createSchema: (schema) => `create schema if not exists ${quoteName(schema)}`,
  lock,
  analyzed: (table) => `analyze ${table}`,
  renamed: (table, to) => `alter table ${table} rename to ${quoteName(to)}`,
  moved: (table, { name }) => `alter table ${nameOf(table)} rename to ${quoteName(name)}`,
  staysInSchema: true,
  tags,
  update: ({ table, source, sets, on }) => `update ${table} t set ${assigned(sets)} from ${source} s where ${on}`,
  deleteFrom: ({ table, where }) => `delete from ${table} t where ${where}`,
  changed,
  altersValue: (value, { from, to }) => `try_cast(try_cast(${value} as ${to}) as ${from})::varchar is distinct from ${value}::varchar`,
  carriedOver,
  rowAsText: () => 'to_json(s)::varchar',
  meaning,
  explain: explainWritten,
};

function tableNamed(written: string): TableName {
  const parts = nameParts(written);
  const [name = '', schema = 'main'] = [parts.at(-1), parts.at(-2)];
  if (parts.length <= 2 && name !== '' && schema !== '') return { schema, name };
  throw new StoreError({
    code: 'HYG-4210',
    what: `${JSON.stringify(written)} is no name of a table in DuckDB.`,
    why: ['It is a name, or a schema and a name with a dot between.'],
    tryThis: ['Write it like sales.orders, or "My Schema"."My.Table" where a dot is in a name'],
  });
}

/** DuckDB has no locks: of two transactions that make a table of one name, the second is refused, though the first has dropped it again. */
function lock(table: string): string {
  const own = `main.${quoteName(`hygge_lock_${hash('sha256', table.toLowerCase()).slice(0, 16)}`)}`;
  return `create table ${own} (one int); drop table ${own}`;
}

function changed(table: string, change: Change): string {
  switch (change.change) {
    case 'add column':
      return `alter table ${table} add column ${quoteName(change.column.name)} ${change.column.override?.declared ?? declared(change.column.type)}`;
    case 'widen':
      return `alter table ${table} alter column ${quoteName(change.column)} type ${declared(change.to)}`;
    case 'drop not null':
      return `alter table ${table} alter column ${quoteName(change.column)} drop not null`;
    case 'rename column':
      return `alter table ${table} rename column ${quoteName(change.column)} to ${quoteName(change.to)}`;
  }
}

const perMicrosecond: Readonly<Record<string, string>> = { us: '', ms: ' * 1000' };

/** A column of the file, as the table declares it. */
function valueIn(type: DataType, place: number): string {
  const own = scratchColumn(place);
  if (type.kind === 'duration') return `to_microseconds(${own}::BIGINT${perMicrosecond[type.unit] ?? ''})`;
  return `${own}::${declared(held(type)?.type ?? type)}`;
}

async function copy(session: DuckdbSession, table: string, frame: Frame, written: (piece: Uint8Array) => void): Promise<number> {
  const { columns: all } = frame.schema;
  await using file = await spooled(frame, session.scratch);
  for await (const piece of file.pieces()) written(piece);
  const names = all.map(({ name }) => quoteName(name)).join(', ');
  const values = all.map(({ type }, place) => valueIn(type, place)).join(', ');
  return await session.execute(`insert into ${table} (${names}) select ${values} from read_parquet(${quoteText(file.path)})`);
}
