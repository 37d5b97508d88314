/** Warehouses of Microsoft Fabric, and the SQL endpoints of its Lakehouses and mirrored databases, as a connector. */
import type { AccessKind, Requirement, Resource } from '../../../engine/contracts/connector.ts';
import { counted } from '../../../errors/as-argument.ts';
import { watermarkKey, watermarkText } from '../../../frames/watermark-text.ts';
import { fabricHost } from '../../../remote/fabric/fabric-requests.ts';
import type { Engine, GrantRequest, OwnSchemas, Relation, RelationPart, RightsSide, Source, SourceColumn } from '../../engine.ts';
import { whereAll } from '../../select.ts';
import { instantInUtc, wireOf } from '../../source-columns.ts';
import type { SqlServerSession } from '../connect.ts';
import { quoteName } from '../dialect.ts';
import { rowsOf } from '../read.ts';
import { missingToWrite, ownTableRights, rightsFor, rowRights, tableOf } from '../rights/grants.ts';
import { rowSums } from '../row-sums.ts';
import { sqlServerSyntax } from '../syntax.ts';
import type { Wire } from '../types.ts';
import { alike, late, look, showsCopies } from './catalog.ts';
import { address, connecting as poolOptions, shownHost } from './connect.ts';
import { refresh } from './copies.ts';
import { stagingRequirements } from './copy-into.ts';
import { dialect, names } from './dialect.ts';
import { explain, valueMayBeCut } from './errors.ts';
import { addressOf, type FabricKeys, clash as keyConflict, keys } from './keys.ts';
import { tables as listTables } from './tables.ts';
import { usualBytes } from './types.ts';
import { writes } from './write.ts';

const rows = rowsOf({ before: '', anyText: 'varchar(max)', cut: valueMayBeCut });

/** Rows are counted, because the catalogue has no number of rows. The size of a row is estimated by the column types. */
async function estimate(
  session: SqlServerSession,
  _sql: string,
  conditions: readonly string[],
  { from, columns }: Relation,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const [row] = await session.query(`SELECT ${dialect.count('*')} AS counted FROM ${from}${whereAll(conditions)}`);
  const rows = Number(row?.counted ?? 0);
  return { rows, bytes: rows * columns.reduce((sum, { sourceType = '' }) => sum + usualBytes(sourceType), 0) };
}

/** Values that divide the range from the smallest to the largest value evenly. If a part’s values are dense, the part has more rows. */
async function cutPoints(
  session: SqlServerSession,
  { from }: RelationPart,
  { name, type, sourceType = '' }: SourceColumn,
  parts: number,
): Promise<readonly string[]> {
  const text = (of: string) => dialect.canonicalText(`${of}(${quoteName(name)})`, type, sourceType);
  const [row] = await session.query(`SELECT ${text('MIN')} AS low, ${text('MAX')} AS high FROM ${from}`);
  if (row?.low == null || row.high == null) return [];
  const [low, high] = [watermarkKey(type, row.low), watermarkKey(type, row.high)];
  if (typeof low !== 'bigint' || typeof high !== 'bigint') return [];
  const at = Array.from({ length: parts - 1 }, (_, n) => low + ((high - low) * BigInt(n + 1)) / BigInt(parts));
  const texts = [...new Set(at.filter((key) => key > low).map((key) => watermarkText(type, key)))];
  return texts.map((one) => dialect.literal(type, one, sourceType));
}

const who = `SELECT USER_NAME() AS role, DB_NAME() AS [database], CONVERT(varchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS edition`;

async function probe(session: SqlServerSession, relation: Relation): Promise<readonly string[]> {
  const [row] = await session.query(who);
  const { role = '', database = '', edition } = row ?? {};
  const isWarehouse = edition === 'DataWarehouse';
  const bounded = relation.columns.filter((column) => (wireOf<Wire>(column) as { readonly cutFrom?: number | null }).cutFrom != null);
  return [
    `${isWarehouse ? 'the Warehouse' : 'the SQL endpoint'} lets ${role} connect to ${database}`,
    'the connection is encrypted',
    `${role} may read ${relation.shown}: ${counted(relation.columns.length, 'column')}; ${relation.snapshotNote?.text}`,
    ...(bounded.length === 0
      ? []
      : [
          `a text of 7,997 bytes or more stops a run, because the SQL endpoint of a Lakehouse cuts it: ${bounded.map(({ name }) => name).join(', ')}`,
        ]),
    'Fabric does not show open transactions: a watermark needs a lag (watermark.lag: 5m)',
  ];
}

function requirements(
  given: FabricKeys & { readonly staging?: string },
  doing: readonly AccessKind[],
  source: Source | undefined,
  own?: OwnSchemas,
): readonly Requirement[] {
  const at = addressOf(given);
  if (at === undefined) return [];
  const table = source !== undefined && 'table' in source ? { table: source.table } : {};
  const schema = 'table' in table ? { schema: tableOf(table.table).schema } : {};
  const role = (role: string, doing: readonly AccessKind[], on: Resource): Requirement => ({
    ...{ need: 'role', system: 'fabric_warehouse', doing, resource: { ...on, database: at.database, server: at.host }, role },
  });
  const all = rowRights.join(', ');
  return [
    { need: 'host', name: shownHost(at), port: at.port },
    ...(given.workspace === undefined || !doing.includes('read') ? [] : refreshRequirements(given.workspace)),
    ...(doing.includes('read') ? [role('SELECT', ['read'], table)] : []),
    ...(doing.includes('write')
      ? [
          role(`${all}, ALTER`, ['write', 'manage'], schema),
          role('CREATE TABLE, ADMINISTER DATABASE BULK OPERATIONS', ['stage', 'manage'], {}),
          ...stagingRequirements(given),
        ]
      : []),
    // Each entity has its own tables in that schema, which the entity’s first run makes.
    ...(own ? [role(`ALTER, ${all}`, ['write'], { schema: own.metadata }), role(`ALTER, ${all}`, ['stage'], { schema: own.staging })] : []),
    ...(['client_secret', 'staging_sas'] as const)
      .filter((name) => given[name] !== undefined)
      .map((name) => ({ need: 'secret', name }) as const),
  ];
}

/** The requirements of a refresh. The role is a role of the workspace, and also applies to the workspace’s lakes. */
function refreshRequirements(workspace: string): readonly Requirement[] {
  const role = { need: 'role', system: 'onelake', doing: ['read'], resource: { workspace }, role: 'Contributor' } as const;
  return [{ need: 'host', name: fabricHost }, role];
}

const may = `SELECT USER_NAME() AS role, CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'SELECT'), 0)) AS may`;

async function missingGrantStatements(session: SqlServerSession, of: GrantRequest): Promise<readonly string[]> {
  // COPY INTO needs the last of these rights on the database.
  if ('write' in of) return missingToWrite(session, of, ['CREATE TABLE', 'ADMINISTER DATABASE BULK OPERATIONS']);
  if (!('table' in of.read) || names.split(of.read.table).length > 2) return [];
  const { schema, name } = names.parse(of.read.table, 'dbo');
  // If a name differs from the table’s name only in case or schema, no right is missing, but the name is wrong.
  const seen = await alike(session, name);
  if (seen.length > 0 && !seen.some((one) => one.schema === schema && one.name === name)) return [];
  const table = `${quoteName(schema)}.${quoteName(name)}`;
  const [row] = await session.query(may, [table]);
  return row?.may === '1' ? [] : [`GRANT SELECT ON ${table} TO ${quoteName(row?.role ?? '')}`];
}

const rights: RightsSide = {
  // Fabric makes the user at the first GRANT.
  createIdentity: (role) => ({
    give: `-- Share the item with ${role} first (permission Read), or grant it the role Viewer in the workspace`,
    take: null,
  }),
  rightsFor,
};

export const fabricWarehouse: Engine<FabricKeys, SqlServerSession> = {
  id: 'fabric_warehouse',
  defaultSchema: 'dbo',
  summary: 'Tables, views and queries of a Fabric Warehouse, and of the SQL endpoint of a Lakehouse or a mirrored database',
  verifiedAgainst:
    'a test server of our own that speaks its protocol as Microsoft documents it, not Fabric itself: see docs/fabric-warehouse.md',
  addresses: { schemes: ['fabric'], forms: ['fabric://xxxx.datawarehouse.fabric.microsoft.com/database'] },
  homeKeys: ['allow_filtered'],
  ...{ keys, keyConflict, address, poolOptions, dialect, look, estimate, late, rows, explain, probe, requirements, cutPoints },
  ...{ listTables, missingGrantStatements, ownTableRights, rights },
  ...{ writes, asSettledColumn: instantInUtc },
  syntax: sqlServerSyntax,
  rowSums: {
    ...rowSums,
    isolation: '',
    whyUnableToSum: async () => undefined,
    text: (of) => {
      const { cutFrom = null } = wireOf<Wire>(of.column) as { readonly cutFrom?: number | null };
      return cutFrom === null
        ? rowSums.text(of)
        : { unable: 'the SQL endpoint may have cut values of the column, and only reading shows this' };
    },
  },
  // A security policy may hide rows, and an account needs a rare right to see the policy.
  mayHideRows: true,
  copies: { areIn: showsCopies, refresh },
  nowExpression: `${dialect.canonicalText('SYSUTCDATETIME()', { kind: 'timestamp', unit: 'us' })} + 'Z'`,
};
