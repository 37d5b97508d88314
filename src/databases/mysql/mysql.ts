/** MySQL, MariaDB and compatible servers as a connector. */

import type { AccessKind, Requirement, Resource, Right } from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
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
  type Source,
  type SourceColumn,
} from '../engine.ts';
import type { TableName } from '../writes.ts';
import { rightsOf, type Securable } from './account.ts';
import { estimate, late, look, queryList } from './catalog.ts';
import { address, configuredRole, type MysqlSession, connecting as poolOptions } from './connect.ts';
import { allOfDatabase, dialect, finite, names, quoteName, quotePlainly } from './dialect.ts';
import { explain } from './errors.ts';
import { addressOf, clash as keyConflict, keys, type MysqlKeys, shownHost } from './keys.ts';
import { rows } from './read.ts';
import { rowSums, settledAs } from './row-sums.ts';
import { mysqlSyntax } from './syntax.ts';
import { tables as listTables } from './tables.ts';
import { writes } from './write.ts';

const cutting: ReadonlySet<string> = new Set(['int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64']);
/** The number of ranges for each part. The server estimates the size of each range, which evens out clusters of numbers and gaps between numbers. */
const rangesEach = 4;
const mostRanges = 512;

interface Range {
  readonly from: bigint;
  readonly beyond: bigint;
  /** The number of rows that the server estimates without reading rows. */
  readonly rows: number;
}

/** Values that cut a key of numbers into ranges. The range with the most rows is halved, until no range has many more rows than the others. */
async function cutPoints(
  session: MysqlSession,
  { from }: RelationPart,
  { name, type }: SourceColumn,
  parts: number,
): Promise<readonly string[]> {
  if (!cutting.has(type.kind)) return [];
  const key = quoteName(name);
  const [ends] = await session.query(`SELECT MIN(${key}) AS least, MAX(${key}) AS most FROM ${from}`);
  if (typeof ends?.least !== 'string' || typeof ends.most !== 'string') return [];
  const weigh = async (first: bigint, beyond: bigint): Promise<Range> => {
    const [row] = await session.query(`EXPLAIN SELECT ${key} FROM ${from} WHERE ${key} >= ${first} AND ${key} < ${beyond}`);
    return { from: first, beyond, rows: Number(row?.rows ?? 0) };
  };
  const whole = await weigh(BigInt(ends.least), BigInt(ends.most) + 1n);
  const small = whole.rows / (parts * rangesEach);
  const ranges = [whole];
  while (ranges.length < Math.min(mostRanges, parts * rangesEach * 4)) {
    const largest = ranges.reduce((a, b) => (b.rows > a.rows ? b : a));
    const middle = (largest.from + largest.beyond) / 2n;
    if (largest.rows <= small || middle <= largest.from || middle >= largest.beyond) break;
    ranges.splice(ranges.indexOf(largest), 1, await weigh(largest.from, middle), await weigh(middle, largest.beyond));
  }
  ranges.sort((a, b) => (a.from < b.from ? -1 : 1));
  const each = ranges.reduce((sum, { rows: some }) => sum + some, 0) / parts;
  const chosen: string[] = [];
  let held = 0;
  for (const { beyond, rows: some } of ranges.slice(0, -1)) {
    held += some;
    if (held < each || chosen.length === parts - 1) continue;
    chosen.push(String(beyond));
    held = 0;
  }
  return chosen;
}

const who = `SELECT CURRENT_USER() AS account, DATABASE() AS db, @@version AS version, @@version_comment AS comment,
  (SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = SUBSTRING_INDEX(USER(), '@', 1)) AS connections`;

async function probe(session: MysqlSession, relation: Relation): Promise<readonly string[]> {
  const [row] = await queryList(session, who);
  const { account = '', db = '', version = '', comment = '', connections = '' } = row ?? {};
  const [cipher] = await session.query("SHOW SESSION STATUS LIKE 'Ssl_version'");
  const unseen = await late.unseenReason?.(session, relation);
  return [
    `${/mariadb/i.test(`${version}${comment}`) ? 'MariaDB' : 'MySQL'} ${version} lets ${account} connect to ${db} (open connections of the account: ${connections})`,
    cipher?.Value ? `the connection is encrypted (${cipher.Value})` : 'the connection is not encrypted',
    `${account} may read ${relation.shown}: ${counted(relation.columns.length, 'column')}; ${relation.snapshotNote?.text}`,
    unseen
      ? `${unseen.why}: a watermark needs a lag; or: ${unseen.grant}`
      : `open transactions are shown to ${account}: a watermark waits for them`,
  ];
}

function requirements(
  given: MysqlKeys,
  doing: readonly AccessKind[],
  source: Source | undefined,
  own?: OwnSchemas,
): readonly Requirement[] {
  const at = addressOf(given);
  const table = source !== undefined && 'table' in source ? { table: source.table } : {};
  const role = (role: string, does: readonly AccessKind[] = ['read'], on: Resource = table): Requirement => ({
    need: 'role',
    system: 'mysql',
    doing: does,
    resource: { ...on, database: at.database, server: shownHost(at) },
    role,
  });
  return [
    ...(at.socket === undefined ? [{ need: 'host', name: shownHost(at), port: at.port } as const] : []),
    ...(doing.includes('read') ? [role('SELECT'), role(process, ['read'], {})] : []),
    ...(doing.includes('write') ? [role(ofWritten.join(', '), ['write', 'manage'])] : []),
    ...(own ? [role(ofRows.join(', '), ['write'], { schema: own.metadata }), role(writing, ['stage'], { schema: own.staging })] : []),
    ...(given.auth === 'entra' || given.password === undefined ? [] : [{ need: 'secret', name: 'password' } as const]),
  ];
}

// ---- rights that an account lacks

const ofRows = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
const ofTables = ['CREATE', 'ALTER', 'INDEX', 'DROP'];
/** The right to see the triggers of a table. A run without this right warns. */
const seesOnly = 'TRIGGER';
const ofWritten = [...ofRows, ...ofTables, seesOnly];
const staging = [...ofRows, ...ofTables, 'CREATE TEMPORARY TABLES'];

/** The rights on the staging database, as one text. */
const writing = staging.join(', ');

/** The rights to hygge’s own tables. In MySQL a schema is a database. @param of.role the account, which may sign in from any host: `loader` is `loader@%`. */
function ownTableRights({ role, schema, stagingSchema }: GrantTarget): readonly Right[] {
  const to = quoteName(role);
  return [
    grantRight(ofRows.join(', '), { on: allOfDatabase(schema), to }),
    ...(stagingSchema === null ? [] : [grantRight(writing, { on: allOfDatabase(stagingSchema), to })]),
  ];
}

const rights: RightsSide = {
  createIdentity: (role) => ({
    give: `-- Once, as an administrator who signs in by Entra ID: CREATE AADUSER ${quotePlainly(role)} IDENTIFIED BY '<client id of the identity>';`,
    take: null,
  }),
  rightsFor({ right, resource: { table, tables, database = '' }, isMade }, role) {
    const to = quoteName(role);
    // Either `shop.*`, or `*` for all tables of the connection’s own database.
    if (tables !== undefined) return [grantRight(right, { on: allOfDatabase(names.parse(tables, database).schema), to })];
    if (right === process) return [grantRight(right, { on: '*.*', to })];
    if (table === undefined) return [grantRightByHand(to)];
    const { schema, name } = names.parse(table, database);
    const onTable = grantRight(right, { on: `${quoteName(schema)}.${quoteName(name)}`, to });
    // The database of a store may not exist yet, so a statement makes it first.
    if (right !== 'SELECT') return [{ give: writes.tables.createSchema(schema) ?? '', take: null, first: true }, onTable];
    if (!isMade) return [onTable];
    const notYet = `SELECT ${quotePlainly(notMadeYet(`${schema}.${name}`))} AS note`;
    const where = `TABLE_SCHEMA = ${quotePlainly(schema)} AND TABLE_NAME = ${quotePlainly(name)}`;
    const grantee = `GRANTEE = CONCAT('''', ${quotePlainly(role)}, '''@''%''')`;
    return [
      {
        give: prepared(onTable.give, notYet, `information_schema.TABLES WHERE ${where}`),
        take: prepared(onTable.take ?? '', 'DO 0', `information_schema.TABLE_PRIVILEGES WHERE ${where} AND ${grantee}`),
      },
    ];
  },
};

/** Makes a grant conditional, which only a prepared statement can do. */
function prepared(statement: string, otherwise: string, there: string): string {
  return [
    `SET @hygge = (SELECT IF(COUNT(*) > 0, ${quotePlainly(statement)}, ${quotePlainly(otherwise)}) FROM ${there})`,
    'PREPARE hygge FROM @hygge',
    'EXECUTE hygge',
    'DEALLOCATE PREPARE hygge',
  ].join(';\n');
}

/** The right that shows open transactions. */
const process = 'PROCESS';

async function missingGrantStatements(session: MysqlSession, of: GrantRequest): Promise<readonly string[]> {
  const rights = await rightsOf(session);
  const [current] = await session.query('select database() as name');
  const missing: string[] = [];
  const need = (on: Exclude<Securable, 'everything'>, all: readonly string[], where: string): void => {
    const lacks = all.filter((right) => !rights.may(right, on));
    if (lacks.some((right) => right !== seesOnly)) missing.push(`GRANT ${lacks.join(', ')} ON ${where} TO ${rights.to}`);
  };
  if ('read' in of) {
    const { schema, name } = names.parse('table' in of.read ? of.read.table : '', current?.name ?? '');
    // If the name differs from another table’s name only in case, the name is wrong, so no right is missing.
    if (name === '' || schema === '' || (await isSpeltOtherwise(session, { schema, name }))) return [];
    need({ schema, name }, ['SELECT'], `${quoteName(schema)}.${quoteName(name)}`);
    return missing;
  }
  const { write, metadataSchema, metadataTables, stagingSchema } = of;
  const made = await writes.catalog.tablesIn(session, metadataSchema);
  const isMade = metadataTables.every((name) => made?.has(name));
  // If no other table may replace the existing table, its rows are deleted and inserted, so fewer rights are needed.
  const isThere = (await writes.catalog.tablesIn(session, write.schema))?.has(write.name) === true;
  if (isThere) need(write, ofRows, `${quoteName(write.schema)}.${quoteName(write.name)}`);
  else need(write, ofWritten, rights.allOf(write.schema));
  if (stagingSchema !== write.schema) need({ schema: stagingSchema, name: null }, staging, rights.allOf(stagingSchema));
  else need({ schema: stagingSchema, name: null }, ['CREATE TEMPORARY TABLES'], rights.allOf(stagingSchema));
  if (metadataSchema !== stagingSchema && metadataSchema !== write.schema)
    need({ schema: metadataSchema, name: null }, [...ofRows, ...(isMade ? [] : ofTables)], rights.allOf(metadataSchema));
  return missing;
}

async function isSpeltOtherwise(session: MysqlSession, { schema, name }: TableName): Promise<boolean> {
  const rows = await session.query(
    'select TABLE_SCHEMA as `schema`, TABLE_NAME as name from information_schema.TABLES where lower(TABLE_NAME) = lower($1) and lower(TABLE_SCHEMA) = lower($2)',
    [name, schema],
  );
  return rows.length > 0 && !rows.some((one) => one.schema === schema && one.name === name);
}

export const mysql: Engine<MysqlKeys, MysqlSession> = {
  id: 'mysql',
  defaultSchema: null,
  summary: 'Tables, views and queries of MySQL and MariaDB',
  verifiedAgainst: 'MariaDB 10.11 and MySQL 9.7 of Debian, as they come, read and written; Entra ID is not proven: see docs/mysql.md',
  addresses: { schemes: ['mysql', 'mariadb'], forms: ['mysql://user@host:3306/database'] },
  homeKeys: ['booleans'],
  writes,
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
    syntax: mysqlSyntax,
    listTables,
    missingGrantStatements,
    ...{ ownTableRights, rights, configuredRole, rowSums, asSettledColumn: settledAs },
  },
  finiteCondition: finite,
  nowExpression: dialect.canonicalText('UTC_TIMESTAMP(6)', { kind: 'timestamp', unit: 'us', zone: 'UTC' }),
};
