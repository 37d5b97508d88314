/** SQL Server, Azure SQL and compatible servers as a connector. */

import type { AccessKind, Requirement, Resource } from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import type { DataType } from '../../frames/schema.ts';
import {
  DatabaseError,
  type Engine,
  type GrantRequest,
  type OwnSchemas,
  type Relation,
  type RelationPart,
  type RightsSide,
  type Source,
  type SourceColumn,
} from '../engine.ts';
import { alike, late, look } from './catalog.ts';
import { changeTracking } from './changes.ts';
import { address, configuredRole, connecting as poolOptions, type SqlServerSession } from './connect.ts';
import { dialect, names, quoteName, quoteText } from './dialect.ts';
import { explain } from './errors.ts';
import { addressOf, clash as keyConflict, keys, type SqlServerKeys, shownServer } from './keys.ts';
import { rows } from './read.ts';
import { grantOfLacking, missingToWrite, ownTableRights, rightsFor, rowRights, tableOf } from './rights/grants.ts';
import { rowSums } from './row-sums.ts';
import { sqlServerSyntax } from './syntax.ts';
import { tables as listTables } from './tables.ts';
import { writes } from './write.ts';

/** Types of columns whose values divide a table well. Texts in code pages sort differently from their literals. */
const cutting: readonly DataType['kind'][] = ['uint8', 'int16', 'int32', 'int64', 'uuid', 'decimal', 'date', 'timestamp'];
/** The number of pages that are read to find one bound. */
const pagesEach = 40;
const pageBytes = 8192;

async function cutPoints(session: SqlServerSession, piece: RelationPart, column: SourceColumn, parts: number): Promise<readonly string[]> {
  const { type, sourceType = '', name } = column;
  const isText = /^n(var)?char\(\d+\)$/.test(sourceType);
  // SQL Server can sample a whole table, but not a part of a table.
  if (!(cutting.includes(type.kind) || isText) || piece.from.startsWith('(') || piece.bytes === 0) return [];
  const percent = Math.min(100, Math.max(0.01, (100 * parts * pagesEach * pageBytes) / piece.bytes)).toFixed(2);
  const sampled = session.query(
    `SELECT ${dialect.canonicalText('MIN(hygge_key)', type, sourceType)} AS bound FROM (SELECT ${quoteName(name)} AS hygge_key, NTILE(${parts}) OVER (ORDER BY ${quoteName(name)}) AS hygge_part FROM ${piece.from} TABLESAMPLE SYSTEM (${percent} PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key)`,
  );
  // SQL Server can’t sample some kinds of tables, so such a table is read whole.
  const found = await sampled.catch((error: unknown) => {
    if (error instanceof DatabaseError && !explain(error, { place: piece.from, doing: 'read' }).transient) return [];
    throw error;
  });
  const texts = [...new Set(found.map(({ bound }) => bound ?? ''))];
  return texts.map((text) => (isText ? quoteText(text) : dialect.literal(type, text, sourceType)));
}

/** The catalogue has the number of rows of a whole table. The rows of a window are counted, because other ways need special rights. */
async function estimate(
  session: SqlServerSession,
  sql: string,
  conditions: readonly string[],
  relation: Relation,
): Promise<{ readonly rows: number; readonly bytes: number } | undefined> {
  if (conditions.length === 0)
    return relation.rows && relation.bytes !== undefined ? { rows: relation.rows.n, bytes: relation.bytes } : undefined;
  if (!relation.isTable) return undefined;
  const [row] = await session.query(sql.replace(/^SELECT [\s\S]*? FROM (?=\[)/, () => `SELECT ${dialect.count('*')} AS counted FROM `));
  return { rows: Number(row?.counted ?? 0), bytes: 0 };
}

const who = `SELECT USER_NAME() AS role, DB_NAME() AS [database], CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version,
  CONVERT(varchar(128), SERVERPROPERTY('Edition')) AS edition, CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE program_name = 'hygge')) AS sessions`;

async function probe(session: SqlServerSession, relation: Relation): Promise<readonly string[]> {
  const [row] = await session.query(who);
  const { role = '', database = '', version = '', edition = '', sessions = '' } = row ?? {};
  const unseen = await late.unseenReason?.(session, relation);
  return [
    `SQL Server ${version} (${edition}) lets ${role} connect to ${database} (open connections of hygge: ${sessions})`,
    session.trustsAnybody ? 'the connection is encrypted, and the certificate is not verified' : 'the connection is encrypted',
    `${role} may read ${relation.shown}: ${counted(relation.columns.length, 'column')}; ${relation.snapshotNote?.text}`,
    unseen
      ? `open transactions are not shown to ${role}: a watermark needs a lag, or ${unseen.grant}`
      : `open transactions are shown to ${role}: a watermark waits for them`,
  ];
}

/** The right that shows open transactions. */
const viewState = 'VIEW DATABASE STATE';

function requirements(
  given: SqlServerKeys,
  doing: readonly AccessKind[],
  source: Source | undefined,
  own?: OwnSchemas,
): readonly Requirement[] {
  const at = addressOf(given);
  if (at === undefined) return [];
  const resource = { database: at.database, server: at.host };
  const table = source !== undefined && 'table' in source ? { table: source.table } : {};
  const schema = 'table' in table ? { schema: tableOf(table.table).schema } : {};
  const secret = (['password', 'client_secret'] as const).find((key) => given[key] !== undefined);
  const role = (role: string, doing: readonly AccessKind[], on: Resource): Requirement => ({
    need: 'role',
    system: 'sqlserver',
    doing,
    resource: { ...on, ...resource },
    role,
  });
  return [
    { need: 'host', name: shownServer(at), port: at.port ?? 1433 },
    ...(doing.includes('read') ? [role('SELECT', ['read'], table), role(viewState, ['read'], {})] : []),
    // A new table belongs to the owner of its schema, so rights to its rows are granted on the schema.
    ...(doing.includes('write')
      ? [role(`${rowRights.join(', ')}, ALTER`, ['write', 'manage'], schema), role('CREATE TABLE', ['stage', 'manage'], {})]
      : []),
    ...(own
      ? [
          role(rowRights.join(', '), ['write'], { schema: own.metadata }),
          role(`ALTER, ${rowRights.join(', ')}`, ['stage'], { schema: own.staging }),
        ]
      : []),
    ...(secret === undefined ? [] : [{ need: 'secret', name: secret } as const]),
  ];
}

/** The statements for every missing right. A new table belongs to the owner of its schema, so rights to its rows are checked on the schema. */
async function missingGrantStatements(session: SqlServerSession, of: GrantRequest): Promise<readonly string[]> {
  if ('write' in of) return missingToWrite(session, of, ['CREATE TABLE']);
  const parts = 'table' in of.read ? names.split(of.read.table) : [];
  if (parts.length === 0 || parts.length > 2) return [];
  const { schema, name } = tableOf('table' in of.read ? of.read.table : '');
  // If a name differs from the table’s name only in case or schema, no right is missing, but the name is wrong.
  const seen = await alike(session, name);
  if (seen.length > 0 && !seen.some((one) => one.schema === schema && one.name === name)) return [];
  const [who] = await session.query('SELECT USER_NAME() AS hygge_role, DB_NAME() AS hygge_database');
  const table = `${quoteName(schema)}.${quoteName(name)}`;
  const needed = { role: who?.hygge_role ?? '', on: ` ON ${table}`, securable: [table, 'OBJECT'], rights: ['SELECT'] } as const;
  return grantOfLacking(session, needed);
}

const rights: RightsSide = {
  createIdentity: (role) => ({
    give: `IF DATABASE_PRINCIPAL_ID(${quoteText(role)}) IS NULL CREATE USER ${quoteName(role)} FROM EXTERNAL PROVIDER`,
    take: null,
  }),
  rightsFor,
};

export const sqlserver: Engine<SqlServerKeys, SqlServerSession> = {
  id: 'sqlserver',
  defaultSchema: 'dbo',
  summary: 'Tables, views and queries of SQL Server and Azure SQL',
  verifiedAgainst: 'a test server of our own that speaks its protocol, not SQL Server itself: see docs/sqlserver.md',
  addresses: { schemes: ['sqlserver', 'mssql'], forms: ['sqlserver://user@host:1433/database'] },
  homeKeys: ['time_unit', 'offsets', 'allow_filtered'],
  ...{
    keys,
    keyConflict,
    address,
    poolOptions,
    dialect,
    look,
    estimate,
    late,
    rows,
    explain,
    probe,
    requirements,
    cutPoints,
    syntax: sqlServerSyntax,
    listTables,
    missingGrantStatements,
    ...{ ownTableRights, rights, configuredRole, rowSums },
  },
  // A security policy may hide rows, and an account needs a rare right to see the policy.
  mayHideRows: true,
  changeFeeds: { change_tracking: changeTracking },
  writes,
  nowExpression: `${dialect.canonicalText('SYSUTCDATETIME()', { kind: 'timestamp', unit: 'us' })} + 'Z'`,
};
