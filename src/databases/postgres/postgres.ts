/** PostgreSQL and compatible systems as a connector. */

import type { AccessKind, Requirement, Resource, Right, TableFound } from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import type { DataType } from '../../frames/schema.ts';
import {
  type Engine,
  type GrantRequest,
  type GrantTarget,
  grantRight,
  grantRightByHand,
  notMadeYet,
  type OwnSchemas,
  type Relation,
  type RelationPart,
  type RightsSide,
  type Row,
  type Source,
  type SourceColumn,
  type StateSide,
} from '../engine.ts';
import { decimalsAdvice } from '../errors.ts';
import { bestKey, type KeyColumn, risingOf } from '../sql/rising.ts';
import type { TableName } from '../writes.ts';
import { estimate, late, look } from './catalog.ts';
import type { PostgresSession } from './connect.ts';
import { address, configuredRole, connecting as poolOptions, role } from './connect.ts';
import { dialect, finite as finiteCondition, names, quoteName, quoteText } from './dialect.ts';
import { explain } from './errors.ts';
import { addressOf, clash as keyConflict, keys, type PostgresKeys, shownHost } from './keys.ts';
import { rows } from './read.ts';
import { settledAs as asSettledColumn, rowSums } from './row-sums.ts';
import { postgresSyntax } from './syntax.ts';
import { ignoreDuplicateClause, lockTimeout, writes } from './write.ts';

/** The number of blocks that are read to find one bound. */
const blocksEach = 40;

/** Types of columns whose values divide a table well, because they are compared fast. */
const cutting: readonly DataType['kind'][] = ['int16', 'int32', 'int64', 'uuid', 'string', 'decimal', 'date', 'timestamp'];

async function cutPoints(session: PostgresSession, piece: RelationPart, column: SourceColumn, parts: number): Promise<readonly string[]> {
  if (!cutting.includes(column.type.kind) || column.shownAsText || piece.blocks === null || piece.blocks === 0) return [];
  const percent = Math.min(100, Math.max(0.01, (100 * parts * blocksEach) / piece.blocks));
  const fractions = Array.from({ length: parts - 1 }, (_, n) => (n + 1) / parts).join(', ');
  const key = quoteName(column.name);
  const found = await session.query(
    `SELECT DISTINCT b AS bound, b::text AS text FROM pg_catalog.unnest((SELECT pg_catalog.percentile_disc(ARRAY[${fractions}]::float8[]) WITHIN GROUP (ORDER BY ${key})
      FROM ${piece.from} TABLESAMPLE SYSTEM (${percent}))) AS b WHERE b IS NOT NULL ORDER BY b`,
  );
  return found.map(({ text }: Row) => `${quoteText(text ?? '')}::${column.sourceType}`);
}

async function probe(session: PostgresSession, relation: Relation): Promise<readonly string[]> {
  const [who] = await session.query(
    `SELECT current_user AS role, pg_catalog.current_setting('server_version') AS version, pg_catalog.current_database() AS database,
      (SELECT s.ssl::text FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()) AS tls,
      (SELECT s.version FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()) AS tls_version,
      (SELECT pg_catalog.count(*)::text FROM pg_catalog.pg_stat_activity a WHERE a.usename = current_user AND a.backend_type = 'client backend') AS connections,
      (SELECT pg_catalog.pg_has_role(r.oid, 'USAGE')::text FROM pg_catalog.pg_roles r WHERE r.rolname = 'pg_read_all_stats') AS sees`,
  );
  const { role = '', version = '', database = '', tls, tls_version = '', connections = '', sees } = who ?? {};
  const unseen = await late.unseenReason?.(session, relation);
  return [
    `PostgreSQL ${version} lets ${role} connect to ${database} (open connections of the role: ${connections})`,
    tls === 'true' ? `the connection is encrypted (${tls_version})` : 'the connection is not encrypted',
    `${role} may read ${relation.shown}: ${counted(relation.columns.length, 'column')}`,
    unseen
      ? `${unseen.why}: an incremental run by a watermark needs a lag`
      : sees === 'true'
        ? `${role} sees when transactions of other roles began: a watermark waits for exactly the transactions that began before its newest value was read`
        : `${role} can't see when transactions of other roles began, so a watermark waits for the open transactions and for one more transaction of each of their sessions. GRANT pg_read_all_stats TO ${quoteName(role ?? '')} makes this exact`,
  ];
}

const ofRows = 'SELECT, INSERT, UPDATE, DELETE';

const tableOf = (written: string): TableName => names.parse(written, 'public');

function requirements(
  given: PostgresKeys,
  doing: readonly AccessKind[],
  source: Source | undefined,
  own?: OwnSchemas,
): readonly Requirement[] {
  const { hosts, database } = addressOf(given, {});
  const of = source !== undefined && 'table' in source ? { table: source.table } : {};
  const places = hosts.filter(({ host }) => !host.startsWith('/'));
  const resource = { database, server: hosts.map(shownHost).join(',') };
  const role = (role: string, doing: readonly AccessKind[], on: Resource): Requirement => ({
    need: 'role',
    system: 'postgres',
    doing,
    resource: on,
    role,
  });
  return [
    ...places.map((host): Requirement => ({ need: 'host', name: shownHost(host), port: host.port })),
    ...(doing.includes('read') ? [role('SELECT', ['read'], { ...of, ...resource })] : []),
    ...(doing.includes('write')
      ? [
          role(ofRows, ['write'], { ...of, ...resource }),
          // The account needs no rights on the tables that it makes, because it owns them.
          ...(source !== undefined && 'table' in source
            ? [role('USAGE, CREATE', ['manage'], { schema: tableOf(source.table).schema, ...resource })]
            : []),
          ...(own
            ? [
                role(ofRows, ['write'], { schema: own.metadata, ...resource }),
                role('USAGE, CREATE', ['stage'], { schema: own.staging, ...resource }),
              ]
            : []),
        ]
      : []),
    ...(given.auth === 'entra' || given.password === undefined ? [] : [{ need: 'secret', name: 'password' } as const]),
    ...(given.connection_string === undefined ? [] : [{ need: 'secret', name: 'connection_string' } as const]),
  ];
}

/** How hygge stores its state in PostgreSQL. */
const {
  ownTables: { types },
  tables: { createSchema },
  catalog: { tablesIn },
  errors: { errorClass },
} = writes;

const nowExpression = dialect.canonicalText('pg_catalog.clock_timestamp()', { kind: 'timestamp', unit: 'us', zone: 'UTC' });

const stateSide: StateSide<PostgresSession> = {
  ...{ types, ignoreDuplicateClause, createSchema, tablesIn, errorClass },
  connections: 4,
  quotedTable: (schema, name) => `${quoteName(schema)}.${name}`,
  // If a machine has vanished, the locks of its session must end before the lease does.
  writeTransactionSettings: `set local lock_timeout = '${lockTimeout}'; set local idle_in_transaction_session_timeout = '60s'`,
  nowExpression,
  isDenied: ({ code }) => code === '42501',
};

function ownTableRights({ role, schema, tables, stagingSchema }: GrantTarget): readonly Right[] {
  const to = quoteName(role);
  const all = tables.map((name) => `${quoteName(schema)}.${name}`).join(', ');
  return [
    grantRight('USAGE', { on: `SCHEMA ${quoteName(schema)}`, to }),
    ...(tables.length === 0 ? [] : [grantRight(ofRows, { on: all, to })]),
    ...(stagingSchema === null ? [] : [grantRight('USAGE, CREATE', { on: `SCHEMA ${quoteName(stagingSchema)}`, to })]),
  ];
}

const widelyRead =
  '-- This reads all schemas of every database that the role may connect to. For less, name a schema in the flow: table: "sales.{entity}"';

/** A right on all tables. Tables that are made later get the right automatically if the role that runs the statement makes them. @param tables `sales.*`, or `*` */
function onAllTables(right: string, tables: string, to: string): readonly Right[] {
  // PostgreSQL has no right for all tables of one database that includes later tables. Only homes need such a right, since a store names a schema.
  if (tables === '*') {
    const { give, take } = grantRight('pg_read_all_data', { to });
    return [{ give: `${widelyRead}\n${give}`, take }];
  }
  const schema = tableOf(`${tables.slice(0, -'.*'.length)}.x`).schema;
  const inSchema = `IN SCHEMA ${quoteName(schema)}`;
  const [later, before] = [
    `ALTER DEFAULT PRIVILEGES ${inSchema} GRANT ${right} ON TABLES TO ${to}`,
    `ALTER DEFAULT PRIVILEGES ${inSchema} REVOKE ${right} ON TABLES FROM ${to}`,
  ];
  return [
    grantRight('USAGE', { on: `SCHEMA ${quoteName(schema)}`, to }),
    grantRight(right, { on: `ALL TABLES ${inSchema}`, to }),
    { give: later, take: before },
  ];
}

const rights: RightsSide = {
  createIdentity(role, identity) {
    const once = '-- Once, as an administrator who signs in by Entra ID, in the database postgres:\n-- select * from pg_catalog.';
    const made =
      identity === undefined
        ? `pgaadauth_create_principal(${quoteText(role)}, false, false);`
        : `pgaadauth_create_principal_with_oid(${quoteText(role)}, '<object id of the identity ${identity}>', 'service', false, false);`;
    return { give: `${once}${made}`, take: null };
  },
  rightsFor({ right, resource: { table, tables, schema }, isMade }, role) {
    const to = quoteName(role);
    if (tables !== undefined) return onAllTables(right, tables, to);
    if (schema !== undefined)
      return [
        // The schema of a store may not exist yet, so a statement makes it first.
        ...(/CREATE/.test(right) ? [{ give: writes.tables.createSchema(schema), take: null, first: true as const }] : []),
        grantRight(right, { on: `SCHEMA ${quoteName(schema)}`, to }),
      ];
    if (table === undefined) return [grantRightByHand(to)];
    const at = tableOf(table);
    const on = `${quoteName(at.schema)}.${quoteName(at.name)}`;
    const onTable = grantRight(right, { on, to });
    const ifThere = (statement: string, otherwise = '') =>
      `do ${quoteText(`begin if pg_catalog.to_regclass(${quoteText(on)}) is not null then ${statement};${otherwise} end if; end`)}`;
    // If hygge is to make the schema, hygge will own it, so rights are granted only if the schema exists.
    if (right === ofRows) return [{ give: ifThere(onTable.give), take: ifThere(onTable.take ?? '') }];
    const onSchema = grantRight('USAGE', { on: `SCHEMA ${quoteName(at.schema)}`, to });
    if (!isMade) return [onSchema, onTable];
    const notYet = ` else raise notice '%', ${quoteText(notMadeYet(on))};`;
    return [onSchema, { give: ifThere(onTable.give, notYet), take: ifThere(onTable.take ?? '') }];
  },
};

/** The statements for every missing right, on existing schemas and tables and on those that hygge makes. */
async function missingGrantStatements(session: PostgresSession, of: GrantRequest): Promise<readonly string[]> {
  const [who] = await session.query('SELECT current_user AS role, pg_catalog.current_database() AS database');
  const to = quoteName(who?.role ?? '');
  const missing: string[] = [];
  const schema = async (name: string, rights: readonly ('usage' | 'create')[]) => {
    const [row] = await session.query(
      `SELECT pg_catalog.has_schema_privilege(oid, 'USAGE')::text AS usage, pg_catalog.has_schema_privilege(oid, 'CREATE')::text AS "create"
      FROM pg_catalog.pg_namespace WHERE nspname = $1`,
      [name],
    );
    const lacks = rights.filter((right) => row?.[right] === 'false');
    if (lacks.length > 0) missing.push(`grant ${lacks.join(', ')} on schema ${quoteName(name)} to ${to}`);
    return row !== undefined;
  };
  const table = async (name: TableName, rights: readonly string[]) => {
    const [row] = await session.query(
      `SELECT pg_catalog.array_to_string(ARRAY(SELECT r FROM pg_catalog.unnest($3::text[]) r WHERE NOT pg_catalog.has_table_privilege(c.oid, r)), ', ') AS lacks
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'm', 'v', 'p', 'f')`,
      [name.schema, name.name, `{${rights.join(',')}}`],
    );
    if (row?.lacks) missing.push(`grant ${row.lacks} on ${quoteName(name.schema)}.${quoteName(name.name)} to ${to}`);
    return row !== undefined;
  };
  if ('read' in of) {
    if (!('table' in of.read)) return [];
    const { schema: where, name } = tableOf(of.read.table);
    if (await schema(where, ['usage'])) await table({ schema: where, name }, ['select']);
    return missing;
  }
  const { write, metadataSchema, metadataTables, stagingSchema } = of;
  const own = [metadataSchema, stagingSchema];
  const there = await session.query('SELECT nspname AS name FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1)', [
    `{${own.map((one) => JSON.stringify(one)).join(',')}}`,
  ]);
  const [may] = await session.query(`SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')::text AS "create"`);
  if (there.length < new Set(own).size && may?.create === 'false')
    missing.push(`grant create on database ${quoteName(who?.database ?? '')} to ${to}`);
  const tables = (await tablesIn(session, metadataSchema)) ?? new Set<string>();
  await schema(metadataSchema, metadataTables.every((name) => tables.has(name)) ? ['usage'] : ['usage', 'create']);
  for (const name of metadataTables) await table({ schema: metadataSchema, name }, ['select', 'insert', 'update', 'delete']);
  if (stagingSchema !== metadataSchema) await schema(stagingSchema, ['usage', 'create']);
  const isThere = await table(write, ['select', 'insert', 'update', 'delete']);
  await schema(write.schema, isThere ? ['usage'] : ['usage', 'create']);
  return missing;
}

/** A condition that leaves out schemas of systems and hygge’s own tables. */
const notOurs = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'hygge_metadata', 'hygge_staging')`;

async function listTables(session: PostgresSession): Promise<readonly TableFound[]> {
  const rows = await session.query(
    `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
      CASE WHEN c.relkind IN ('r', 'm') AND c.reltuples >= 0 THEN c.reltuples::bigint
        WHEN c.relkind = 'p' THEN (SELECT sum(GREATEST(l.reltuples, 0))::bigint FROM pg_catalog.pg_partition_tree(c.oid) p JOIN pg_catalog.pg_class l ON l.oid = p.relid WHERE p.isleaf)
      END::text AS rows,
      CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_table_size(c.oid)
        WHEN c.relkind = 'p' THEN (SELECT sum(pg_catalog.pg_table_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(c.oid) p WHERE p.isleaf)
      END::text AS bytes,
      (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('index', i.indexrelid, 'column', a.attname, 'isPrimary', i.indisprimary, 'isNullable', NOT COALESCE(a.attnotnull, false)) ORDER BY i.indexrelid, k.n)
        FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, n)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND k.n <= i.indnkeyatts)::text AS keys,
      (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
      CASE WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) THEN 'no columns'
        WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN 'no right to use its schema'
        WHEN pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN NULL
        WHEN pg_catalog.has_any_column_privilege(c.oid, 'SELECT') THEN 'no right to read all of its columns'
        ELSE 'no right to read' END AS unread
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'v', 'p', 'f') AND NOT c.relispartition AND ${notOurs}
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY n.nspname, c.relname`,
  );
  const rising = await risingIn(session);
  return rows.map(({ oid, schema, name, kind, rows: count, bytes, keys, columns, unread }): TableFound => {
    return {
      ...{ schema: schema ?? '', name: name ?? '', written: names.spellName(schema, name), kind: kinds[kind ?? ''] ?? 'table' },
      ...(unread == null ? {} : { unread }),
      ...{ rows: count == null ? null : Number(count), bytes: bytes == null ? null : Number(bytes) },
      ...bestKey(JSON.parse(keys ?? '[]') as readonly KeyColumn[]),
      columns: JSON.parse(columns ?? '[]') as readonly string[],
      rising: rising.get(oid ?? '') ?? [],
    };
  });
}

const kinds: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
};

/** Columns whose values are larger in later rows, or in changed rows, by their types, indexes and names. */
async function risingIn(session: PostgresSession): Promise<ReadonlyMap<string, TableFound['rising']>> {
  const rows = await session.query(
    `SELECT a.attrelid::text AS oid, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
      EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam
        WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL)::text AS indexed,
      (a.attidentity <> '' OR COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%')::text AS counted,
      a.attnotnull::text AS required
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'm', 'v', 'p', 'f') AND NOT c.relispartition AND ${notOurs} AND a.attnum > 0 AND NOT a.attisdropped
      AND (a.atttypid IN (1082, 1114, 1184) OR (a.atttypid IN (20, 21, 23) AND (a.attidentity <> '' OR d.adbin IS NOT NULL)))
    ORDER BY a.attrelid, a.attnum`,
  );
  return new Map(
    [...Map.groupBy(rows, ({ oid }) => oid ?? '')].map(([oid, all]) => [
      oid,
      risingOf(
        all.map(({ name, type, indexed, counted, required }) => ({
          ...{ column: name ?? '', type: type ?? '', isTime: type?.startsWith('timestamp') ?? false, isDay: type === 'date' },
          ...{ isCounted: counted === 'true', isNullable: required !== 'true' },
          newestValueBy: indexed === 'true' ? 'indexed' : 'without an index: each run reads the whole table',
        })),
      ),
    ]),
  );
}

export const postgres: Engine<PostgresKeys, PostgresSession> = {
  id: 'postgres',
  defaultSchema: 'public',
  readAsNumberAdvice: decimalsAdvice,
  summary: 'Tables, views and queries of PostgreSQL',
  verifiedAgainst: 'PostgreSQL 15 of Debian, as it comes, and 18; Entra ID by a stand-in for its tokens',
  addresses: { schemes: ['postgres', 'postgresql'], forms: ['postgres://user@host:5432/database'] },
  writes,
  stateSide,
  ...{
    keys,
    keyConflict,
    address,
    role,
    poolOptions,
    dialect,
    look,
    estimate,
    late,
    rows,
    explain,
    probe,
    requirements,
    finiteCondition,
    cutPoints,
    listTables,
    missingGrantStatements,
    ...{ ownTableRights, rights, configuredRole, rowSums, asSettledColumn },
    syntax: postgresSyntax,
  },
  snapshots: {
    async export(session) {
      const [row] = await session.query('SELECT pg_catalog.pg_export_snapshot() AS id');
      return row?.id ?? undefined;
    },
    rangeCondition({ firstBlock, endBlock }) {
      const from = `ctid >= '(${firstBlock},0)'::pg_catalog.tid`;
      return endBlock === null ? from : `${from} AND ctid < '(${endBlock},0)'::pg_catalog.tid`;
    },
  },
  // Compares the table’s file in the snapshot with the file that a function reports now. Some of the server’s own tables have no file in the catalogue.
  async wasRewrittenAfterSnapshot(session) {
    const torn = await session.query(`SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
      WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'm') AND c.relfilenode <> 0
        AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid) LIMIT 1`);
    return torn.length > 0;
  },
  nowExpression,
};
