/** What hygge reads from SQLite’s catalogue about a destination table. */
import type { Dependent, TargetColumn, TargetKey } from '../../engine/contracts/catalog.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { InspectedDestination, TableName, TriggerEvent, TriggerSide } from '../writes.ts';
import { notTable } from '../writing-errors.ts';
import { holds } from './columns.ts';
import type { SqliteSession } from './connect.ts';
import { quoteName } from './dialect.ts';

/** The names of the tables in one of hygge’s schemas, which begin with the name of the schema. */
export async function tablesIn(session: SqliteSession, schema: string): Promise<ReadonlySet<string>> {
  const rows = await session.query(`SELECT name FROM sqlite_schema WHERE type = 'table'`);
  const prefix = schema === 'main' ? '' : `${schema}_`;
  return new Set(rows.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}

/** The schemas that have all of these tables. A schema is a prefix of table names. */
export async function schemasWithAll(session: SqliteSession, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query(`SELECT name FROM sqlite_schema WHERE type = 'table'`);
  const all = new Set(rows.map(({ name }) => name ?? ''));
  const ending = `_${tables[0]}`;
  const schemas = [...all].flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));
  return schemas.filter((schema) => tables.every((table) => all.has(`${schema}_${table}`)));
}

export async function columns(session: SqliteSession, { schema, name }: TableName): Promise<readonly TargetColumn[] | null> {
  const table = schema === '' || schema === 'main' ? name : `${schema}_${name}`;
  const [found] = await session.query(
    `SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name WHERE s.type = 'table' AND lower(s.name) = lower($1)`,
    [table],
  );
  if (found === undefined) return null;
  const rows = await session.query(
    `SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo($1)`,
    [table],
  );
  // Only the declaration of the whole table shows whether a column has a collation.
  const isLoose = /\bcollate\s+"?(?!binary\b)/i.test(found.sql ?? '');
  const isAlone = rows.filter(({ pk }) => Number(pk) > 0).length === 1;
  return rows.map(({ name, type, required, given, pk, hidden }): TargetColumn => {
    const held = holds(type ?? '') ?? null;
    const isRowid = isAlone && pk === '1' && (type ?? '').toUpperCase() === 'INTEGER';
    return {
      ...{ name: name ?? '', type: type ?? '', holds: held, nullable: required !== '1' && !isRowid },
      default: given ?? (isRowid ? 'rowid' : null),
      ...{ filled: Number(hidden) > 1 ? 'generated' : 'by rows', length: null, collation: null },
      ...(isLoose && held?.type.kind === 'string' ? { isLoose: true } : {}),
      ...(found.strict === '1' ? { isStrict: true } : {}),
    };
  });
}

export async function destination(session: SqliteSession, table: TableName): Promise<InspectedDestination | null> {
  const there = await columns(session, table);
  if (there === null) {
    const [view] = await session.query(`SELECT 1 AS one FROM sqlite_schema WHERE type = 'view' AND lower(name) = lower($1)`, [table.name]);
    if (view !== undefined) throw notTable(table.name, 'a view');
    return null;
  }
  if (await replacesRows(session, table)) throw replaces(table);
  const pointing = await session.query(
    `SELECT t.name, lower(t.name) = lower($1) AS own, max(f.on_delete = 'RESTRICT') AS restricts, max(f.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT')) AS passes
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND lower(f."table") = lower($1) GROUP BY t.name ORDER BY t.name`,
    [table.name],
  );
  const named = await session.query(
    `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lower(sql), lower($1)) > 0 ORDER BY type, name`,
    [table.name],
  );
  // A short name may be part of many other words, so whole names are compared.
  const bound = named.filter(({ sql }) => namesIn(sql ?? '').has(table.name.toLowerCase()));
  const dependents: readonly Dependent[] = [
    ...pointing.map(({ name, own, restricts, passes }): Dependent => {
      const isOwn = own === '1';
      return {
        ...{ kind: 'foreign key', name: `of ${isOwn ? 'itself' : name}`, columns: null, staysWithOld: true, goesWithTable: true },
        // Rows that refer to rows of the same table can be deleted together with them.
        ...(isOwn && restricts !== '1' ? {} : { holdsRows: true }),
        ...(passes === '1' ? { passesOn: true } : {}),
      };
    }),
    ...bound.map(({ type, name }) => ({ kind: type ?? '', name: name ?? '', columns: null, staysWithOld: true })),
  ];
  const catalog = { columns: there, keys: await keysOf(session, table), dependents, rights: {} };
  return { catalog, bytes: 0, rows: await numbersBetween(session, table) };
}

/** The maximum number of rows that fit between the first and the last rowid. */
async function numbersBetween(session: SqliteSession, { name }: TableName): Promise<number | null> {
  const [kind] = await session.query(`SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower($1)`, [name]);
  if (kind?.wr !== '0') return null;
  const table = quoteName(name);
  const [row] = await session.query(`SELECT (SELECT max(rowid) FROM ${table}) - (SELECT min(rowid) FROM ${table}) + 1 AS n`);
  return Number(row?.n ?? 0);
}

/** Matches quoted texts and comments in a declaration. */
const aside = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The names that a declaration may use, in lower case. SQLite may also read a quoted text as a name. */
function namesIn(sql: string): ReadonlySet<string> {
  const words = sql.matchAll(
    /--[^\n]*|\/\*[\s\S]*?\*\/|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\w$\u0080-\uffff]+)/g,
  );
  const found = new Set<string>();
  for (const [, text, quoted, ticked, bracketed, plain] of words) {
    const name = text?.replaceAll("''", "'") ?? quoted?.replaceAll('""', '"') ?? ticked?.replaceAll('``', '`') ?? bracketed ?? plain;
    if (name !== undefined) found.add(name.toLowerCase());
  }
  return found;
}

/** The triggers of a table. Only the declaration of a trigger shows its effect. SQLite can’t disable triggers. */
export const triggerSide: TriggerSide<SqliteSession> = {
  async activeTriggers(session, { name: table }) {
    const rows = await session.query(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower($1) ORDER BY name`,
      [table],
    );
    return rows.map(({ name, sql }) => {
      const [event] = /\b(delete|insert|update)\b/i.exec((sql ?? '').replace(aside, ' ')) ?? [];
      return { name: `trigger ${name}`, events: [event?.toLowerCase() as TriggerEvent], mayRemoveRows: true };
    });
  },
  // No locks are needed, because only one session writes at a time.
  lockStatements: () => [],
};

/** Whether a constraint replaces rows that violate it. Only the declaration of the constraint shows that. */
async function replacesRows(session: SqliteSession, { name }: TableName): Promise<boolean> {
  const [found] = await session.query(`SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower($1)`, [name]);
  return /\bon\s+conflict\s+replace\b/i.test((found?.sql ?? '').replace(aside, ' '));
}

async function keysOf(session: SqliteSession, { name: table }: TableName): Promise<readonly TargetKey[]> {
  const own = await session.query('SELECT name FROM pragma_table_xinfo($1) WHERE pk > 0 ORDER BY pk', [table]);
  const unique = await session.query(
    `SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list($1) l, pragma_index_info(l.name) i
    WHERE l."unique" = 1 AND l.partial = 0 AND l.origin <> 'pk' GROUP BY l.name HAVING count(*) = count(i.name)`,
    [table],
  );
  return [
    ...(own.length === 0 ? [] : [{ kind: 'primary' as const, name: 'primary key', columns: own.map(({ name }) => name ?? '') }]),
    ...unique.map(({ called, columns: of }) => ({
      kind: 'unique' as const,
      name: called ?? '',
      columns: JSON.parse(of ?? '[]') as readonly string[],
    })),
  ];
}

export async function leadingColumns(session: SqliteSession, { name }: TableName): Promise<ReadonlySet<string>> {
  const rows = await session.query(
    `SELECT i.name FROM pragma_index_list($1) l, pragma_index_info(l.name) i WHERE l.partial = 0 AND i.seqno = 0
    UNION SELECT name FROM pragma_table_xinfo($1) WHERE pk = 1`,
    [name],
  );
  return new Set(rows.map((row) => row.name ?? ''));
}

/** The error for a constraint that replaces rows. Without this error, the number of rows would still seem right. INSERT OR ABORT would override the constraint, but would also override such clauses in all triggers of the table. */
function replaces(table: TableName): StoreError {
  return new StoreError({
    code: 'HYG-4265',
    what: `A constraint of ${table.name} is declared ON CONFLICT REPLACE: rows would replace other rows without an error.`,
    why: ['A settled row would be replaced as soon as another row has the same key, and nulls would become defaults.'],
    tryThis: [
      'Declare the table without ON CONFLICT REPLACE, or name another table: store: { table: … }',
      'To replace rows by their key, let hygge do it: watermark: { column: …, key: [ … ] }',
    ],
  });
}
