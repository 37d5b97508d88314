/**
 * How most databases have it, for an engine to spread into the sides of its `write.ts`: standard SQL where there is one, else the words that more than one
 * engine has. A side names beside it what is different there.
 */
import type { OwnTablesSide } from './writes.ts';

const ownTables = {
  primaryKey: 'primary key',
  parameter: (place) => `$${place}`,
  create: (table, parts) => `create table if not exists ${table} (\n  ${parts.join(',\n  ')}\n)`,
  insertUnlessThere: ({ table, columns, values }) => `insert into ${table} (${columns}) values (${values}) on conflict do nothing`,
  selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where} for update`,
} satisfies Partial<OwnTablesSide>;

export const ansi = { ownTables };
