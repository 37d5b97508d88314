/** How hygge writes rows and tables in MySQL and MariaDB. */
import { hash } from 'node:crypto';
import type { Change, TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { StoreError } from '../../errors/hygge-error.ts';
import type { Arrow } from '../../frames/native.ts';
import type { Column } from '../../frames/schema.ts';
import { inParts } from '../../frames/values/from-polars.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { ansiWrites } from '../ansi.ts';
import { quotedTable, setClause } from '../ddl.ts';
import type { Session } from '../engine.ts';
import { repeatedName } from '../repeated-names.ts';
import {
  type AttemptTags,
  attemptColumn,
  countAllAndOursStatement,
  countByTagStatement,
  fromUnmatchedByJoin,
  type LoadedTable,
  type TableName,
  type UpdateFromSource,
  type Writes,
} from '../writes.ts';
import {
  takes as alsoTakes,
  altersValue as altersValueCondition,
  asType as castToType,
  charsetOf,
  declared,
  howChanged,
  held as newColumnHolds,
  ownType as parseType,
  widened as widenedDeclaration,
} from './columns.ts';
import type { MysqlSession } from './connect.ts';
import {
  columns,
  destination as inspectDestination,
  isMariadb,
  keyIndex,
  likeThere as likenessAndIntentClauses,
  bearing as madeByIntent,
  rowKeyName,
  schemasWithAll,
  tablesIn,
  triggerSide,
} from './destination.ts';
import { badInNames, dialect, names, quoteName, totals } from './dialect.ts';
import { lines, type TextForm, textOf, tuples } from './encode.ts';
import { meaning as errorClass, explainWritten, rowsMissing, valuesWarned } from './errors.ts';

/** The options of a new table: InnoDB, and a collation in which only identical texts are equal. MariaDB and MySQL have different names for this collation. */
const tableOptions =
  ' engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */';

/** The SQL mode for writing: a value that the server would change is an error, and zero does not request the next number. */
const mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION';

/** The number of seconds to wait for a lock. After this time, other sessions that queue behind ours get their turn. */
export const lockSeconds = 30;
const waits = (seconds: number) => `innodb_lock_wait_timeout = ${seconds}, lock_wait_timeout = ${seconds}`;

/** If a setting says so, MySQL itself adds this column to a table without a key. */
const rowKeyColumn = `${rowKeyName} bigint unsigned not null auto_increment primary key invisible`;

const attempt = attemptColumn.name;
const ofAttempts = (all: ReadonlyMap<string, number>): string => `${attempt} in (${[...all.keys()].map((tag) => BigInt(tag)).join(', ')})`;

/** Attempts are tagged by a column, which recent servers drop without rewriting rows: MariaDB from 10.4, MySQL from 8.0.29. Other servers rewrite the table. */
const attemptTags: AttemptTags<MysqlSession> = {
  tagColumn: attemptColumn,
  valuesFitAnyDeclaration: true,
  async newTag(session) {
    const [row] = await session.query('select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag');
    return row?.tag ?? '';
  },
  tagCondition: ofAttempts,
  async countAllAndOurs(session, table, counts, all) {
    const [row] = await session.query(countAllAndOursStatement(table, counts, ofAttempts(all)));
    return row;
  },
  countByTag: (session, table, counts) => session.query(countByTagStatement(table, counts, attempt)),
};

const standard = ansiWrites({ quote: quoteName }, declared);

export const writes: Writes<MysqlSession> = {
  columns: {
    naming: { longest: { most: 64, of: 'characters' }, case: 'ignored', reserved: [], never: badInNames },
    ...{ newColumnHolds, declared, alsoTakes, parseType, howChanged, widenedDeclaration, castToType, altersValueCondition },
    // An index of a text or of bytes needs a length, so a key would compare only their beginnings. (MariaDB has unique indexes of whole texts, by hash.)
    canBeKey: (declaration) => !/^((tiny|medium|long)?(text|blob)|json)\b/.test(declaration),
  },
  tables: {
    ...standard.tables,
    tableOptions,
    hiddenKeyClause: async (session) => ((await session.asksForKey()) ? `, ${rowKeyColumn}` : ''),
    extrasOfNewTable: async (_, { table, columns: all, key }) => ({
      ...{ before: [], notes: [] },
      after: keyIndex(all, key).map((part) => `alter table ${quotedTable(dialect, table)} ${part}`),
    }),
    alter,
    analyze: (table) => `analyze table ${table}`,
  },
  catalog: {
    parseTableName: (written, database) => names.parseDestination(written, database),
    ...{ inspectDestination, columns, tablesIn, schemasWithAll },
  },
  staging: {
    load: { by: 'frames', copy },
    totals,
    attemptTags,
    slowedBy: async (session) =>
      (await session.takesFiles())
        ? []
        : ['rows are sent by INSERT, because local_infile is off. LOAD DATA is several times as fast: SET GLOBAL local_infile = ON'],
  },
  merge: {
    // Making or dropping a temporary table does not end the transaction. A temporary table of an undone transaction may still exist, so it is dropped first.
    createTemporary: (table, from) => [
      `drop temporary table if exists ${table}`,
      `create temporary table ${table} /*!80030 (${rowKeyColumn}) */ engine = InnoDB as select * from ${from} k`,
    ],
    dropTemporary: (table) => `drop temporary table ${table}`,
    ...{ update, runUpdate, equalByCollation, fromUnmatchedRows: fromUnmatchedByJoin },
    deleteFrom: ({ table, where }) => `delete hygge_now from ${table} hygge_now where ${where}`,
    exactText: (expression) => dialect.sortExpression(expression, { kind: 'string' }),
    // Long values are compared by a digest, because ORDER BY and PARTITION BY compare only `max_sort_length` bytes.
    digest: (expression) => `unhex(sha2(${expression}, 256))`,
  },
  commit: {
    by: 'committing ddl',
    settings: `set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = '${mode}', ${waits(lockSeconds)}, net_read_timeout = 600`,
    briefLockSettings: `set ${waits(2)}`,
    // Locks the table’s rows, and prevents altering or renaming the table until the transaction ends. Other sessions may still insert rows. LOCK TABLES would end the transaction.
    lockStatement: (table) => `select 1 from ${table} limit 1 for update`,
    exclusiveLockQuery: (table) =>
      `select get_lock('hygge ${hash('sha256', JSON.stringify([table.schema, table.name])).slice(0, 48)}', ${lockSeconds}) as got`,
    lockTimeoutCode: '1205',
    ...{ madeByIntent, likenessAndIntentClauses },
    likenessAndIntentStatement: (table, parts) => `alter table ${table} ${parts.join(', ')}`,
    renameAllStatement: (moves) =>
      `rename table ${moves.map(({ from, to }) => `${quotedTable(dialect, from)} to ${quotedTable(dialect, to)}`).join(', ')}`,
  },
  errors: { errorClass, explain: explainWritten },
  ownTables: {
    ...standard.ownTables,
    types: { text: 'longtext', key: 'varchar(255)', number: 'bigint', instant: 'datetime(6)' },
    nowExpression: 'utc_timestamp(6)',
    createIfMissing(table, parts) {
      const key = parts.some((part) => part.includes(standard.ownTables.primaryKeyClause)) ? '' : `\n  /*!80030 , ${rowKeyColumn} */`;
      return `create table if not exists ${table} (\n  ${parts.join(',\n  ')}${key}\n)${tableOptions}`;
    },
    insertUnlessThere({ table, columns: into, values }) {
      const [first = ''] = into.split(',');
      return `insert into ${table} (${into}) values (${values}) on duplicate key update ${first} = ${first}`;
    },
    rowAsText,
  },
  triggers: triggerSide,
};

/** Keys are compared by the column’s own collation, so that the column’s index finds the row. Otherwise the server would use the collation of the staged text. */
function equalByCollation(column: string, staged: string, collation: string | null): string {
  if (collation === null) return `${column} = ${staged}`;
  return `${column} = convert(${staged} using ${charsetOf(collation)}) collate ${collation}`;
}

function alter(table: string, change: Change, there?: TargetColumn): string {
  switch (change.change) {
    case 'add column':
      return `alter table ${table} add column ${quoteName(change.column.name)} ${change.column.override?.declared ?? declared(change.column.type)} null`;
    case 'widen':
      return `alter table ${table} modify column ${quoteName(change.column)} ${widenedDeclaration(change.from, change.to)}${there?.nullable === false ? ' not null' : ' null'}${inFull(there)}`;
    case 'drop not null':
      return `alter table ${table} modify column ${quoteName(change.column)} ${there?.type ?? 'longtext'}${collated(there)} null${there?.beside ?? ''}`;
    case 'rename column':
      return `alter table ${table} rename column ${quoteName(change.column)} to ${quoteName(change.to)}`;
  }
}

/** A default with the current time, which needs as many digits as its column. */
const inFull = ({ beside = '', type = '' }: Partial<TargetColumn> = {}): string =>
  /^(?:timestamp|datetime)/.test(type)
    ? beside.replace(/'(?:[^'\\]|''|\\.)*'|\bcurrent_timestamp(?:\(\d*\))?/gi, (text) =>
        text.startsWith("'") ? text : 'current_timestamp(6)',
      )
    : beside;

const collated = (there: TargetColumn | undefined) =>
  there?.collation == null || there.type === 'json' ? '' : ` character set ${charsetOf(there.collation)} collate ${there.collation}`;

function rowAsText(columns: readonly Column[]): string {
  const fields = columns.map(({ name, type }) => {
    const value = `hygge_new.${quoteName(name)}`;
    const shown =
      type.kind === 'binary'
        ? `hex(${value})`
        : ['string', 'uuid', 'json', 'list', 'struct'].includes(type.kind)
          ? value
          : `cast(${value} as char)`;
    return `'${name.replaceAll('\\', '\\\\').replaceAll("'", "''")}', ${shown}`;
  });
  return `json_object(${fields.join(', ')})`;
}

// ---- rows

/** Sends the rows of a frame to a table. Throws if the server accepted fewer rows than were sent. */
export async function copy(session: MysqlSession, into: LoadedTable, frame: Frame, written: (piece: Uint8Array) => void): Promise<number> {
  const { columns: all } = frame.schema;
  const { rows } = frame;
  const parts = await inParts(await asPolars(frame).taken());
  const hasDocuments = all.some(({ type }) => declared(type) === 'json');
  const lost = hasDocuments && !(await isMariadb(session)) ? { lostInJson } : {};
  const kept = await ((await session.takesFiles()) ? loaded : inserted)(session, { ...into, parts, all, written, lost });
  if (kept !== rows) throw rowsMissing(into.table, { sent: rows, kept });
  return kept;
}

interface Copying extends LoadedTable {
  readonly parts: Iterable<Arrow.Table>;
  readonly all: readonly Column[];
  readonly written: (piece: Uint8Array) => void;
  readonly lost: Pick<TextForm, 'lostInJson'>;
}

/** The size of one request. The server accepts a file in any number of packets, but an INSERT only in one. */
const packetBytes = 512 * 1024;

/** The name under which the server requests the rows. A file of this name does not exist. */
const rowsName = 'rows of hygge';

/** Loads rows by LOAD DATA: the server requests a file under a meaningless name, and gets the rows instead. */
async function loaded(session: MysqlSession, { table, tag, parts, all, written, lost }: Copying): Promise<number> {
  const isBinary = all.map(({ type }) => type.kind === 'binary');
  const fields = all.map(({ name }, at) => (isBinary[at] ? `@c${at}` : quoteName(name)));
  const sets = [
    ...all.flatMap(({ name }, at) => (isBinary[at] ? [`${quoteName(name)} = unhex(@c${at})`] : [])),
    ...(tag === undefined ? [] : [`${attempt} = ${BigInt(tag)}`]),
  ];
  const form = "character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a'";
  const sql = `load data local infile '${rowsName}' into table ${table} ${form} (${fields.join(', ')})${sets.length === 0 ? '' : ` set ${sets.join(', ')}`}`;
  const { rows, warnings } = await session.send(sql, {
    name: rowsName,
    pieces: (function* () {
      for (const { text } of textOf(parts, all, { ...lines, ...lost })) {
        written(text);
        for (let at = 0; at < text.length; at += packetBytes) yield text.subarray(at, at + packetBytes);
      }
    })(),
  });
  if (warnings > 0) throw await warned(session, table, 0);
  return rows;
}

/** Inserts rows by INSERT, for servers that do not accept LOAD DATA. */
async function inserted(session: MysqlSession, { table, tag, parts, all, written, lost }: Copying): Promise<number> {
  const names = [...(tag === undefined ? [] : [attempt]), ...all.map(({ name }) => quoteName(name))];
  const into = `insert into ${table} (${names.join(', ')}) values `;
  const form = { ...tuples, ...lost, ...(tag === undefined ? {} : { beginsRow: Buffer.from(`(${BigInt(tag)},`) }) };
  let sum = 0;
  for (const { text } of textOf(parts, all, form)) {
    written(text);
    const statement = into + text.toString('utf8', 0, text.length - 1);
    // If a server gets a larger packet than it accepts, it ends the connection, possibly without a reason.
    if (text.length > packetBytes) await session.mustTake(Buffer.byteLength(statement));
    const { rows, warnings } = await session.send(statement);
    if (warnings > 0) throw await warned(session, table, sum);
    sum += rows;
  }
  return sum;
}

/** Throws if LOAD DATA changed a value. Strict mode refuses such a value in an INSERT, but LOAD DATA only warns. */
async function warned(session: MysqlSession, table: string, before: number): Promise<StoreError> {
  const [found] = await session.query('show warnings limit 1');
  const message = found?.Message ?? '';
  const [, column = null] = /\bcolumn [`']?(?:[^ ]*[`.'])?([^`']+?)[`']? at row/i.exec(message) ?? [];
  const [, row = null] = /at row (\d+)/.exec(message) ?? [];
  const [said = ''] = /^[\w ]+?(?= value| for| in|:|$)/.exec(message) ?? [];
  return valuesWarned(table, { said, code: found?.Code ?? '', column, row: row === null ? null : String(Number(row) + before) });
}

// ---- how incoming rows are matched with existing rows

function update({ table, source, sets, on }: UpdateFromSource): string {
  return `update ${table} hygge_now join ${source} hygge_new on ${on} set ${setClause(sets, 'hygge_now.')}`;
}

/**
 * A server plans an UPDATE by its last statistics of a table, and MySQL joins updates without a hash. If the table was filled since the last statistics, MySQL
 * would read every row for each incoming row. So the statement names an index that finds rows by the key.
 */
async function runUpdate(session: Session, of: UpdateFromSource & { readonly name: TableName }): Promise<number> {
  const { table, source, sets, on, key } = of;
  const index = await indexOf(session, table, key);
  if (index === undefined) return session.execute(update(of));
  const found = `${source} hygge_new straight_join ${table} hygge_now force index (${quoteName(index)}) on ${on}`;
  return session.execute(`update ${found} set ${setClause(sets, 'hygge_now.')}`);
}

/** The index that finds rows by the key. Such an index begins with all columns of the key, or is a unique index of some columns of the key. A unique index is preferred. */
async function indexOf(session: Session, table: string, key: readonly string[]): Promise<string | undefined> {
  const parts = await session.query(`show index from ${table}`);
  const wanted = new Set(key.map((name) => name.toLowerCase()));
  // Only indexes that the optimizer may use. For other indexes, `Visible` is NO in MySQL, and `Ignored` is YES in MariaDB.
  const usable = parts.filter((part) => part.Index_type === 'BTREE' && part.Visible !== 'NO' && part.Ignored !== 'YES');
  const found = [...Map.groupBy(usable, ({ Key_name: name }) => name ?? '')].flatMap(([name, its]) => {
    const other = its.findIndex(({ Column_name: column }) => !wanted.has(column?.toLowerCase() ?? ''));
    const leading = other < 0 ? its.length : other;
    const isUnique = its[0]?.Non_unique === '0';
    return leading === key.length || (isUnique && leading === its.length) ? [{ name, isUnique }] : [];
  });
  return (found.find(({ isUnique }) => isUnique) ?? found[0])?.name;
}

// ---- what MySQL’s json type changes in a document: numbers become 64-bit whole numbers or doubles, and of two values with one name only the last is kept

const wholeNumber = /^-?\d{1,20}$/;
const [least, most] = [-(2n ** 63n), 2n ** 64n - 1n];

/** A number as its digits without a point, and a power of ten, so that `1.10` and `11e-1` have the same text. */
function plainNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const plain = digits.replace(/0+$/, '');
  return plain === '' ? '0' : `${sign}${plain}e${Number(power) - fraction.length + digits.length - plain.length}`;
}

function numberKept(text: string): boolean {
  if (wholeNumber.test(text)) {
    const value = BigInt(text);
    if (value >= least && value <= most) return true;
  }
  const value = Number(text);
  return Number.isFinite(value) && plainNumber(String(value)) === plainNumber(text);
}

/** The strings of a document, which are skipped, and the numbers. */
const strings = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** What the server would lose of a valid document, as words that follow the name of the column. Undefined: the server stores the document completely. */
function lostInJson(document: string): string | undefined {
  const name = repeatedName(document);
  if (name !== undefined)
    return `holds a document with two values named ${JSON.stringify(name)}, but the json type of MySQL keeps only one`;
  for (const [token] of document.matchAll(strings))
    if (!token.startsWith('"') && !numberKept(token))
      return `holds the number ${token}, which the json type of MySQL keeps as ${Number(token)}`;
  return undefined;
}
