/**
 * System views of a Warehouse, as SQLite's temporary tables: what "System views" and the pages of each view list for Fabric Data Warehouse. "IDENTITY columns": seed
 * and increment are NULL, and the last value is NULL until something has been inserted, then -1.
 */
import type { DatabaseSync } from 'node:sqlite';
import { quote } from '../tsql/sqlite.ts';
import { typeParts, warehouseCollation } from './columns.ts';
import type { Version } from './versions.ts';

type Cell = string | number | bigint | null;

/** Numbers that `sys.types` has, with sizes, digits and scale of types without any of their own. */
const types: Readonly<Record<string, readonly [id: number, length: number, digits: number, scale: number]>> = {
  bit: [104, 1, 1, 0],
  smallint: [52, 2, 5, 0],
  int: [56, 4, 10, 0],
  bigint: [127, 8, 19, 0],
  decimal: [106, 17, 38, 0],
  float: [62, 8, 53, 0],
  real: [59, 4, 24, 0],
  date: [40, 3, 10, 0],
  time: [41, 5, 16, 7],
  datetime2: [42, 8, 27, 7],
  char: [175, 8000, 0, 0],
  varchar: [167, 8000, 0, 0],
  varbinary: [165, 8000, 0, 0],
  uniqueidentifier: [36, 16, 0, 0],
};

export const typeName = (id: unknown): string | null => Object.entries(types).find(([, [one]]) => one === Number(id))?.[0] ?? null;

const empty: Readonly<Record<string, string>> = {
  views: 'object_id, name, schema_id, type, is_ms_shipped',
  triggers: 'object_id, name, parent_id, is_disabled, is_instead_of_trigger',
  default_constraints: 'object_id, name, parent_object_id, parent_column_id, definition',
  check_constraints: 'object_id, name, parent_object_id',
  foreign_keys: 'object_id, name, parent_object_id, referenced_object_id',
  key_constraints: 'name, object_id, schema_id, parent_object_id, type, type_desc, unique_index_id, is_enforced',
  indexes: 'object_id, name, index_id, type, type_desc, is_unique, is_primary_key, is_unique_constraint, is_disabled, has_filter',
  index_columns: 'object_id, index_id, index_column_id, column_id, key_ordinal, is_descending_key, is_included_column',
  computed_columns: 'object_id, name, column_id, definition',
  masked_columns: 'object_id, name, column_id, is_masked, masking_function',
  security_policies: 'object_id, name, is_enabled',
  security_predicates: 'object_id, target_object_id, predicate_type, predicate_definition',
  database_permissions: 'class, major_id, minor_id, grantee_principal_id, permission_name, state_desc',
  extended_properties: 'class, major_id, minor_id, name, value',
};

/** The views that a query names, for a session's state. @returns their names. */
export function fillCatalogue(
  sqlite: DatabaseSync,
  of: { readonly tables: readonly Version[]; readonly schemas: readonly string[]; readonly database: string; readonly query: string },
): ReadonlySet<string> {
  const made = new Set<string>();
  const named = new Set(of.query.toLowerCase().match(/\w+/g));
  const table = (name: string, columns: string, rows: readonly (readonly Cell[])[]) => {
    if (!named.has(name.replace(/^.*\./, '').toLowerCase())) return;
    made.add(name);
    const names = columns.split(', ');
    sqlite.exec(
      `drop table if exists temp.${quote(name)}; create temp table ${quote(name)} (${names.map((one) => `${quote(one)} collate rtrim`).join(', ')})`,
    );
    const insert = sqlite.prepare(`insert into temp.${quote(name)} values (${names.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...row);
  };
  const { tables, schemas, database } = of;
  const schemaId = (schema: string) => (schema === 'dbo' ? 1 : 5 + [...schemas].sort().indexOf(schema));
  const since = '2026-11-23 00:00:00.000000';
  table(
    'sys.schemas',
    'name, schema_id, principal_id',
    schemas.map((name) => [name, schemaId(name), 1]),
  );
  const objects = tables.map(({ id, name, schema }): Cell[] => [
    name,
    id,
    null,
    schemaId(schema),
    0,
    'U ',
    'USER_TABLE',
    since,
    since,
    0,
    0,
  ]);
  const objectColumns =
    'name, object_id, principal_id, schema_id, parent_object_id, type, type_desc, create_date, modify_date, is_ms_shipped, is_published';
  table(
    'sys.tables',
    `${objectColumns}, is_external, temporal_type, is_memory_optimized`,
    objects.map((row) => [...row, 0, 0, 0]),
  );
  table('sys.all_objects', objectColumns, objects);
  table('sys.objects', objectColumns, objects);
  table('sys.types', 'name, system_type_id, user_type_id, max_length, precision, scale, is_user_defined', [
    ...Object.entries(types).map(([name, [id, length, digits, scale]]): Cell[] => [name, id, id, length, digits, scale, 0]),
  ]);
  const columns = tables.flatMap((of) => of.columns.map((column, at) => ({ of, column, place: at + 1 })));
  table(
    'sys.columns',
    'object_id, name, column_id, system_type_id, user_type_id, max_length, precision, scale, collation_name, is_nullable, is_identity, is_computed, is_masked, generated_always_type, encryption_type, default_object_id, is_hidden, is_sparse, is_rowguidcol',
    columns.map(({ of, column, place }) => {
      const parts = typeParts(column.type);
      const [id, length, digits, scale] = types[parts.name] ?? [0, 0, 0, 0];
      const isSized = /char|binary/.test(parts.name);
      const size = isSized ? (parts.length === 'max' ? -1 : parts.length) : length;
      const isScaled = /decimal|time|datetime2/.test(parts.name);
      const precision = parts.name === 'decimal' ? parts.precision : isScaled ? digits - 7 + parts.scale : digits;
      const rest = [column.collation, Number(column.nullable), Number(column.counted), 0, 0, 0, null, 0, 0, 0, 0];
      return [of.id, column.name, place, id, id, size, precision, isScaled ? parts.scale : scale, ...rest];
    }),
  );
  table(
    'sys.identity_columns',
    'object_id, name, column_id, seed_value, increment_value, last_value, is_identity',
    columns
      .filter(({ column }) => column.counted)
      .map(({ of, column, place }) => [of.id, column.name, place, null, null, of.counter.last, 1]),
  );
  for (const [name, listed] of Object.entries(empty)) table(`sys.${name}`, listed, []);
  table('sys.database_principals', 'name, principal_id, type, type_desc', [
    ['dbo', 1, 'S', 'SQL_USER'],
    ['loader', 5, 'E', 'EXTERNAL_USER'],
  ]);
  table('sys.databases', 'name, database_id, collation_name, snapshot_isolation_state, is_read_committed_snapshot_on', [
    [database, 5, warehouseCollation, 1, 1],
  ]);
  return made;
}
