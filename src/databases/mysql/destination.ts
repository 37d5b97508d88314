/** What hygge reads from the catalogue of MySQL and MariaDB about a destination table. */
import { type Catalog, type Dependent, type TargetColumn, type TargetKey, tableRights } from '../../engine/contracts/catalog.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { Column } from '../../frames/schema.ts';
import { columnDeclaration } from '../ddl.ts';
import { DatabaseError, type Row, type Session } from '../engine.ts';
import { dependentsFrom, keysFrom, missingRight } from '../sql/catalog-rows.ts';
import type { CommitByDdl, InspectedDestination, TableName, TriggerEvent, TriggerSide } from '../writes.ts';
import { notTable } from '../writing-errors.ts';
import { type Rights, rightsOf } from './account.ts';
import { declared, holds, lengthOf, plainly } from './columns.ts';
import { quoteName, quotePlainly } from './dialect.ts';

const nameOf = ({ schema, name }: TableName) => `${quoteName(schema)}.${quoteName(name)}`;
const valuesOf = ({ schema, name }: TableName) => [schema, name] as const;

export async function tablesIn(session: Session, schema: string): Promise<ReadonlySet<string> | null> {
  const rows = await session.query(
    `select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schema.TABLES t on t.TABLE_SCHEMA = s.SCHEMA_NAME
    and t.TABLE_TYPE like '%BASE TABLE%' where s.SCHEMA_NAME = $1`,
    [schema],
  );
  return rows.length === 0 ? null : new Set(rows.flatMap(({ name }) => (name == null ? [] : [name])));
}

export async function schemasWithAll(session: Session, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query(
    `select TABLE_SCHEMA as name from information_schema.TABLES where TABLE_NAME in (${tables.map(quotePlainly).join(', ')})
    and TABLE_TYPE like '%BASE TABLE%' group by TABLE_SCHEMA having count(*) = ${tables.length} order by 1`,
  );
  return rows.map(({ name }) => name ?? '');
}

/** Compares table names. The catalogue ignores case and accents, but a server may have several tables whose names differ only in case or accents. */
const sameTable = (a: string, b: string) =>
  ['TABLE_SCHEMA', 'TABLE_NAME'].map((name) => `binary ${a}.${name} = binary ${b}.${name}`).join(' and ');

/** Collations in which texts are equal only if their bytes are equal. */
const exact: ReadonlySet<string> = new Set(['utf8mb4_nopad_bin', 'utf8mb4_0900_bin']);

/** Whether a column is JSON. In MariaDB, JSON is a text with a check. */
const isJson = (name: string) => `select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(\`', ${name}, '\`)')`;

export async function columns(session: Session, table: TableName): Promise<readonly TargetColumn[] | null> {
  const of = `from information_schema.COLUMNS c join information_schema.TABLES t on ${sameTable('t', 'c')}
    where c.TABLE_SCHEMA = $1 and c.TABLE_NAME = $2 and ${isNoRowKey} and t.TABLE_SCHEMA = $1 and t.TABLE_NAME = $2 and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION`;
  const list = `c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation`;
  const json = (await isMariadb(session)) ? `exists (${isJson('c.COLUMN_NAME')})` : '0';
  const rows = await session.query(`select ${list}, ${json} as json ${of}`, valuesOf(table));
  if (rows.length === 0) return null;
  const lines = await linesOf(session, table);
  return rows.map((row) => ({ ...columnOf(row), ...besideOf(row, lines) }));
}

/** The name of the invisible key that MySQL adds by a setting, or that hygge adds. No user’s column has this name. */
export const rowKeyName = 'my_row_id';
const isNoRowKey = `not (COLUMN_NAME = '${rowKeyName}' and EXTRA like '%INVISIBLE%')`;

/** The lines of `SHOW CREATE TABLE`: each column and each index has one line. */
async function linesOf(session: Session, table: TableName): Promise<readonly string[]> {
  const [row = {}] = await session.query(`show create table ${nameOf(table)}`);
  return (row['Create Table'] ?? '').split('\n').map((line) => line.trim().replace(/,$/, ''));
}

/** What a column’s declaration has after type, collation and nullability: the default, the comment, a check. */
function besideOf({ name, type, json }: Row, lines: readonly string[]): Pick<TargetColumn, 'beside'> {
  const begin = `${quoteName(name ?? '')} ${type}`;
  const line = lines.find((one) => one.startsWith(begin)) ?? begin;
  const said = line.slice(begin.length).replace(/^(?: CHARACTER SET \w+)?(?: COLLATE \w+)?(?: NOT NULL| NULL)?(?: DEFAULT NULL)?/, '');
  const beside = json === '1' ? said.replace(` CHECK (json_valid(${quoteName(name ?? '')}))`, '') : said;
  return beside.trim() === '' ? {} : { beside };
}

export async function isMariadb(session: Session): Promise<boolean> {
  const [row] = await session.query('select @@version as version, @@version_comment as comment');
  return /mariadb/i.test(`${row?.version} ${row?.comment}`);
}

function columnOf({ name, type, nullable, given, extra, collation, json }: Row): TargetColumn {
  const declaration = json === '1' ? 'json' : plainly(type ?? '');
  // MySQL marks a default that is an expression with DEFAULT_GENERATED.
  const filled = /auto_increment/i.test(extra ?? '')
    ? 'counter'
    : /\b(?:virtual|stored|persistent)\b/i.test(extra ?? '')
      ? 'generated'
      : 'by rows';
  const isText = collation != null && declaration !== 'json';
  return {
    name: name ?? '',
    type: declaration,
    holds: holds(declaration) ?? null,
    nullable: nullable === 'YES',
    // MariaDB writes the word NULL if a column has no default.
    default: filled === 'by rows' && given != null && given !== 'NULL' ? given : null,
    filled,
    length: lengthOf(declaration),
    collation: collation ?? null,
    ...(isText && !exact.has(collation) ? { isLoose: true } : {}),
  };
}

const tableRow = `select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = $1 and TABLE_NAME = $2`;

export async function destination(session: Session, table: TableName, aside: string): Promise<InspectedDestination | null> {
  const [found] = await session.query(tableRow, valuesOf(table));
  if (found === undefined) {
    await mustBeMakeable(session, table.schema);
    return null;
  }
  const { kind, engine } = found;
  if (kind !== 'BASE TABLE' && kind !== 'SYSTEM VERSIONED')
    throw notTable(`${table.schema}.${table.name}`, /view/i.test(kind ?? '') ? 'a view' : 'no table');
  if (engine !== 'InnoDB') throw notInnodb(table, engine ?? 'an engine that is not there');
  const there = (await columns(session, table)) ?? [];
  const rights = await rightsOf(session);
  const seen = await dependentsOf(session, table);
  const catalog: Catalog = {
    columns: there,
    keys: await keysOf(session, table),
    dependents: [
      ...seen,
      ...(await unseenOf(session, table, { rights, aside, seen })),
      ...ownOf(found, there),
      ...unmovable(rights, table),
    ],
    ...heldIn(rights, table),
  };
  return { catalog, bytes: Number(found.bytes), rows: Number(found.row_estimate ?? 0) };
}

/** Checks that tables can be made in the schema. Otherwise the commit would fail with the same error after everything was staged. */
async function mustBeMakeable(session: Session, schema: string): Promise<void> {
  if ((await tablesIn(session, schema)) !== null) return;
  const rights = await rightsOf(session);
  if (rights.may('CREATE', { schema, name: null })) return;
  throw new DatabaseError(`Access denied for user ${rights.to} to database '${schema}'`, { code: '1044' });
}

function notInnodb(table: TableName, engine: string): StoreError {
  return new StoreError({
    code: 'HYG-4250',
    what: `${table.schema}.${table.name} uses the engine ${engine}, which has no transactions.`,
    why: ['A commit that fails half way could not be undone in this table.'],
    tryThis: [
      `Change the engine of the table: ALTER TABLE ${nameOf(table)} ENGINE = InnoDB`,
      'Or settle in a table of its own: store: { table: … }',
    ],
  });
}

async function keysOf(session: Session, table: TableName): Promise<readonly TargetKey[]> {
  const rows = await session.query(
    `select INDEX_NAME as name, COLUMN_NAME as \`column\`, SUB_PART as part from information_schema.STATISTICS
    where TABLE_SCHEMA = $1 and TABLE_NAME = $2 and NON_UNIQUE = 0 order by INDEX_NAME, SEQ_IN_INDEX`,
    valuesOf(table),
  );
  const partly = new Set(rows.flatMap(({ name, column, part }) => (column == null || part != null ? [name] : [])));
  const isRowKey = ({ name, column }: Row) => name === 'PRIMARY' && column === rowKeyName;
  return keysFrom(
    rows.filter((row) => !partly.has(row.name) && !isRowKey(row)),
    ({ name }) => name === 'PRIMARY',
  );
}

/** A trigger can’t write to its own table. But a trigger may delete rows of another table, so that a foreign key deletes rows in this table. The result has one row for each trigger, and one row without a trigger for `takes` alone. */
const goes = `exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = $1 and r.TABLE_NAME = $2 and r.DELETE_RULE = 'CASCADE')`;
const acting = `select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, ${goes} as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = $1 and t.EVENT_OBJECT_TABLE = $2 union all select null, null, ${goes} order by 1`;

export const triggerSide: TriggerSide = {
  async activeTriggers(session, table) {
    const rows = await session.query(acting, valuesOf(table));
    const seen = rows.filter(({ name }) => name != null);
    const mayRemoveRows = rows[0]?.takes === '1';
    // An account without the right can’t see triggers, so hygge counts rows as if the table had a trigger.
    if (seen.length === 0 && mayRemoveRows && !seesTriggers(await rightsOf(session), table))
      return [{ name: `a trigger ${outOfSight}`, events: ['insert', 'update', 'delete'], mayRemoveRows }];
    return seen.map(({ name, events }) => ({
      name: `trigger ${name}`,
      events: (events ?? '').split(',') as readonly TriggerEvent[],
      mayRemoveRows,
    }));
  },
  // LOCK TABLES would end the transaction, so a query locks the rows. Under REPEATABLE READ the query also locks every gap where another session would insert a row.
  lockStatements: (table) => [`select count(*) from ${table} for update`],
};

const outOfSight = "that the account can't see";

/** Most servers show the triggers of a table only to accounts with the right TRIGGER. */
const seesTriggers = (rights: Rights, table: TableName): boolean => rights.may('TRIGGER', table);

/** 1 if deleting a row also deletes or changes other rows that refer to the row. */
const passesOn = `case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end`;
const ruleOf = `join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME`;

/** Other objects of the database that refer to the table or are part of it. When the old table is renamed, these objects stay with it. Views and grants are not included, because they follow the name. */
async function dependentsOf(session: Session, table: TableName): Promise<readonly Dependent[]> {
  const rows = await session.query(
    `select 'trigger' as kind, TRIGGER_NAME as name, null as \`column\`, 0 as holds, 0 as passes from information_schema.TRIGGERS
      where EVENT_OBJECT_SCHEMA = $1 and EVENT_OBJECT_TABLE = $2
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of ', k.TABLE_SCHEMA, '.', k.TABLE_NAME), k.REFERENCED_COLUMN_NAME, 1, ${passesOn}
      from information_schema.KEY_COLUMN_USAGE k ${ruleOf}
      where k.REFERENCED_TABLE_SCHEMA = $1 and k.REFERENCED_TABLE_NAME = $2 and not (k.TABLE_SCHEMA = $1 and k.TABLE_NAME = $2)
    union all select 'foreign key', k.CONSTRAINT_NAME, k.COLUMN_NAME, 0, 0 from information_schema.KEY_COLUMN_USAGE k
      where k.TABLE_SCHEMA = $1 and k.TABLE_NAME = $2 and not (k.REFERENCED_TABLE_SCHEMA = $1 and k.REFERENCED_TABLE_NAME = $2)
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of itself'), k.COLUMN_NAME, 0, ${passesOn} from information_schema.KEY_COLUMN_USAGE k ${ruleOf}
      where k.TABLE_SCHEMA = $1 and k.TABLE_NAME = $2 and k.REFERENCED_TABLE_SCHEMA = $1 and k.REFERENCED_TABLE_NAME = $2
    union all select 'check', k.CONSTRAINT_NAME, null, 0, 0 from information_schema.TABLE_CONSTRAINTS k
      where k.TABLE_SCHEMA = $1 and k.TABLE_NAME = $2 and k.CONSTRAINT_TYPE = 'CHECK' and not exists (select 1 from information_schema.CHECK_CONSTRAINTS c
        where c.CONSTRAINT_SCHEMA = $1 and c.CONSTRAINT_NAME = k.CONSTRAINT_NAME and c.CHECK_CLAUSE like 'json_valid(%')
    union all select 'comment of column', COLUMN_NAME, null, 0, 0 from information_schema.COLUMNS where TABLE_SCHEMA = $1 and TABLE_NAME = $2 and COLUMN_COMMENT <> ''
    order by 1, 2`,
    valuesOf(table),
  );
  return dependentsFrom(rows, ['comment of column'], ({ holds: holdsRows, passes }) => ({
    ...(holdsRows === '1' ? { holdsRows: true } : {}),
    ...(passes === '1' ? { passesOn: true } : {}),
  }));
}

/** If the server folds the case of names, InnoDB’s lists have the folded names. */
const folding = (value: string) => `case when @@lower_case_table_names = 0 then ${value} else lower(${value}) end`;

/** InnoDB’s own names look like `d1/my table`, but MariaDB shows file names such as `d1/my@0020table`. */
const innodbPart = (name: string, at: 1 | -1, ofMariadb: boolean) => {
  const part = `substring_index(${name}, '/', ${at})`;
  return `${ofMariadb ? `convert(convert(cast(${part} as binary) using filename) using utf8mb4)` : `convert(${part} using utf8mb4)`} collate utf8mb4_bin`;
};

/**
 * Dependents that the catalogue hides from the account: triggers, and foreign keys of tables on which the account has no right. InnoDB lists such foreign keys
 * for accounts with PROCESS. A RENAME silently leaves such triggers and foreign keys with the old table. Only a table with an index of whole columns can have
 * such foreign keys. The server refuses to rename a table with triggers into another database.
 * @param of.aside the schema that the old table moves to.
 * @param of.seen the visible dependents. MariaDB 10.11.19 shows some triggers without their statements, and in that case it shows all triggers of the table.
 */
async function unseenOf(
  session: Session,
  table: TableName,
  { rights, aside, seen }: { readonly rights: Rights; readonly aside: string; readonly seen: readonly Dependent[] },
): Promise<readonly Dependent[]> {
  const { to } = rights;
  const stays = { columns: null, name: outOfSight };
  const triggers: Dependent = {
    ...{ kind: 'trigger', ...stays, staysWithOld: aside.toLowerCase() === table.schema.toLowerCase() },
    unseen: `GRANT TRIGGER ON ${nameOf(table)} TO ${to}`,
  };
  const pointing: Dependent = { kind: 'foreign key', ...stays, staysWithOld: true, unseen: `GRANT PROCESS ON *.* TO ${to}` };
  return [
    ...(seesTriggers(rights, table) || seen.some(({ kind }) => kind === 'trigger') ? [] : [triggers]),
    ...(rights.may('SELECT', 'everything') ? [] : ((await pointingAt(session, table, rights)) ?? [pointing])).filter(
      ({ name }) => !seen.some((one) => one.name === name),
    ),
  ];
}

/** Foreign keys of other tables that refer to the table, according to InnoDB’s own list. Null: the account may not see the list. */
async function pointingAt(session: Session, table: TableName, rights: Rights): Promise<readonly Dependent[] | null> {
  const [index] = await session.query(
    'select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = $1 and TABLE_NAME = $2 and SEQ_IN_INDEX = 1 and SUB_PART is null limit 1',
    valuesOf(table),
  );
  if (index === undefined) return [];
  if (!rights.may('PROCESS', 'everything')) return null;
  const ofMariadb = await isMariadb(session);
  const part = (name: string, at: 1 | -1) => innodbPart(`f.${name}`, at, ofMariadb);
  try {
    const rows = await session.query(
      `select concat(substring_index(f.ID, '/', -1), ' of ', ${part('FOR_NAME', 1)}, '.', ${part('FOR_NAME', -1)}) as name, f.TYPE & 3 as passes
      from information_schema.${ofMariadb ? 'INNODB_SYS_FOREIGN' : 'INNODB_FOREIGN'} f where f.FOR_NAME <> f.REF_NAME
        and ${part('REF_NAME', 1)} = ${folding('$1')} and ${part('REF_NAME', -1)} = ${folding('$2')} order by 1`,
      valuesOf(table),
    );
    return rows.map(({ name, passes }) => ({
      ...{ kind: 'foreign key', name: name ?? '', columns: null, staysWithOld: true, holdsRows: true },
      ...(passes === '0' ? {} : { passesOn: true }),
    }));
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.isLost) throw error;
    return null;
  }
}

/** The maximum number of characters in a table’s comment, minus the characters that name the intent. */
const longestComment = 2048 - 64;

/** Properties of the table that a replacement would lack. */
function ownOf({ kind, options, comment }: Row, there: readonly TargetColumn[]): readonly Dependent[] {
  const stays = { columns: null, staysWithOld: true, goesWithTable: true } as const;
  const given = (options ?? '').trim();
  const isFull = [...unmarked(comment)].length > longestComment;
  return [
    ...(kind === 'SYSTEM VERSIONED' ? [{ kind: 'history', name: 'system versioning', ...stays }] : []),
    ...(isFull ? [{ kind: 'comment', name: `with more than ${longestComment.toLocaleString('en-US')} characters`, ...stays }] : []),
    ...(given === '' ? [] : [{ kind: 'table option', name: given, ...stays }]),
    ...there.flatMap(({ name, default: given, isLoose, collation, type }): Dependent[] => [
      ...(given === null ? [] : [{ kind: 'default of column', name, ...stays }]),
      ...(isLoose && !type.startsWith('char(36)') ? [{ kind: 'collation of column', name: `${name}, ${collation}`, ...stays }] : []),
    ]),
  ];
}

function heldIn(rights: Rights, table: TableName): Required<Pick<Catalog, 'rights' | 'grants'>> {
  return {
    rights: Object.fromEntries(tableRights.map((right) => [right, rights.may(right.toUpperCase(), table)])),
    grants: Object.fromEntries(tableRights.map((right) => [right, `GRANT ${right.toUpperCase()} ON ${nameOf(table)} TO ${rights.to}`])),
  };
}

/** The rights that RENAME TABLE needs for the old table, and for the table that takes its name. */
const ofMoving = ['ALTER', 'DROP', 'CREATE'];

/** Without these rights, no other table can replace this table. In that case rows are deleted and inserted instead. */
function unmovable(rights: Rights, table: TableName): readonly Dependent[] {
  const lacks = ofMoving.filter((right) => !rights.may(right, table)).join(', ');
  if (lacks === '') return [];
  return [missingRight('missing right', `${lacks} of ${rights.shown}`, `GRANT ${lacks} ON ${nameOf(table)} TO ${rights.to}`)];
}

const marks = / ?\[hygge (\S+) (\d+)\]$/;
const unmarked = (comment: string | null | undefined): string => (comment ?? '').replace(marks, '');

/** The intent that made the table that now has the name, and the number of rows of the table. */
export async function bearing(session: Session, table: TableName): Promise<{ readonly id: string; readonly rows: number } | null> {
  const [row] = await session.query(tableRow, valuesOf(table));
  const [, id, rows] = marks.exec(row?.comment ?? '') ?? [];
  return id === undefined ? null : { id, rows: Number(rows) };
}

/** Clauses of the new table: the name of its intent, and the indexes and the comment of the table that it replaces. If it replaces no table, it gets an index of its key. */
export const likeThere: CommitByDdl['likenessAndIntentClauses'] = async (session, { there, id, rows, columns: kept, key, shadow }) => {
  const [found] = there === null ? [] : await session.query(tableRow, valuesOf(there));
  const comment = [unmarked(found?.comment), `[hygge ${id} ${rows}]`].filter((text) => text !== '').join(' ');
  const names = kept.map(({ name }) => name);
  const indexes = there === null ? keyIndex(kept, key) : await indexesOf(session, there, names);
  const isKeyed = indexes.some((part) => part.startsWith('ADD PRIMARY KEY')) && (await hasRowKey(session, shadow));
  return [...(isKeyed ? [`DROP COLUMN ${rowKeyName}`] : []), ...indexes, `COMMENT = ${quotePlainly(comment)}`];
};

async function hasRowKey(session: Session, table: TableName): Promise<boolean> {
  const found = `select 1 as one from information_schema.COLUMNS where TABLE_SCHEMA = $1 and TABLE_NAME = $2 and COLUMN_NAME = '${rowKeyName}' and EXTRA like '%INVISIBLE%'`;
  return (await session.query(found, valuesOf(table))).length > 0;
}

/** The maximum number of bytes of an index on every server, for any page size and row format. See https://mariadb.com/kb/en/innodb-limitations/ */
const longestKey = 764;

/** The maximum number of bytes in an index for a uuid, and for other types of fixed size such as numbers and times. */
const longestOther = { uuid: 4 * 36 + 1, other: 20 };

/**
 * Texts and bytes without a length can’t be joined by hash. Without an index of their first bytes, a merge would compare each row with every other row. If the
 * key also has a tenant, it would compare each row with every row of the tenant. Other types are joined by hash, so they need no index.
 */
export function keyIndex(columns: readonly Column[], key: readonly string[]): readonly string[] {
  const found = key.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const isLong = (column: Column) => /^long(text|blob)\b/.test(columnDeclaration({ columns: { declared } }, column));
  // The maximum number of columns in an index.
  if (!found.some(isLong) || found.length > 16) return [];
  const isText = ({ type }: Column) => ['string', 'binary'].includes(type.kind);
  const others = found.filter((column) => !isText(column)).map(({ type }) => longestOther[type.kind === 'uuid' ? 'uuid' : 'other']);
  const share = (longestKey - others.reduce((sum, bytes) => sum + bytes, 0)) / (found.length - others.length);
  const part = (column: Column) => {
    const most = Math.floor(share / (column.type.kind === 'binary' ? 1 : 4));
    const isWhole = !isText(column) || (lengthOf(columnDeclaration({ columns: { declared } }, column)) ?? most + 1) <= most;
    return `${quoteName(column.name)}${isWhole ? '' : `(${most})`}`;
  };
  return share < 4 ? [] : [`ADD KEY ${quoteName('hygge_key')} (${found.map(part).join(', ')})`];
}

async function indexesOf(session: Session, table: TableName, kept: readonly string[]): Promise<readonly string[]> {
  const indexes = (await linesOf(session, table)).filter((line) => /^((PRIMARY|UNIQUE|FULLTEXT|SPATIAL) )?KEY\b/.test(line));
  const names = await session.query(
    `select INDEX_NAME as name, max(case when COLUMN_NAME is null then 1 else 0 end) as expressions, group_concat(hex(COLUMN_NAME)) as columns
    from information_schema.STATISTICS where TABLE_SCHEMA = $1 and TABLE_NAME = $2 group by INDEX_NAME`,
    valuesOf(table),
  );
  const goes = new Set(kept.map((name) => name.toLowerCase()));
  const stay = names.filter(({ expressions, columns: of }) => {
    const all = (of ?? '').split(',').map((name) => Buffer.from(name, 'hex').toString('utf8').toLowerCase());
    return expressions === '0' && all.every((name) => goes.has(name));
  });
  const begins = stay.map(({ name }) => (name === 'PRIMARY' ? 'PRIMARY KEY (' : `KEY ${quoteName(name ?? '')} (`));
  return indexes.filter((line) => begins.some((begin) => line.includes(begin))).map((line) => `ADD ${line}`);
}
