/** SQL Server, Azure SQL and what else speaks as they do. */
import type { Doing, Finding, Requirement } from '../../engine/contracts/connector.ts';
import type { DataType } from '../../frames/schema.ts';
import { DatabaseError, type Engine, type Piece, type Relation, type Source, type SourceColumn } from '../engine.ts';
import { late, look } from './catalog.ts';
import { changeTracking } from './changes.ts';
import { address, connecting, type SqlServerSession } from './connect.ts';
import { dialect, quoteName, quoteText } from './dialect.ts';
import { explain } from './errors.ts';
import { addressOf, clash, keys, type SqlServerKeys, shownServer } from './keys.ts';
import { lexis } from './lexis.ts';
import { rows } from './read.ts';
import { tables } from './tables.ts';
import { writes } from './write.ts';

/** Types that cut a table well; texts of code pages have an order that their literals don't. */
const cutting: readonly DataType['kind'][] = ['uint8', 'int16', 'int32', 'int64', 'uuid', 'decimal', 'date', 'timestamp'];
/** Pages that are looked at for each bound. */
const pagesEach = 40;
const pageBytes = 8192;

async function bounds(session: SqlServerSession, piece: Piece, column: SourceColumn, parts: number): Promise<readonly string[]> {
  const { type, sourceType = '', name } = column;
  const isText = /^n(var)?char\(\d+\)$/.test(sourceType);
  // A sample can be taken of a table, and not of a part of it.
  if (!(cutting.includes(type.kind) || isText) || piece.from.startsWith('(') || piece.bytes === 0) return [];
  const percent = Math.min(100, Math.max(0.01, (100 * parts * pagesEach * pageBytes) / piece.bytes)).toFixed(2);
  const sampled = session.query(
    `SELECT ${dialect.canonical('MIN(hygge_key)', type, sourceType)} AS bound FROM (SELECT ${quoteName(name)} AS hygge_key, NTILE(${parts}) OVER (ORDER BY ${quoteName(name)}) AS hygge_part FROM ${piece.from} TABLESAMPLE SYSTEM (${percent} PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key)`,
  );
  // Not every kind of table can be sampled: what can't is read whole.
  const found = await sampled.catch((error: unknown) => {
    if (error instanceof DatabaseError && !explain(error, { place: piece.from, doing: 'read' }).transient) return [];
    throw error;
  });
  const texts = [...new Set(found.map(({ bound }) => bound ?? ''))];
  return texts.map((text) => (isText ? quoteText(text) : dialect.literal(type, text, sourceType)));
}

/** What is read whole is known; a window is counted, since nothing else tells without rights of its own. */
async function estimate(
  session: SqlServerSession,
  sql: string,
  conditions: readonly string[],
  relation: Relation,
): Promise<{ readonly rows: number; readonly bytes: number } | undefined> {
  if (conditions.length === 0)
    return relation.rows && relation.bytes !== undefined ? { rows: relation.rows.n, bytes: relation.bytes } : undefined;
  if (!relation.isTable) return undefined;
  const [row] = await session.query(sql.replace(/^SELECT [\s\S]*? FROM (?=\[)/, () => `SELECT ${dialect.count} AS counted FROM `));
  return { rows: Number(row?.counted ?? 0), bytes: 0 };
}

const who = `SELECT USER_NAME() AS role, DB_NAME() AS [database], CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version,
  CONVERT(varchar(128), SERVERPROPERTY('Edition')) AS edition, CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE program_name = 'hygge')) AS sessions`;

async function probe(session: SqlServerSession, relation: Relation): Promise<readonly Finding[]> {
  const [row] = await session.query(who);
  const { role = '', database = '', version = '', edition = '', sessions = '' } = row ?? {};
  const unseen = await late.hidden?.(session);
  return [
    {
      ok: true,
      what: `SQL Server ${version} (${edition}) lets ${role} into ${database}; hygge has ${sessions} connections that the role may see`,
    },
    {
      ok: true,
      what: session.trustsAnybody ? 'the connection is encrypted, and the certificate is not verified' : 'the connection is encrypted',
    },
    { ok: true, what: `${role} may read ${relation.shown}: ${relation.columns.length} columns; ${relation.sees?.text}` },
    {
      ok: true,
      what: unseen
        ? `open transactions are not shown to ${role}: a watermark needs a lag, or ${unseen.grant}`
        : `open transactions are shown to ${role}: a watermark waits for them`,
    },
  ];
}

function requirements(given: SqlServerKeys, doing: readonly Doing[], source: Source | undefined): readonly Requirement[] {
  const at = addressOf(given);
  if (at === undefined) return [];
  const table = source !== undefined && 'table' in source ? { table: source.table } : {};
  const secret = (['password', 'client_secret'] as const).find((key) => given[key] !== undefined);
  const role = (role: string, of: Doing = 'read'): Requirement => ({
    need: 'role',
    system: 'sqlserver',
    doing: [of],
    resource: { ...table, database: at.database, server: at.host },
    role,
  });
  return [
    { need: 'host', name: shownServer(at), port: at.port ?? 1433 },
    ...(doing.includes('read') ? [role('SELECT'), role('VIEW DATABASE STATE')] : []),
    ...(doing.includes('write') ? ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'ALTER'].map((one) => role(one, 'write')) : []),
    ...(doing.includes('manage') ? [role('CREATE TABLE', 'manage')] : []),
    ...(secret === undefined ? [] : [{ need: 'secret', name: secret } as const]),
  ];
}

export const sqlserver: Engine<SqlServerKeys, SqlServerSession> = {
  id: 'sqlserver',
  summary: 'Tables, views and queries of SQL Server and Azure SQL',
  verifiedAgainst: 'a test server of our own that speaks its protocol, and no SQL Server: see docs/sqlserver.md',
  addresses: { schemes: ['sqlserver', 'mssql'], forms: ['sqlserver://user@host:1433/database'] },
  homeKeys: ['time_unit', 'offsets', 'allow_filtered'],
  ...{ keys, clash, address, connecting, dialect, look, estimate, late, rows, explain, probe, requirements, bounds, lexis, tables },
  changes: { change_tracking: changeTracking },
  writes,
  // All that it holds is finite.
  finite: () => undefined,
  // Sessions share no snapshot.
  exportSnapshot: async () => undefined,
  within: () => '',
  async clock(session) {
    const now = dialect.canonical('SYSUTCDATETIME()', { kind: 'timestamp', unit: 'us' });
    const [row] = await session.query(`SELECT ${now} + 'Z' AS now`);
    return row?.now ?? '';
  },
};
