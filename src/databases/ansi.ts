/** Defaults for most databases, which an engine spreads into the sides of its `write.ts`. The defaults use standard SQL if possible, else syntax that more than one engine has. An engine adds what differs in its database. */
import type { Change } from '../engine/contracts/catalog.ts';
import { setClause } from './ddl.ts';
import type { Dialect } from './engine.ts';
import type { ColumnSide, CommitInTransaction, MergeSide, OwnTablesSide, TableSide } from './writes.ts';

const ownTables = {
  tablesFor: 'all entities',
  primaryKeyClause: 'primary key',
  parameter: (place) => `$${place}`,
  createIfMissing: (table, parts) => `create table if not exists ${table} (\n  ${parts.join(',\n  ')}\n)`,
  insertUnlessThere: ({ table, columns, values }) => `insert into ${table} (${columns}) values (${values}) on conflict do nothing`,
  selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where} for update`,
} satisfies Partial<OwnTablesSide>;

const merge = {
  createTemporary: (table, from) => [`create table ${table} as select * from ${from} k`, `analyze ${table}`],
  dropTemporary: (table) => `drop table ${table}`,
  update: ({ table, source, sets, on }) => `update ${table} hygge_now set ${setClause(sets)} from ${source} hygge_new where ${on}`,
  deleteFrom: ({ table, where }) => `delete from ${table} hygge_now where ${where}`,
} satisfies Partial<MergeSide>;

export function ansiWrites({ quote }: Pick<Dialect, 'quote'>, declared: ColumnSide['declared']) {
  const tables = {
    createSchema: (schema) => `create schema if not exists ${quote(schema)}`,
    analyze: (table) => `analyze ${table}`,
    alter: (table, change) => `alter table ${table} ${alteration(change)}`,
  } satisfies Partial<TableSide>;

  const commit = {
    by: 'transaction',
    renameStatement: (table, to) => `alter table ${table} rename to ${quote(to)}`,
  } satisfies Partial<CommitInTransaction>;

  function alteration(change: Change): string {
    switch (change.change) {
      case 'add column':
        return `add column ${quote(change.column.name)} ${change.column.override?.declared ?? declared(change.column.type)}`;
      case 'widen':
        return `alter column ${quote(change.column)} type ${declared(change.to)}`;
      case 'drop not null':
        return `alter column ${quote(change.column)} drop not null`;
      case 'rename column':
        return `rename column ${quote(change.column)} to ${quote(change.to)}`;
    }
  }

  return { ownTables, tables, merge, commit };
}
