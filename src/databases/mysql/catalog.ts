/** What hygge reads from the catalogue of MySQL and MariaDB about a source. */

import { collatedEqualities } from '../../frames/row-sum/key-equality.ts';
import type { DataType } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { AwaitedTransactions, LateRows, OpenTransaction, Relation, Row, Source, SourceColumn, SourceOptions } from '../engine.ts';
import { DatabaseError } from '../engine.ts';
import { sameNameTwice } from '../errors.ts';
import { subqueryInFrom } from '../select.ts';
import { restatedBy, selectedFields } from '../source-columns.ts';
import { accountOf } from './account.ts';
import type { MysqlSession } from './connect.ts';
import { allOfDatabase, dialect, names, quoteName, quoteText } from './dialect.ts';
import { isDenied, noSuchTable, stale, unlisted } from './errors.ts';
import { keyEquality } from './key-equality.ts';
import { declaredOf, typeReadAs } from './types.ts';

interface FoundTable {
  readonly schema: string;
  readonly name: string;
  /** The storage engine of the table. Null: the relation is a view. */
  readonly engine: string | null;
  readonly rows: string | null;
  readonly bytes: string | null;
}

const tables = `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS \`rows\`, DATA_LENGTH AS bytes, @@lower_case_table_names AS folded, DATABASE() AS current
FROM information_schema.TABLES WHERE LOWER(TABLE_NAME) = LOWER($1)`;

async function found(session: MysqlSession, written: string): Promise<FoundTable> {
  const parts = names.split(written);
  const [name = '', schema] = [parts.at(-1), parts.at(-2)];
  const rows = parts.length > 2 ? [] : await session.query(`${tables} AND TABLE_SCHEMA = COALESCE($2, DATABASE())`, [name, schema ?? null]);
  // Compares names exactly. The server ignores accents, so it may have found another table.
  const isNamed = (text: string | null | undefined, given: string | null | undefined, isFolded: boolean) =>
    isFolded ? text?.toLowerCase() === given?.toLowerCase() : text === given;
  const row = rows.find((one) => {
    const isFolded = one.folded !== '0';
    return isNamed(one.name, name, isFolded) && isNamed(one.schema, schema ?? one.current, isFolded);
  });
  if (row) return row as unknown as FoundTable;
  const near = await session.query(`${tables} ORDER BY TABLE_SCHEMA, TABLE_NAME LIMIT 3`, [name]);
  throw noSuchTable(written, near);
}

const declarations = `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, COLUMN_KEY AS \`key\`, COLLATION_NAME AS collation FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = $1 AND TABLE_NAME = $2`;
const indexes = `SELECT INDEX_NAME AS \`index\`, COLUMN_NAME AS name FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = $1 AND TABLE_NAME = $2 AND COLUMN_NAME IS NOT NULL AND SUB_PART IS NULL AND INDEX_TYPE = 'BTREE' ORDER BY INDEX_NAME, SEQ_IN_INDEX`;
const first = ' AND SEQ_IN_INDEX = 1';

const snapshotNote: OwnNote = {
  code: 'database.slices_apart',
  text: 'each slice reads a snapshot of its own: a row that gets another key during the run may be missing, or be read twice',
  params: { under: 'snapshot' },
};

export async function look(session: MysqlSession, source: Source, options: SourceOptions): Promise<Relation> {
  const table = 'table' in source ? await found(session, source.table) : undefined;
  const from = table ? `${quoteName(table.schema)}.${quoteName(table.name)}` : subqueryInFrom((source as { query: string }).query);
  const shown = table ? `${table.schema}.${table.name}` : 'the query';
  const { columns, invisible, inKey } = await columnsOf(session, { from, shown, table, options });
  const isTable = table !== undefined && table.engine !== null;
  const of = [table?.schema ?? '', table?.name ?? ''];
  const keys = isTable ? (await session.query(indexes, of)).filter(({ index }) => index === 'PRIMARY') : [];
  const begins = isTable ? await session.query(indexes.replace(' ORDER BY', `${first} ORDER BY`), of) : [];
  const rows = isTable && table.rows !== null ? Number(table.rows) : null;
  const bytes = Number(table?.bytes ?? 0);
  const loose: OwnNote = {
    code: 'mysql.engine',
    text: `${shown} uses the engine ${table?.engine}, which has no transactions. If rows are written during the read, hygge may read only some of them`,
  };
  return {
    ...{ from, shown, columns, isTable, snapshotNote },
    primaryKey: keys.map(({ name }) => name ?? ''),
    // If a key has only the first characters of a text, the catalogue lists the key incompletely, and the key is narrower than its columns. So its equalities stay unknown.
    keyEqualities: inKey.length === keys.length ? collatedEqualities(inKey, keyEquality) : {},
    leadingIndexColumns: new Set(begins.map(({ name }) => name ?? '')),
    rows: rows === null ? undefined : { n: rows, exact: false },
    bytes: isTable ? bytes : undefined,
    parts: [{ from, bytes, rows, blocks: null }],
    notes: invisible.map((column) => ({
      code: 'mysql.invisible',
      text: `column ${column} is invisible: it is read only if \`columns\` names it`,
      params: { column },
    })),
    warnings: isTable && table.engine !== 'InnoDB' ? [loose] : [],
  };
}

interface ColumnsRequest extends Pick<Relation, 'from' | 'shown'> {
  readonly table: FoundTable | undefined;
  readonly options: SourceOptions;
}

/** Three lists of columns. The first is the columns to read, as the database would send them now. The second is the invisible columns, which a query has to name. The third is the columns of the primary key. */
async function columnsOf(
  session: MysqlSession,
  { from, shown, table, options }: ColumnsRequest,
): Promise<{ readonly columns: readonly SourceColumn[]; readonly invisible: readonly string[]; readonly inKey: readonly Row[] }> {
  const declared: ReadonlyMap<string, Row> = table
    ? new Map((await session.query(declarations, [table.schema, table.name])).map((row) => [row.name ?? '', row]))
    : new Map();
  const invisible = [...declared.values()].flatMap(({ name, extra }) => (/\binvisible\b/i.test(extra ?? '') ? [name ?? ''] : []));
  const wanted = invisible.filter((name) => options.columns?.includes(name));
  const all = ['*', ...wanted.map(quoteName)].join(', ');
  const fields = await session.describe(`SELECT ${all} FROM ${from} LIMIT 0`).catch((error: unknown) => {
    const twice = error instanceof DatabaseError && error.code === '1060' ? /'(.*)'/.exec(error.message)?.[1] : undefined;
    throw twice === undefined ? error : sameNameTwice(shown, twice);
  });
  const taken = selectedFields(fields, { shown, options, existingElsewhere: invisible });
  const columns = taken.map((field): SourceColumn => {
    const { name } = field;
    const known = declared.get(name);
    const sourceType = known?.type ?? declaredOf(field);
    const read = typeReadAs(sourceType, options.booleans ?? false);
    const quoted = quoteName(name);
    return {
      ...{ name, type: read.type, sourceType, shownAsText: read.shownAsText, ...restatedBy(read) },
      nullable: known?.nullable !== 'NO' || (read.hasSpecialValues && options.specialValues === 'to_null'),
      selectExpression: read.castInSelect === null ? quoted : `${read.castInSelect(quoted)} AS ${quoted}`,
      wire: JSON.stringify([name, sourceType, read.wire]),
    };
  });
  const left = invisible.filter((name) => !wanted.includes(name) && !options.exclude?.includes(name));
  return { columns, invisible: left, inKey: [...declared.values()].filter(({ key }) => key === 'PRI') };
}

export async function estimate(
  session: MysqlSession,
  sql: string,
  conditions: readonly string[],
  relation: Relation,
): Promise<{ readonly rows: number; readonly bytes: number } | undefined> {
  if (!relation.isTable) return undefined;
  if (conditions.length === 0) return relation.rows && { rows: relation.rows.n, bytes: relation.bytes ?? 0 };
  const [row] = await session.query(`EXPLAIN ${sql}`);
  const rows = Math.ceil((Number(row?.rows ?? 0) * Number(row?.filtered ?? 100)) / 100);
  return { rows, bytes: 0 };
}

// ---- rows that may still appear below the newest value: open transactions, a replica that lags

const systemTime = (expression: string): string => `CONVERT_TZ(${expression}, 'SYSTEM', '+00:00')`;

/** If the zone of the system has summer time, an hour of summer time is subtracted. */
const inSummer = "INTERVAL IF(@@system_time_zone = 'UTC', 0, 3600) SECOND";
const utc: DataType = { kind: 'timestamp', unit: 'us', zone: 'UTC' };

/**
 * The running statements. A statement may wait for a lock, or read outside of InnoDB, before its first row. Until its first row, the server shows no
 * transaction of the statement, but `now()` is already fixed. Only MariaDB counts fractions of seconds.
 */
const statementsNow = (): string => `SELECT p.ID AS thread, p.USER AS user, p.DB AS db, ${dialect.canonicalText(
  'UTC_TIMESTAMP(6) - INTERVAL p.TIME + 1 SECOND',
  utc,
)} AS since, p.TIME AS age
FROM information_schema.PROCESSLIST AS p WHERE p.COMMAND IN ('Query', 'Execute') AND p.ID <> CONNECTION_ID()
AND COALESCE(/*M! p.TIME_MS / 1000, */ p.TIME) >= 0.1
AND UPPER(p.INFO) REGEXP '^[[:space:](]*(/[*].*[*]/)?[[:space:]]*(INSERT|REPLACE|UPDATE|LOAD|CALL|EXECUTE|WITH|MERGE)[[:space:]]'`;

const openNow = (): string => `SELECT t.trx_id AS id, t.trx_mysql_thread_id AS thread, p.USER AS user, p.DB AS db, ${dialect.canonicalText(
  `LEAST(${systemTime('t.trx_started')} - ${inSummer}, UTC_TIMESTAMP(6) - INTERVAL IF(p.COMMAND <> 'Sleep', p.TIME + 1, 0) SECOND)`,
  utc,
)} AS since, t.trx_started AS began, TIMESTAMPDIFF(SECOND, ${systemTime('t.trx_started')}, UTC_TIMESTAMP()) AS age,
t.trx_mysql_thread_id = CONNECTION_ID() AS own, t.trx_query AS doing
FROM information_schema.INNODB_TRX AS t LEFT JOIN information_schema.PROCESSLIST AS p ON p.ID = t.trx_mysql_thread_id
WHERE t.trx_is_read_only = 0 OR t.trx_mysql_thread_id = CONNECTION_ID() ORDER BY t.trx_started`;

/** The pauses in milliseconds between two queries of the list grow, because more than ten queries a second keep the list unchanged. */
const pausesMs = [110, 110, 150, 250, 400, 700, 1000, 1500, 2000];

const staleProblem = (): DatabaseError => new DatabaseError('INNODB_TRX shows what existed before the query', { code: stale });

/** MySQL can’t list sessions or transactions while any of their statements has a character outside of utf8mb3 in its first kilobyte (error 3854). MariaDB shows such a character as a question mark. */
const cannotList = (error: unknown): error is DatabaseError => error instanceof DatabaseError && error.code === '3854';
const unlistedProblem = (error: DatabaseError): DatabaseError => new DatabaseError(error.message, { code: unlisted });

const pause = (pauseMs: number): string => `DO SLEEP(${pauseMs / 1000} * (1 + RAND()))`;

/** Rows of the server’s lists of sessions and transactions. The query is retried for six to twelve seconds while the server can’t list them. */
export async function queryList(session: MysqlSession, sql: string): Promise<readonly Row[]> {
  for (let tries = 0; ; tries++) {
    try {
      return await session.query(sql);
    } catch (error) {
      if (!cannotList(error)) throw error;
      const pauseMs = pausesMs[tries];
      if (pauseMs === undefined) throw unlistedProblem(error);
      await session.run(pause(pauseMs));
    }
  }
}

interface Seen {
  readonly statements: readonly Row[];
  readonly transactions: readonly Row[];
}

/**
 * Queries the server’s list of transactions, which is a copy. The server renews the copy only after a tenth of a second without a reader, so the copy stays old
 * if many sessions read it. The copy is new enough if it shows hygge’s own transaction with the new mark in its statement.
 */
async function seen(session: MysqlSession): Promise<Seen> {
  await session.run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const [made] = await session.query('SELECT UUID_SHORT() AS mark');
  const mark = `/* ${made?.mark} */`;
  let problem = staleProblem();
  for (const pauseMs of pausesMs) {
    await session.run(`${pause(pauseMs)} ${mark}`);
    let statements: readonly Row[];
    let found: readonly Row[];
    try {
      // Statements are listed before transactions: a statement that reaches its first row in between is in the list of transactions.
      statements = await session.query(statementsNow());
      found = await session.query(`${openNow()} ${mark}`);
    } catch (error) {
      if (!cannotList(error)) throw error;
      problem = unlistedProblem(error);
      continue;
    }
    problem = staleProblem();
    const isFresh = found.some(({ own, doing }) => own === '1' && doing?.includes(mark));
    const transactions = found.filter(({ own }) => own !== '1');
    const isIn = new Set(transactions.map(({ thread }) => thread));
    if (isFresh) return { statements: statements.filter(({ thread }) => !isIn.has(thread)), transactions };
  }
  throw problem;
}

/** The transactions that may still write rows below the current newest value, whatever tables they have used so far. */
async function openTransactions(session: MysqlSession, _of: unknown, waited?: AwaitedTransactions): Promise<readonly OpenTransaction[]> {
  const known = waited?.ids ?? [];
  // An XA transaction leaves its connection when it is prepared, or when the connection ends later. Ids with a connection contain a blank.
  const mayBePrepared = known.some((id) => id.includes(' '));
  const { statements, transactions } = await seen(session);
  const late = (id: string, { thread, user, db, age, since }: Row): OpenTransaction => {
    const who = thread === '0' ? 'a prepared transaction' : `connection ${thread} of ${user ?? 'nobody'}${db ? ` in ${db}` : ''}`;
    return { id, startedAt: since ?? null, shown: `${who}, ${age} s` };
  };
  const stated = ({ thread }: Row): string => `${thread} statement`;
  return [
    // The server gives no id to a transaction that has written nothing.
    ...transactions.map((row) => {
      if (row.thread !== '0') return late(`${row.thread} ${row.began}`, row);
      return { ...late(row.id ?? '', row), mayContinueAwaited: mayBePrepared };
    }),
    ...statements.map((row) => late(stated(row), row)),
    // Earlier, the server listed these connections as statements without a transaction. Now they have a transaction.
    ...transactions.filter((row) => known.includes(stated(row))).map((row) => late(stated(row), row)),
  ];
}

// ---- tables whose open transactions InnoDB does not show: the tables are on another server, or have another storage engine

/** Storage engines whose transactions the server shows, and engines without transactions, whose rows are visible at once. */
const seenHere = ['InnoDB', 'MyISAM', 'MRG_MyISAM', 'Aria', 'MEMORY', 'CSV', 'ARCHIVE', 'BLACKHOLE', 'SEQUENCE', 'PERFORMANCE_SCHEMA']
  .map(quoteText)
  .join(', ');

const others = `SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT') AND ENGINE NOT IN (${seenHere}) ORDER BY ENGINE`;
/** Views have no storage engine, but may read tables of any. */
const viewsAndOthers = `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES
WHERE ENGINE NOT IN (${seenHere}) OR TABLE_TYPE = 'VIEW' ORDER BY TABLE_SCHEMA, TABLE_NAME`;
const definition = 'SELECT VIEW_DEFINITION AS text FROM information_schema.VIEWS WHERE TABLE_SCHEMA = $1 AND TABLE_NAME = $2';

/** Error codes that say which rights are missing to see the tables of a view. */
const unexplained: ReadonlySet<string> = new Set(['1345', '1142', '1143', '1356']);

type Hidden = { readonly why: string; readonly grant: string } | undefined;

/** Why rows of other storage engines may appear late, and the missing right. If the server has no such engines, no further query is sent. */
async function elsewhere(session: MysqlSession, { from, shown }: Relation): Promise<Hidden> {
  const engines = (await session.query(others)).map(({ engine }) => engine);
  if (engines.length === 0) return undefined;
  const [at] = await session.query('SELECT LOWER(DATABASE()) AS db');
  const account = await accountOf(session);
  const covered: Hidden = {
    why: `${account.shown} may not see whether ${shown} reads tables of the engine ${engines.join(', ')}, whose open transactions are hidden`,
    grant: `GRANT SELECT, SHOW VIEW ON ${allOfDatabase(at?.db ?? '')} TO ${account.to}`,
  };
  // If the account may EXPLAIN a view, it sees all tables that the view reads.
  const isSeen = await session.query(`EXPLAIN SELECT * FROM ${from}`).then(
    () => true,
    (error: unknown) => {
      if (error instanceof DatabaseError && unexplained.has(error.code)) return false;
      throw error;
    },
  );
  if (!isSeen) return covered;
  const there = await session.query(viewsAndOthers);
  const known = new Set<Row>();
  for (const texts = [from]; texts.length > 0; ) {
    const has = namesIn(texts.pop() ?? '', at?.db ?? '');
    for (const one of there) {
      const { schema, name, engine } = one;
      if (known.has(one) || !has.has(keyOf(schema ?? '', name ?? ''))) continue;
      known.add(one);
      if (engine !== null)
        return {
          why: `${schema}.${name} uses the engine ${engine}: this server does not show which transactions write to it`,
          grant: 'If another server has the rows of this table, read them there, over a separate connection',
        };
      const [view] = await session.query(definition, [schema ?? '', name ?? '']);
      if (!view?.text) return covered;
      texts.push(view.text);
    }
  }
  return undefined;
}

const keyOf = (schema: string, name: string): string => JSON.stringify([schema.toLowerCase(), name.toLowerCase()]);

const part = '(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|[\\w$\\u0080-\\uffff]+)';
const chains = new RegExp(`'(?:[^'\\\\]|''|\\\\.)*'|\\bas\\s+${part}|${part}(?:\\s*\\.\\s*${part})*`, 'gis');

/** All names in the SQL that may be tables. An alias may be among them, because one name too many is better than an overlooked table. */
function namesIn(sql: string, db: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [chain] of sql.matchAll(chains)) {
    if (chain.startsWith("'") || /^as\s/i.test(chain)) continue;
    const [first = '', second] = (chain.match(new RegExp(part, 'gs')) ?? []).map((text) =>
      /^[`"]/.test(text) ? text.slice(1, -1).replaceAll(text.slice(0, 1).repeat(2), text.slice(0, 1)) : text,
    );
    found.add(keyOf(db, first));
    if (second !== undefined) found.add(keyOf(first, second));
  }
  return found;
}

async function unseenReason(session: MysqlSession, relation: Relation): Promise<Hidden> {
  try {
    await queryList(session, 'SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1');
  } catch (error) {
    if (!(error instanceof DatabaseError) || !isDenied(error)) throw error;
    return {
      why: 'Without the privilege PROCESS no one sees which transactions are open',
      grant: `GRANT PROCESS ON *.* TO ${(await accountOf(session)).to}`,
    };
  }
  return elsewhere(session, relation);
}

/** MariaDB can have several primaries, each with its own name. */
const behind = ['SHOW ALL REPLICAS STATUS', 'SHOW REPLICA STATUS', 'SHOW SLAVE STATUS'];

/** The query for threads that read changes from another server and apply them. The right PROCESS shows these threads, and also shows open transactions. */
const applying = `SELECT @@global.read_only AS closed, COUNT(*) AS threads FROM information_schema.PROCESSLIST
WHERE USER = 'system user' AND COMMAND IN ('Slave_IO', 'Slave_SQL', 'Slave_worker', 'Connect', 'Query')`;

/** How far a server is that replicates another server. A replica refuses all other writes, or accepts other writes but has threads that apply the other server’s changes. A replica reports its delay in whole seconds. */
async function standbyPosition(session: MysqlSession): Promise<{ readonly until: string | null; readonly primary: string } | undefined> {
  const [server] = await queryList(session, applying);
  const isClosed = server?.closed !== '0' && server?.closed !== 'OFF';
  if (!isClosed && server?.threads === '0') return undefined;
  let told: readonly Row[] | 'unseen' = 'unseen';
  for (const statement of behind) {
    try {
      told = await session.query(statement);
      break;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.isLost) throw error;
    }
  }
  if (told !== 'unseen' && told.length === 0) return undefined;
  const delays: readonly (string | null)[] =
    told === 'unseen' ? ['0'] : told.map((row) => row.Seconds_Behind_Source ?? row.Seconds_Behind_Master ?? null);
  const instant = dialect.canonicalText(`UTC_TIMESTAMP(6) - INTERVAL ${Math.max(...delays.map(Number)) + 1} SECOND`, {
    kind: 'timestamp',
    unit: 'us',
    zone: 'UTC',
  });
  const [row] = await session.query(`SELECT ${instant} AS until`);
  return { until: delays.includes(null) ? null : (row?.until ?? null), primary: 'host: the primary' };
}

/** If several servers accept writes, each assigns numbers from its own series, so numbers do not increase in time. */
async function outOfOrderReason(session: MysqlSession, relation: Relation, column: string): Promise<string | undefined> {
  if (!relation.isTable || relation.primaryKey[0] !== column) return undefined;
  const [row] = await session.query('SELECT @@global.auto_increment_increment AS step');
  if (row?.step === '1') return undefined;
  return `several servers assign the numbers of ${column} in turn. Rows may arrive below the newest number later and would be missed: use a time with a lag as watermark`;
}

export const late: LateRows<MysqlSession> = { openTransactions, unseenReason, standbyPosition, outOfOrderReason };
