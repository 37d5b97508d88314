/** What hygge reads from PostgreSQL’s catalogue about a source. */

import type { KeyEqualities, KeyEquality } from '../../frames/row-sum/key-equality.ts';
import type {
  AwaitedTransactions,
  LateRows,
  OpenTransaction,
  Relation,
  RelationPart,
  Row,
  Source,
  SourceColumn,
  SourceOptions,
} from '../engine.ts';
import { subqueryInFrom } from '../select.ts';
import { configuredDecimal, selectedFields } from '../source-columns.ts';
import type { Field, PostgresSession } from './connect.ts';
import { dialect, names, quoteName, readTransactionLock } from './dialect.ts';
import { noSuchTable } from './errors.ts';
import { type CatalogType, type CatalogTypes, type Choices, lossOf, readAs, spelling } from './types.ts';

interface FoundTable {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** The kind of the relation: `r` table, `m` materialised view, `v` view, `p` partitioned, `f` foreign. */
  readonly kind: string;
  /** Columns of the relation that are never null. */
  readonly required: ReadonlySet<string>;
  /** Columns of the relation’s primary key, in the order of the key. */
  readonly key: readonly string[];
  /** The first columns of the relation’s B-trees that include all rows. */
  readonly indexed: ReadonlySet<string>;
  /** Other tables inherit from the relation. */
  readonly hasChildren: boolean;
  readonly serverVersion: number;
  /** The relation’s row in the catalogue, with the columns that `piece` reads. */
  readonly row: Row;
}

export async function look(session: PostgresSession, source: Source, options: SourceOptions): Promise<Relation> {
  const found = 'table' in source ? await find(session, source.table) : undefined;
  const from = found ? nameOf(found) : subqueryInFrom((source as { query: string }).query);
  const shown = found ? `${found.schema}.${found.name}` : 'the query';
  const columns = await columnsOf(session, { from, shown, found, options });
  if (!found) return ofQuery(session, { from, shown, columns });
  const { key: primaryKey, indexed: leadingIndexColumns } = found;
  const parts = await piecesOf(session, found);
  const known = parts.every(({ rows }) => rows !== null);
  const hasSizes = found.kind !== 'v' && found.kind !== 'f';
  const guess = hasSizes ? undefined : await estimate(session, `SELECT * FROM ${from}`);
  const rows = hasSizes ? (known ? parts.reduce((sum, piece) => sum + (piece.rows ?? 0), 0) : undefined) : guess?.rows;
  return {
    ...{ from, shown, columns, primaryKey, leadingIndexColumns, parts, keyEqualities: await equalitiesOf(session, found, columns) },
    isTable: found.kind === 'r' || found.kind === 'p',
    rows: rows === undefined ? undefined : { n: rows, exact: false },
    bytes: hasSizes ? parts.reduce((sum, { bytes }) => sum + bytes, 0) : guess?.bytes,
    warnings: [],
  };
}

/** The key texts that a column treats as equal. A `citext` column compares small letters by the rules of the database. A table’s key does not include the rows of tables that inherit from the table. */
async function equalitiesOf(
  session: PostgresSession,
  { oid, key, hasChildren, kind, serverVersion }: FoundTable,
  columns: readonly SourceColumn[],
): Promise<KeyEqualities> {
  const inKey = columns.filter(({ name }) => key.includes(name));
  const texts = inKey.filter(({ type }) => type.kind === 'string');
  if (texts.length === 0 || (hasChildren && kind !== 'p')) return {};
  const loose = new Set(
    serverVersion < 120_000
      ? []
      : (
          await session.query(
            'SELECT a.attname AS name FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT c.collisdeterministic',
            [oid],
          )
        ).map(({ name }) => name),
  );
  // Types whose keys may be equal although their texts differ: 24 hours equal a day, and 1.0 equals 1.
  const unknown = texts.filter(({ name, sourceType }) => loose.has(name) || /^(?:interval|numeric)\b/.test(sourceType ?? ''));
  const others = Object.fromEntries(unknown.map(({ name }) => [name, { letters: 'unknown', isPadded: false } as const]));
  const folded = texts.filter(({ sourceType }) => /(?:^|\.)citext$/.test(sourceType ?? ''));
  if (folded.length === 0) return others;
  const [database] = await session.query(
    `SELECT datctype AS rules, pg_catalog.pg_encoding_to_char(encoding) AS encoding FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`,
  );
  const { rules = null, encoding = null } = database ?? {};
  const equality = (letters: KeyEquality['letters']) => Object.fromEntries(folded.map(({ name }) => [name, { letters, isPadded: false }]));
  // In Turkish, the letter i has a different capital letter, so equal letters are unknown.
  if (/^(?:tr|az)[_-]/i.test(rules ?? 'tr_')) return { ...others, ...equality('unknown') };
  const letters = /^(?:C|POSIX)(?:\.|$)/.test(rules ?? '') || encoding !== 'UTF8' ? 'ascii' : 'case';
  return { ...others, ...equality(letters) };
}

const nameOf = ({ schema, name }: Pick<FoundTable, 'schema' | 'name'>) => `${quoteName(schema)}.${quoteName(name)}`;

async function ofQuery(
  session: PostgresSession,
  { from, shown, columns }: Pick<Relation, 'from' | 'shown' | 'columns'>,
): Promise<Relation> {
  const guess = await estimate(session, `SELECT * FROM ${from}`);
  const piece: RelationPart = { from, bytes: guess?.bytes ?? 0, rows: guess?.rows ?? null, blocks: null };
  return {
    ...{ from, shown, columns, isTable: false, primaryKey: [], leadingIndexColumns: new Set<string>(), parts: [piece], warnings: [] },
    rows: guess && { n: guess.rows, exact: false },
    bytes: guess?.bytes,
  };
}

/** Finds the relation of a name, which is used exactly as written. A name without a schema is searched in the search path of the role. */
async function find(session: PostgresSession, written: string): Promise<FoundTable> {
  const parts = names.split(written);
  const [name = '', schema] = [parts.at(-1), parts.at(-2)];
  // Everything is read in one query, because for a small table most of the time is spent on round trips.
  const sql = `SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog.current_setting('server_version_num') AS version,
    (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull)::text AS required,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY k.n) FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, n)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = c.oid AND i.indisprimary)::text AS key,
    (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = x.relam JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = c.oid AND m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL)::text AS indexed,
    EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)::text AS has_children, ${pieceColumns} FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND c.relkind IN ('r', 'm', 'v', 'p', 'f')
    AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END`;
  const [row] = parts.length > 2 ? [] : await session.query(sql, [name, schema ?? null]);
  if (row) return foundTable(row);
  const near = await session.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'v', 'p', 'f') AND pg_catalog.lower(c.relname) = pg_catalog.lower($1) ORDER BY 1, 2 LIMIT 3`,
    [name],
  );
  throw noSuchTable(written, near);
}

function foundTable(row: Row): FoundTable {
  const listed = (list: string | null | undefined) => JSON.parse(list ?? '[]') as readonly string[];
  return {
    ...{ oid: row.oid ?? '', schema: row.schema ?? '', name: row.name ?? '', kind: row.kind ?? '' },
    ...{ required: new Set(listed(row.required)), key: listed(row.key), indexed: new Set(listed(row.indexed)) },
    ...{ hasChildren: row.has_children === 'true', serverVersion: Number(row.version ?? 0), row },
  };
}

interface ColumnsRequest extends Pick<Relation, 'from' | 'shown'> {
  readonly found: FoundTable | undefined;
  readonly options: SourceOptions;
}

/** The columns to read, as the database would send them now. */
async function columnsOf(session: PostgresSession, asked: ColumnsRequest): Promise<readonly SourceColumn[]> {
  const { from, shown, found, options } = asked;
  const fields = await session.describe(`SELECT * FROM ${from}`);
  const taken = selectedFields(fields, { shown, options });
  const { types, spelt } = await typesOf(session, taken);
  const moneyDigits = taken.some(({ type }) => type === 790) ? await digitsOfMoney(session) : 2;
  return taken.map(({ name, type, mod }, i): SourceColumn => {
    const read = readAs(type, mod, types, choicesFor(name, options, moneyDigits));
    const quoted = quoteName(name);
    return {
      ...{ name, type: read.type, sourceType: spelt[i] ?? '' },
      nullable: !found?.required.has(name) || (read.hasSpecialValues && options.specialValues === 'to_null'),
      selectExpression: read.cast === null ? quoted : `${quoted}::pg_catalog.${read.cast} AS ${quoted}`,
      wire: JSON.stringify([name, type, mod, read.wire]),
      shownAsText: read.shownAsText,
      ...(read.numberTexts ? { numberTexts: true as const } : {}),
      ...restatedBy(read),
    };
  });
}

function restatedBy(read: ReturnType<typeof readAs>): Pick<SourceColumn, 'restated'> {
  const loss = lossOf(read);
  return loss === undefined ? {} : { restated: loss };
}

function choicesFor(name: string, options: SourceOptions, moneyDigits: number): Choices {
  const decimal = configuredDecimal(name, options);
  return { decimal: decimal === 'text' ? undefined : decimal, moneyDigits };
}

interface TypesOfFields {
  readonly types: CatalogTypes;
  /** The server’s name of each field’s type. */
  readonly spelt: readonly string[];
}

async function typesOf(session: PostgresSession, fields: readonly Pick<Field, 'type' | 'mod'>[]): Promise<TypesOfFields> {
  const known = fields.map(({ type, mod }) => spelling(type, mod));
  if (known.every((one) => one !== undefined)) return { types: new Map(), spelt: known };
  const oids = [...new Set(fields.map(({ type }) => type))];
  const rows = await session.query(
    `WITH RECURSIVE reached(oid) AS (
      SELECT pg_catalog.unnest($1::pg_catalog.oid[])
      UNION
      SELECT inside.oid FROM reached r JOIN pg_catalog.pg_type t ON t.oid = r.oid CROSS JOIN LATERAL (
        SELECT t.typbasetype AS oid WHERE t.typtype = 'd'
        UNION ALL SELECT t.typelem WHERE t.typelem <> 0
        UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
          WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      ) inside
    )
    SELECT t.oid::text, t.typname AS name, t.typtype AS kind, t.typbasetype::text AS base, t.typtypmod::text AS base_mod,
      CASE WHEN e.typarray = t.oid THEN t.typelem ELSE 0 END::text AS item,
      (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', a.attname, 'type', a.atttypid::bigint, 'mod', a.atttypmod) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)::text AS fields,
      (SELECT pg_catalog.json_agg(pg_catalog.format_type(of.t, of.m) ORDER BY of.n) FROM ROWS FROM (pg_catalog.unnest($2::pg_catalog.oid[]),
        pg_catalog.unnest($3::pg_catalog.int4[])) WITH ORDINALITY AS of(t, m, n))::text AS spelt
    FROM reached r JOIN pg_catalog.pg_type t ON t.oid = r.oid LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem`,
    [oids, fields.map(({ type }) => type), fields.map(({ mod }) => mod)].map((numbers) => `{${numbers.join(',')}}`),
  );
  const types = new Map(
    rows.map((row): readonly [number, CatalogType] => {
      const { oid, name, kind, base, base_mod, item, fields } = row;
      const type = {
        oid: Number(oid),
        name: name ?? '',
        kind: kind ?? '',
        item: Number(item),
        base: Number(base),
        baseMod: Number(base_mod),
      };
      return [type.oid, { ...type, fields: JSON.parse(fields ?? '[]') as CatalogType['fields'] }];
    }),
  );
  return { types, spelt: JSON.parse(rows[0]?.spelt ?? '[]') as readonly string[] };
}

async function digitsOfMoney(session: PostgresSession): Promise<number> {
  const [row] = await session.query(`SELECT pg_catalog.scale('1'::pg_catalog.money::pg_catalog.numeric)::text AS digits`);
  return Number(row?.digits ?? 2);
}

/** The expressions for the number of rows that the server estimates, and for the size of a piece. */
const pieceColumns = `c.reltuples::text AS rows, CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_table_size(c.oid) ELSE 0 END::text AS bytes,
    CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint ELSE 0 END::text AS blocks`;

/** The pieces of a table: its partitions with rows, if the role may read them directly. Otherwise the whole table is one piece. */
async function piecesOf(session: PostgresSession, found: FoundTable): Promise<readonly RelationPart[]> {
  const isPartitioned = found.kind === 'p';
  const rows = isPartitioned
    ? await session.query(
        `SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, ${pieceColumns}, pg_catalog.has_table_privilege(c.oid, 'SELECT')::text AS mine
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_partition_tree($1::pg_catalog.oid) p ON p.relid = c.oid WHERE p.isleaf AND c.relkind <> 'p' ORDER BY 1, 2`,
        [found.oid],
      )
    : [found.row];
  // If other tables inherit from a table, a query of the table also returns the rows of these tables, and each table has its own block numbers. From version 14
  // on, a range of blocks is read without the other blocks. Older versions would read the whole table for each range.
  const hasPlaces = found.serverVersion >= 140_000 && (isPartitioned || !found.hasChildren);
  const pieces = rows.map((row): RelationPart => {
    const isStored = row.kind === 'r' || row.kind === 'm';
    const tuples = Number(row.rows);
    return {
      from: nameOf({ schema: row.schema ?? '', name: row.name ?? '' }),
      bytes: Number(row.bytes),
      rows: tuples < 0 || !isStored ? null : Math.round(tuples),
      blocks: isStored && hasPlaces ? Number(row.blocks) : null,
    };
  });
  if (!isPartitioned || (rows.length > 0 && rows.every(({ mine }) => mine === 'true'))) return pieces;
  const known = pieces.length > 0 && pieces.every((piece) => piece.rows !== null);
  const sum = (of: (piece: RelationPart) => number) => pieces.reduce((all, piece) => all + of(piece), 0);
  return [{ from: nameOf(found), bytes: sum(({ bytes }) => bytes), rows: known ? sum((piece) => piece.rows ?? 0) : null, blocks: null }];
}

export async function estimate(
  session: PostgresSession,
  sql: string,
): Promise<{ readonly rows: number; readonly bytes: number } | undefined> {
  const [row] = await session.query(`EXPLAIN (FORMAT JSON) ${sql}`);
  const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as readonly { readonly Plan?: { 'Plan Rows'?: number; 'Plan Width'?: number } }[];
  const rows = plan?.Plan?.['Plan Rows'];
  return rows === undefined ? undefined : { rows, bytes: rows * (plan?.Plan?.['Plan Width'] ?? 0) };
}

// ---- rows that may still appear below the newest value: open transactions, numbers assigned in advance, a standby that lags

const instant = (expression: string) => dialect.canonicalText(expression, { kind: 'timestamp', unit: 'us', zone: 'UTC' });

/**
 * Lists sessions of users in this database that have a transaction, or run a message that may begin a transaction. In all transactions of one message, `now()`
 * is the time when the message arrived. So each transaction counts while the message runs, and the last transaction counts until it ends. A VACUUM is a message
 * by itself and writes no rows. Parallel workers only read. Prepared transactions come last in the query. PREPARE TRANSACTION makes a prepared transaction
 * before the session’s transaction ends, so no transaction is missed.
 */
const openNow = (): string => {
  const [lockClass, lockId] = readTransactionLock.slice(1, -1).split(', ');
  return `
    SELECT COALESCE('v' || l.virtualtransaction, 'm' || a.pid) AS id, a.pid::text AS pid, a.usename AS role, a.application_name AS application,
      ${instant('m.began')} AS since, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - m.began)::bigint::text AS age,
      COALESCE(a.state <> 'disabled', false)::text AS timed, COALESCE(m.began <= $1::timestamptz, false)::text AS early
    FROM pg_catalog.pg_stat_activity a
    LEFT JOIN pg_catalog.pg_locks l ON l.pid = a.pid AND l.locktype = 'virtualxid' AND l.granted AND l.virtualxid = l.virtualtransaction
    CROSS JOIN LATERAL (SELECT LEAST(a.xact_start, CASE WHEN a.state = 'active' AND a.backend_type = 'client backend' THEN a.query_start END) AS began) m
    WHERE a.datname = pg_catalog.current_database() AND a.usesysid IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
      AND (l.pid IS NOT NULL OR m.began IS NOT NULL) AND a.backend_type IS DISTINCT FROM 'parallel worker'
      AND (a.state = 'active' AND a.query ~* '^[[:space:]]*vacuum') IS NOT TRUE AND NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_locks r WHERE r.pid = a.pid AND r.locktype = 'advisory' AND r.granted AND r.mode = 'ShareLock'
          AND r.classid = ${lockClass} AND r.objid = ${lockId} AND r.objsubid = 2)
    UNION ALL
    SELECT 'p' || p.transaction, NULL, p.owner, p.gid, NULL, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - p.prepared)::bigint::text, 'false', 'false'
    FROM pg_catalog.pg_prepared_xacts p WHERE p.database = pg_catalog.current_database()`;
};

/** The part of an id such as `v5/101` before the slash, which is the number of the session. After the slash comes the number of the transaction. */
const placeIn = (id: string): string => id.slice(1).split('/')[0] ?? '';

/**
 * Lists every transaction of a session that may write, and every prepared transaction. If a session shows when its transaction began, hygge also waits for
 * transactions that began before the first list. Their ids begin with `e`. Otherwise hygge waits only for the session’s next transaction, whose id begins with
 * `s`.
 */
async function openTransactions(session: PostgresSession, _of: unknown, waited?: AwaitedTransactions): Promise<readonly OpenTransaction[]> {
  const rows = await session.query(openNow(), [waited?.at ?? null]);
  const known = new Set(waited?.ids);
  const placesKnown = new Set(waited?.ids.filter((id) => id.startsWith('v')).map(placeIn));
  const mayBePrepared = waited?.ids.some((id) => !id.startsWith('p')) ?? false;
  return rows.map(({ id: found, pid, role, application, since, age, timed, early }): OpenTransaction => {
    const id = found ?? '';
    const what = pid === null ? `the prepared transaction ${application}` : `session ${pid}${application ? ` (${application})` : ''}`;
    const one = { id, startedAt: since ?? null, shown: `${what} of ${role}${age === null ? '' : `, ${age} s`}` };
    if (pid === null) return { ...one, mayContinueAwaited: mayBePrepared };
    // PostgreSQL reads sessions before their locks, so a row may have the beginning of one transaction and the id of the next. In later lists, the id of the next transaction has no `e`.
    if (timed === 'true') return early === 'true' && !known.has(id) ? { ...one, id: `e${id.slice(1)}`, mayContinueAwaited: true } : one;
    const successor = `s${id.slice(1)}`;
    const mayContinueAwaited = !known.has(id) && (known.has(successor) || placesKnown.has(placeIn(id)));
    return mayContinueAwaited ? { ...one, id: successor, mayContinueAwaited } : one;
  });
}

async function standbyPosition(session: PostgresSession): Promise<{ readonly until: string | null } | undefined> {
  const [row] = await session.query(
    `SELECT pg_catalog.pg_is_in_recovery()::text AS standby, ${instant('pg_catalog.pg_last_xact_replay_timestamp()')} AS until`,
  );
  return row?.standby === 'true' ? { until: row.until ?? null } : undefined;
}

interface PlanNode {
  readonly 'Node Type'?: string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const arrayOf = (texts: readonly string[]): string => `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The relations that the database would scan to answer a query. */
async function scans(session: PostgresSession, from: string): Promise<{ readonly areElsewhere: boolean; readonly names: string }> {
  const [row] = await session.query(`EXPLAIN (VERBOSE, FORMAT JSON) SELECT * FROM ${from}`);
  const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as readonly { readonly Plan?: PlanNode }[];
  const nodes = plan?.Plan ? nodesOf(plan.Plan) : [];
  const names = nodes.flatMap(({ Schema = '', 'Relation Name': name }) => (name === undefined ? [] : [nameOf({ schema: Schema, name })]));
  return {
    areElsewhere: nodes.some((node) => node['Node Type'] === 'Foreign Scan'),
    names: arrayOf(names),
  };
}

/** A subscription writes a transaction only after the publisher has committed it. So the now() of that transaction may be older than the now() of rows that were written before. */
async function subscribed(session: PostgresSession, names: string): Promise<{ readonly why: string; readonly grant: string } | undefined> {
  const [row] = await session.query(
    `SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS of(name)
    CROSS JOIN LATERAL (SELECT pg_catalog.to_regclass(of.name) AS self UNION SELECT a.relid FROM pg_catalog.pg_partition_ancestors(pg_catalog.to_regclass(of.name)) a) t
    JOIN pg_catalog.pg_subscription_rel r ON r.srrelid = t.self LIMIT 1`,
    [names],
  );
  if (row === undefined) return undefined;
  return {
    why: `A subscription fills ${row.name}: the transactions of its publisher can’t be seen here`,
    grant: 'Read the table from the publisher, over a separate connection',
  };
}

/** Whether a table stores all its rows itself. Partitions and children store rows of their own. A table without children has known block numbers. */
function isStoredWhole({ isTable, from, parts: [part, ...others] }: Relation): boolean {
  return isTable && part !== undefined && others.length === 0 && part.from === from && part.blocks !== null;
}

/** Why rows may appear late without a visible transaction. Transactions on another server are hidden, and so are transactions that were open when a materialized view was filled. */
async function unseenReason(
  session: PostgresSession,
  relation: Relation,
): Promise<{ readonly why: string; readonly grant: string } | undefined> {
  const { from, shown } = relation;
  // A table that stores all its rows itself is no view, and all its rows are in this database.
  if (isStoredWhole(relation)) return subscribed(session, arrayOf([from]));
  const { areElsewhere, names } = await scans(session, from);
  if (areElsewhere)
    return {
      why: `${shown} has rows of another server, whose transactions can’t be seen here`,
      grant: 'Read these rows from the server that has them, over a separate connection',
    };
  const [filled] = await session.query(
    `SELECT c.oid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS of(name)
    JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(of.name) WHERE c.relkind = 'm' LIMIT 1`,
    [names],
  );
  if (filled === undefined) return subscribed(session, names);
  return {
    why: `The materialized view ${filled.name} has no rows of transactions that were open when it was refreshed`,
    grant: 'Read the tables that the view is made of, or a view of these tables that is not materialized',
  };
}

/** Why a sequence’s numbers may appear out of order: sessions may reserve numbers in advance, and use them later. */
async function outOfOrderReason(session: PostgresSession, relation: Relation, column: string): Promise<string | undefined> {
  // The column name is searched in all tables that a view reads, because views usually keep the column names of their tables.
  const names = relation.isTable ? arrayOf([relation.from]) : (await scans(session, relation.from)).names;
  const [row] = await session.query(
    `WITH a AS (SELECT attrelid, attnum FROM pg_catalog.pg_attribute
      WHERE attrelid IN (SELECT pg_catalog.to_regclass(name) FROM pg_catalog.unnest($1::text[]) AS of(name)) AND attname = $2),
    d AS (SELECT * FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass),
    owned AS (SELECT d.objid AS sequence FROM a JOIN d ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
      AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')),
    given AS (SELECT d.refobjid AS sequence FROM a JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
      JOIN d ON d.objid = e.oid AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass)
    SELECT s.seqrelid::pg_catalog.regclass::text AS sequence, s.seqcache::text AS cache
    FROM (TABLE owned UNION TABLE given) n JOIN pg_catalog.pg_sequence s ON s.seqrelid = n.sequence WHERE s.seqcache > 1 LIMIT 1`,
    [names, column],
  );
  if (row === undefined) return undefined;
  return `each session reserves ${row.cache} numbers of ${row.sequence} in advance. Rows may appear below ${column} later and would be missed: give the sequence CACHE 1, or use a time with a lag as watermark`;
}

export const late: LateRows<PostgresSession> = { openTransactions, unseenReason, standbyPosition, outOfOrderReason };
