import type { DataType } from '../../frames/schema.ts';
import type { Dialect, Transaction } from '../engine.ts';
import { tableNames } from '../table-names.ts';
import { sameSumFor, stagedTotalsFor } from '../writes.ts';

/** The first half of the keys of hygge’s advisory locks: “hygge” on the keys of a phone, 49443. Other programs are unlikely to use this number. */
const ourLocks = 49_443;
/** The advisory lock that marks hygge’s read-only transactions, so that no run waits for such transactions. */
export const readTransactionLock = `(${ourLocks}, 1)`;

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const names = tableNames({
  engineName: 'PostgreSQL',
  quotePairs: ['""'],
  quote: quoteName,
  advice: {
    form: 'A table is written as its name, or as schema and name with a dot between.',
    example: 'sales.orders, or "My Schema"."My.Table" if a name has a dot',
  },
  refusal({ schema, name }) {
    const isLong = (part: string) => Buffer.byteLength(part) > 63;
    const tooLong = [name, schema].find(isLong);
    if (tooLong === undefined) return undefined;
    const [within, short] = [schema, name].map((part) => (isLong(part) ? part.slice(0, 20) : part).replaceAll(/\W+/g, '_'));
    return {
      why: `${tooLong} is longer than 63 bytes, so PostgreSQL would cut it.`,
      tryThis: `Choose a shorter name: store: { table: ${within === 'public' ? short : `${within}.${short}`} }`,
    };
  },
});

/** A text as a literal, for any setting of `standard_conforming_strings`. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

const words: Readonly<Partial<Record<DataType['kind'], string>>> = {
  ...{ int16: 'int2', int32: 'int4', int64: 'int8', uint32: 'oid' },
  ...{ string: 'text', uuid: 'uuid', date: 'date' },
};

/** PostgreSQL’s name of one of hygge’s types that can be a watermark. */
function wordFor(type: DataType): string {
  if (type.kind === 'timestamp') return type.zone === undefined ? 'timestamp' : 'timestamptz';
  return words[type.kind] ?? 'numeric';
}

/** A condition for the values that hygge’s type can store. Undefined: hygge’s type can store all values. */
export function finite(expression: string, type: DataType): string | undefined {
  if (type.kind === 'decimal') return `${expression} < 1e${type.precision - type.scale}::pg_catalog.numeric`;
  if (type.kind === 'date') return `${expression} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'`;
  if (type.kind !== 'timestamp') return undefined;
  const word = type.zone === undefined ? 'TIMESTAMP' : 'TIMESTAMPTZ';
  const zone = type.zone === undefined ? '' : '+00';
  return `${expression} >= ${word} '0001-01-01 00:00:00${zone}' AND ${expression} < ${word} '10000-01-01 00:00:00${zone}'`;
}

/** Converts an expression to text. hygge reads `char(n)` with trailing blanks, which a cast to text would remove. */
function asText(expression: string, declared = ''): string {
  return /^(character\b(?! varying)|bpchar\b)/.test(declared)
    ? `pg_catalog.textin(pg_catalog.bpcharout(${expression}))`
    : `${expression}::pg_catalog.text`;
}

/** Settings of hygge’s transactions, with which the server writes every value as text without loss. */
const settings: readonly (readonly [string, string])[] = [
  ['TimeZone', 'UTC'],
  ['DateStyle', 'ISO, YMD'],
  ['IntervalStyle', 'iso_8601'],
  ['bytea_output', 'hex'],
  ['extra_float_digits', '1'],
  ['xmloption', 'content'],
  ['row_security', 'off'],
  // No limit on idle time: a session that holds a snapshot, or waits for a frame, is idle for as long as the other side needs.
  ['idle_in_transaction_session_timeout', '0'],
  ['quote_all_identifiers', 'off'],
];

export const setLocal = (name: string, value: string): string => `pg_catalog.set_config('${name}', ${quoteText(value)}, true)`;

/** The planner overestimates catalogue queries, so the server would compile them: 30 ms for a query that takes 1 ms. So compiling is turned off. Servers before version 11 have no such setting. */
const noCompiler = `CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN ${setLocal('jit', 'off')} END`;

/** Makes the server check whether the client still exists, so that the statement of a killed process ends within seconds. Servers before version 14, and servers on some operating systems, can’t check this. */
const whileConnected = `CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN ${setLocal('client_connection_check_interval', '5s')} END`;

/** The expressions of `CommitSide.settings`, without SELECT. */
const asExpressions = (settings: string): string => settings.replace(/^select /, '');

export function beginning({ mode, isolation, label, snapshotId, settings: more }: Transaction): string {
  const level = isolation === 'snapshot' ? 'REPEATABLE READ' : 'READ COMMITTED';
  const access = mode === 'read' ? 'READ ONLY' : 'READ WRITE';
  // All settings are made in one statement, because the server logs, counts and plans each statement.
  const locals = [...settings, ['application_name', label] as const].map(([name, value]) => setLocal(name, value));
  // A read-only transaction takes a lock that marks it, so that runs do not wait for it.
  const lock = mode === 'read' ? [`pg_catalog.pg_advisory_xact_lock_shared${readTransactionLock}`] : [];
  // The snapshot must be imported before any statement that takes a snapshot itself.
  const imported = snapshotId === undefined ? [] : [`SET TRANSACTION SNAPSHOT ${quoteText(snapshotId)}`];
  const all = `SELECT ${[...locals, noCompiler, whileConnected, ...lock, ...(more === undefined ? [] : [asExpressions(more)])].join(', ')}`;
  return [`BEGIN ISOLATION LEVEL ${level} ${access}`, ...imported, all].join('; ');
}

export const dialect: Dialect = {
  quote: quoteName,
  text: quoteText,
  literal: (type, text) => `${quoteText(text)}::pg_catalog.${wordFor(type)}`,
  sortExpression: (expression, { kind }, declared) => (kind === 'string' ? `${asText(expression, declared)} COLLATE "C"` : expression),
  canonicalText(expression, type, declared) {
    if (type.kind !== 'timestamp') return asText(`(${expression})`, declared);
    const zoned = type.zone !== undefined;
    const wall = zoned ? `(${expression}) AT TIME ZONE 'UTC'` : `(${expression})`;
    return `pg_catalog.to_char(${wall}, 'YYYY-MM-DD"T"HH24:MI:SS.US${zoned ? '"Z"' : ''}')`;
  },
  beginsWithSettings: true,
  count: (of) => `count(${of})`,
  selectFirst: (list, rest, most = 1) => `SELECT ${list} ${rest} LIMIT ${most}`,
};

/** Makes a sum exact. Before version 14, the seconds in the sum are doubles. */
const exactly = (sum: string): string => `case when pg_catalog.current_setting('server_version_num')::integer >= 140000 then ${sum} end`;

/** A subquery, which the server evaluates once for all rows instead of once for each row. */
const isUtf8 = `(select pg_catalog.getdatabaseencoding() = 'UTF8')`;

/** The totals that PostgreSQL computes for a staged column. */
export const totals = stagedTotalsFor(dialect, {
  sum: {
    bool: (column) => `count(*) filter (where ${column})`,
    ...sameSumFor(['int16', 'int32', 'int64', 'decimal'], (column) => `sum(${column})`),
    date: (column) => `sum(${column} - date '1970-01-01')`,
    time: (column) => exactly(`sum(extract(epoch from ${column})) * 1000000`),
    string: (column) =>
      `sum(case when ${isUtf8} then octet_length(${column}) else octet_length(pg_catalog.convert_to(${column}, 'UTF8')) end)`,
  },
  // Days are summed. An exact sum of microseconds would cost as much as all other columns of a usual table.
  days: (timestamp) => `sum(${timestamp}::date - date '1970-01-01')`,
  hasEdges: ({ kind }) => kind === 'timestamp',
  floatEdges: (column) => ({ min: `min(${column})`, max: `max(${column})` }),
});
