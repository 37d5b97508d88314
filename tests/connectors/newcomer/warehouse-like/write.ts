/** A new SQL engine, as small as it can be: what it says of writing, where rows come by files. All else is the family's. */
import { ansiWrites } from '../../../../src/databases/ansi.ts';
import type { DatabaseError, Dialect } from '../../../../src/databases/engine.ts';
import { tableNames } from '../../../../src/databases/table-names.ts';
import type { ErrorClass, TableName, Writes } from '../../../../src/databases/writes.ts';
import { explainWriting } from '../../../../src/databases/writing-errors.ts';
import type { StoredType, TargetColumn } from '../../../../src/engine/contracts/catalog.ts';
import { formatOf } from '../../../../src/formats/formats.ts';
import type { DataType } from '../../../../src/frames/schema.ts';
import type { WarehouseSession } from './warehouse.ts';

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The types that it has, by the names of its catalogue. */
const types: Readonly<Record<string, DataType>> = {
  ...{ BOOLEAN: { kind: 'bool' }, BIGINT: { kind: 'int64' }, DOUBLE: { kind: 'float64' }, VARCHAR: { kind: 'string' } },
  ...{ DATE: { kind: 'date' }, TIMESTAMP: { kind: 'timestamp', unit: 'us' } },
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamp', unit: 'us', zone: 'UTC' },
};

const isZoned = (type: DataType) => type.kind === 'timestamp' && type.zone !== undefined;

function declared(type: DataType): string {
  if (/^u?int(8|16|32)$/.test(type.kind)) return 'BIGINT';
  const same = Object.entries(types).find(([, own]) => own.kind === type.kind && isZoned(own) === isZoned(type));
  return same?.[0] ?? 'VARCHAR';
}

function newColumnHolds(type: DataType): StoredType | undefined {
  if (type.kind === 'timestamp' && type.unit === 'ns') return undefined;
  const own = types[declared(type)];
  return own && (own.kind !== 'string' || ['string', 'uuid', 'null'].includes(type.kind)) ? { type: own } : undefined;
}

export const dialect: Dialect = {
  quote,
  text: quoteText,
  literal: (type, text) => `${quoteText(text)}::${declared(type)}`,
  sortExpression: (expression) => expression,
  canonicalText: (expression, type) =>
    type.kind === 'timestamp' ? `strftime(${expression}, '%Y-%m-%dT%H:%M:%S.%f${isZoned(type) ? 'Z' : ''}')` : `(${expression})::varchar`,
  count: (of) => `count(${of})`,
  selectFirst: (list, rest, most = 1) => `select ${list} ${rest} limit ${most}`,
};

const standard = ansiWrites({ quote }, declared);

async function columns(session: WarehouseSession, { schema, name }: TableName): Promise<readonly TargetColumn[] | null> {
  const rows = await session.query(
    'select column_name, data_type, is_nullable from information_schema.columns where table_schema = $1 and table_name = $2 order by ordinal_position',
    [schema, name],
  );
  const all = rows.map(({ column_name: column, data_type: type, is_nullable: nullable }): TargetColumn => {
    const holds = types[type ?? ''];
    const bare = { default: null, filled: 'by rows', length: null, collation: null } as const;
    return { name: column ?? '', type: type ?? '', holds: holds ? { type: holds } : null, nullable: nullable === 'YES', ...bare };
  });
  return all.length === 0 ? null : all;
}

const names = tableNames({
  ...{ engineName: 'the warehouse', quotePairs: ['""'], quote },
  advice: { form: 'It is a name, or a schema and a name with a dot between.', example: 'sales.orders' },
});

const meanings: readonly (readonly [said: RegExp, meaning: ErrorClass])[] = [
  [/already exists/, 'transient'],
  [/does not exist|No function/, 'missing_object'],
];
const errorClass = ({ message }: DatabaseError): ErrorClass => meanings.find(([said]) => said.test(message))?.[1] ?? 'permanent';
const neededAction = 'Free some space in the warehouse';

export const writes: Writes<WarehouseSession> = {
  columns: {
    naming: { longest: null, case: 'ignored', reserved: [] },
    ...{ newColumnHolds, declared },
    howChanged: ({ change }) => (change === 'widen' ? 'rewrites' : 'in place'),
    altersValueCondition: (value, { from, to }) =>
      `try_cast(try_cast(${value} as ${to}) as ${from})::varchar is distinct from ${value}::varchar`,
  },
  tables: standard.tables,
  catalog: {
    parseTableName: (written) => names.parseDestination(written, 'main'),
    columns,
    async inspectDestination(session, table) {
      const all = await columns(session, table);
      return all && { catalog: { columns: all, keys: [], dependents: [], rights: {} }, bytes: 0, rows: null };
    },
    async tablesIn(session, schema) {
      const schemas = await session.query('select 1 as one from information_schema.schemata where schema_name = $1', [schema]);
      if (schemas.length === 0) return null;
      const tables = await session.query('select table_name as name from information_schema.tables where table_schema = $1', [schema]);
      return new Set(tables.map(({ name }) => name ?? ''));
    },
    async schemasWithAll(session, tables) {
      const found = await session.query(
        `select table_schema as name from information_schema.tables where table_name in (${tables.map(quoteText).join(', ')}) group by 1 having count(*) = ${tables.length}`,
      );
      return found.map(({ name }) => name ?? '');
    },
  },
  staging: {
    load: {
      by: 'files',
      format: () => formatOf('parquet', { compression: 'zstd' }),
      fileBytes: 16 * 1024 ** 2,
      inFile: async (frame) => frame,
      async beginFile({ warehouse: { stage } }, name) {
        const pieces: Uint8Array[] = [];
        return {
          write: async (piece) => void pieces.push(Uint8Array.from(piece)),
          end: async () => void stage.set(name, pieces),
          abandon: async () => undefined,
        };
      },
      load: (session, { table }, { files, columns: all }) =>
        session.warehouse.read(files, (paths) => {
          const names = all.map(({ name }) => quote(name)).join(', ');
          const values = all.map(({ name, type }) => `${quote(name)}::${declared(type)}`).join(', ');
          return session.execute(
            `insert into ${table} (${names}) select ${values} from read_parquet([${paths.map(quoteText).join(', ')}])`,
          );
        }),
      async discardFiles({ warehouse: { stage } }, table) {
        for (const name of stage.keys()) if (name.startsWith(`${table}/`)) stage.delete(name);
      },
    },
  },
  merge: standard.merge,
  commit: {
    ...standard.commit,
    // One transaction at a time: there is nothing to wait for.
    ...{ settings: 'select 1', briefLockSettings: 'select 1', lockStatement: (table) => `select 1 from ${table} limit 0` },
  },
  ownTables: {
    ...standard.ownTables,
    types: { text: 'varchar', key: 'varchar', number: 'bigint', instant: 'timestamp with time zone' },
    nowExpression: 'now()',
    selectForUpdate: ({ list, table, where }) => `select ${list} from ${table} where ${where}`,
    rowAsText: () => 'to_json(s)::varchar',
  },
  errors: {
    errorClass,
    explain: (error, place) => explainWriting(error, { place, why: [`${error.message}.`], errorClass: errorClass(error), neededAction }),
  },
};
