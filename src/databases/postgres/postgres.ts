/** PostgreSQL, and what speaks like it. */
import type { Doing, Finding, Requirement } from '../../engine/contracts/connector.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Engine, Piece, Relation, Row, Source, SourceColumn, StateSide } from '../engine.ts';
import { estimate, late, look } from './catalog.ts';
import type { PostgresSession } from './connect.ts';
import { address, connecting, role } from './connect.ts';
import { dialect, quoteName, quoteText } from './dialect.ts';
import { explain } from './errors.ts';
import { addressOf, clash, keys, type PostgresKeys, shownHost } from './keys.ts';
import { rows } from './read.ts';
import { lockTimeout, writes } from './write.ts';

/** Blocks that are looked at for each bound. */
const blocksEach = 40;

/** Types that cut a table well: their order is quick to tell. */
const cutting: readonly DataType['kind'][] = ['int16', 'int32', 'int64', 'uuid', 'string', 'decimal', 'date', 'timestamp'];

async function bounds(session: PostgresSession, piece: Piece, column: SourceColumn, parts: number): Promise<readonly string[]> {
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

function finite(expression: string, type: DataType): string | undefined {
  if (type.kind === 'decimal') return `${expression} < 1e${type.precision - type.scale}::pg_catalog.numeric`;
  if (type.kind === 'date') return `${expression} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'`;
  if (type.kind !== 'timestamp') return undefined;
  const word = type.zone === undefined ? 'TIMESTAMP' : 'TIMESTAMPTZ';
  const zone = type.zone === undefined ? '' : '+00';
  return `${expression} >= ${word} '0001-01-01 00:00:00${zone}' AND ${expression} < ${word} '10000-01-01 00:00:00${zone}'`;
}

async function probe(session: PostgresSession, relation: Relation): Promise<readonly Finding[]> {
  const [who] = await session.query(
    `SELECT current_user AS role, pg_catalog.current_setting('server_version') AS version, pg_catalog.current_database() AS database,
      (SELECT s.ssl::text FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()) AS tls,
      (SELECT s.version FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()) AS tls_version`,
  );
  const { role = '', version = '', database = '', tls, tls_version = '' } = who ?? {};
  return [
    { ok: true, what: `PostgreSQL ${version} lets ${role} into ${database}` },
    { ok: true, what: tls === 'true' ? `the connection is encrypted (${tls_version})` : 'the connection is not encrypted' },
    { ok: true, what: `${role} may read ${relation.shown}: ${relation.columns.length} columns` },
  ];
}

function requirements(given: PostgresKeys, doing: readonly Doing[], source: Source | undefined): readonly Requirement[] {
  const { hosts, database } = addressOf(given, {});
  const of = source !== undefined && 'table' in source ? { table: source.table } : {};
  const places = hosts.filter(({ host }) => !host.startsWith('/'));
  return [
    ...places.map((host): Requirement => ({ need: 'host', name: shownHost(host) })),
    ...(doing.includes('read')
      ? [{ need: 'role', system: 'postgres', doing: ['read'], resource: { ...of, database }, role: 'SELECT' } as const]
      : []),
    ...(given.auth === 'entra' || given.password === undefined ? [] : [{ need: 'secret', name: 'password' } as const]),
  ];
}

/** How state is kept in it. */
const { own, unlessThere, createSchema, tablesIn, meaning } = writes;

const stateSide: StateSide<PostgresSession> = {
  ...{ own, unlessThere, createSchema, tablesIn, meaning },
  connections: 4,
  table: (schema, name) => `${quoteName(schema)}.${name}`,
  // Of one whose machine went away without a word, locks must not outlive the lease.
  settings: `set local lock_timeout = '${lockTimeout}'; set local idle_in_transaction_session_timeout = '60s'`,
  now: dialect.canonical('pg_catalog.clock_timestamp()', { kind: 'timestamp', unit: 'us', zone: 'UTC' }),
  isDenied: ({ code }) => code === '42501',
  grants({ role, schema, tables, stagingSchema }) {
    const to = quoteName(role);
    const all = tables.map((name) => `${quoteName(schema)}.${name}`).join(', ');
    return [
      `grant usage on schema ${quoteName(schema)} to ${to}`,
      ...(tables.length === 0 ? [] : [`grant select, insert, update, delete on ${all} to ${to}`]),
      ...(stagingSchema === null ? [] : [`grant usage, create on schema ${quoteName(stagingSchema)} to ${to}`]),
    ];
  },
};

export const postgres: Engine<PostgresKeys, PostgresSession> = {
  id: 'postgres',
  summary: 'Tables, views and queries of PostgreSQL',
  verifiedAgainst: 'PostgreSQL 15 of Debian, as it comes, and 18; Entra ID by a stand-in for its tokens',
  addresses: { schemes: ['postgres', 'postgresql'], forms: ['postgres://user@host:5432/database'] },
  writes,
  stateSide,
  ...{ keys, clash, address, role, connecting, dialect, look, estimate, late, rows, explain, probe, requirements, finite, bounds },
  async exportSnapshot(session) {
    const [row] = await session.query('SELECT pg_catalog.pg_export_snapshot() AS id');
    return row?.id ?? undefined;
  },
  within({ first, beyond }) {
    const from = `ctid >= '(${first},0)'::pg_catalog.tid`;
    return beyond === null ? from : `${from} AND ctid < '(${beyond},0)'::pg_catalog.tid`;
  },
  async clock(session) {
    const now = dialect.canonical('pg_catalog.clock_timestamp()', { kind: 'timestamp', unit: 'us', zone: 'UTC' });
    const [row] = await session.query(`SELECT ${now} AS now`);
    return row?.now ?? '';
  },
};
