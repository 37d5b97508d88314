/**
 * What the tests' TDS server holds of tables that are written: SQLite in memory, behind a translation of the statements that hygge's store emits and of
 * nothing else. Which those are the golden file says: a statement of another shape is an error. It has one lock for everything, so transactions come one
 * after the other; that SQL Server's own locks do what its documentation says, nothing here proves.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { indexIn, rowsOfIndex, shapeOfIndex, type TableIndex } from './sqlserver-indexes.ts';
import type { Answer, Part, TdsRequest, TdsSession } from './tds/session.ts';
import type { Value } from './tds/values.ts';
import {
  addFunctions,
  type Cells,
  literal,
  name,
  plain,
  quote,
  ServerError,
  sqliteType,
  textOf,
  told,
  toldBySqlite,
  translated,
} from './tsql/sqlite.ts';

/** What somebody else made of a table, by the kind that the catalogue has for it. */
export interface TableExtras {
  /** `trigger`, `schema-bound view`, `history of versions`: name, and the columns that it names. */
  readonly dependents?: readonly { readonly kind: string; readonly name: string; readonly holds?: boolean | 'passes on' }[];
  /** Rights that the role lacks. */
  readonly lacks?: readonly string[];
  /** A trigger that runs instead of what is written. */
  readonly instead?: string;
  readonly counted?: readonly string[];
  readonly generated?: readonly string[];
  readonly indexes?: readonly TableIndex[];
  readonly defaults?: readonly Cells[];
  readonly grants?: readonly Cells[];
  /** Triggers that run afterwards; what they do, SQLite's own do. */
  readonly after?: readonly string[];
  /** What a table that hygge makes would not have: the words of the catalogue. */
  readonly unlike?: readonly { readonly kind: string; readonly name: string }[];
}

let goldenShapes: ReadonlySet<string> | undefined;

/** Shapes of the statements in the golden file. Reading them takes 65 ms, so a process does it once. */
function golden(): ReadonlySet<string> {
  goldenShapes ??= new Set(
    readFileSync(join(import.meta.dirname, '../databases/sqlserver/golden.sql'), 'utf8')
      .split(/^GO$/m)
      .map((one) => shapeOf(one.replace(/^\s*(--.*\n)*/, ''))),
  );
  return goldenShapes;
}

const types =
  /\b(?:bit|tinyint|smallint|int|bigint|real|float|decimal|numeric|money|smallmoney|date|time|datetime2?|datetimeoffset|n?varchar|n?char|varbinary|binary|uniqueidentifier)\b(?:\((?:\d+|max)(?:,\s?\d+)?\))?(?: collate \w+)?/gi;

/** A statement without its names, numbers and texts, and with one of each thing that there may be several of. */
export function shapeOf(sql: string): string {
  const plainer = sql
    .trim()
    .replace(/;$/, '')
    // Whatever types the columns have: what is asked of each type stands in the list once.
    .replace(/, (?:(?! as ).)* as (?:sum|min|max)\d+/gs, ', measured')
    .replace(/N?'(?:[^']|'')*'/g, "'x'")
    .replace(/\[(?:[^\]]|\]\])*\]/g, '[n]')
    .replace(types, 'T')
    .replace(/ not null(?=[,) ]|$)/g, '')
    .replace(/@p\d+/g, '@p')
    .replace(/\bn\d+\b/g, 'n')
    .replace(/\b0x[0-9a-f]*|\b\d+\b/gi, '0')
    .replace(/\s+/g, ' ');
  return withoutRepeats(plainer.split(parting));
}

const clauses = 'select|distinct|from|where|set|by|having|on|join|values';
const parting = new RegExp(`(\\(|\\)|,|\\b(?:union all|and|${clauses})\\b)`, 'i');
const clause = new RegExp(`^(?:${clauses})$`, 'i');

/** Up to the bracket that closes: of equal items side by side one, and of equal SELECTs of a union. @param left is taken from. */
function withoutRepeats(left: string[]): string {
  const selects: string[] = [];
  let [select, items, item]: [string, string[], string] = ['', [], ''];
  const endItem = () => {
    if (item.trim() !== items.at(-1)) items.push(item.trim());
    item = '';
  };
  const endClause = (word: string) => {
    endItem();
    select += `${items.join(', ')} ${word} `;
    items = [];
  };
  const endSelect = () => {
    endClause('');
    if (select !== selects.at(-1)) selects.push(select);
    select = '';
  };
  for (let part = left.shift(); part !== undefined && part !== ')'; part = left.shift()) {
    if (part === '(') item += `(${withoutRepeats(left)})`;
    else if (part === ',' || /^and$/i.test(part)) endItem();
    else if (/^union all$/i.test(part)) endSelect();
    else if (clause.test(part)) endClause(part.toLowerCase());
    else item += part;
  }
  endSelect();
  return selects.join(' union ');
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly collation: string | null;
}

const databaseCollation = 'SQL_Latin1_General_CP1_CI_AS';
export class ServedTables implements Disposable {
  readonly sqlite = new DatabaseSync(':memory:');
  readonly extras = new Map<string, TableExtras>();
  /** What it says of itself. */
  server: Cells = { edition: '3', version: '16.0.4135.4', objective: null, tier: null };
  /** A trigger of DDL puts a trigger of this name on every table that is made. */
  onNewTables: string | null = null;
  /** Of those, by table: whether they are disabled. */
  readonly #put = new Map<string, '0' | '1'>();
  readonly #known: ReadonlySet<string> | null;
  #holder: TdsSession | null = null;
  readonly #identityInsert = new WeakMap<TdsSession, string>();
  readonly #waiting: { readonly session: TdsSession; readonly go: () => void }[] = [];

  /** @param list `any`: what the golden file is made anew from. */
  constructor(list: 'golden' | 'any' = 'golden') {
    this.#known = list === 'golden' ? golden() : null;
    this.sqlite.exec(`create table sys_schemas (name text primary key); insert into sys_schemas values ('dbo');
      create table sys_columns (tbl text, place integer, name text, type text, nullable integer, collation text);
      create table sys_tables (tbl text primary key, schema text, name text);
      create table sys_indexes (tbl text, name text, described text); create table sys_properties (tbl text, name text)`);
    addFunctions(this.sqlite);
  }

  [Symbol.dispose](): void {
    this.sqlite.close();
  }

  /** Rows as the wire brought them, by columns: of a reader that is not hygge's. */
  rows(table: string): readonly Cells[] {
    return this.#all(`select * from ${quote(table)}`);
  }

  /** As if nobody had ever written to it. */
  clear(): void {
    for (const { tbl } of this.#all('select tbl from sys_tables')) this.#drop(tbl ?? '');
    this.sqlite.exec("delete from sys_schemas where name <> 'dbo'");
    this.extras.clear();
    this.onNewTables = null;
    this.#put.clear();
  }

  /** Another one after every change. */
  version(): string {
    return this.#all('select total_changes() as n')[0]?.n ?? '';
  }

  /** Tables of a schema; without one, all but hygge's own, with their schemas. */
  named(schema?: string): readonly string[] {
    if (schema !== undefined) return this.#all('select name from sys_tables where schema = ?', [schema]).map((row) => row.name ?? '');
    return this.#all("select tbl from sys_tables where schema not like 'hygge%'").map(({ tbl }) => tbl ?? '');
  }

  /** Runs T-SQL as another user of the server would. Returns the answer of the last statement. */
  run(...statements: readonly string[]): Answer {
    let answer: Answer = [];
    for (const statement of statements) answer = this.#statement(statement, {});
    return answer;
  }

  columnsOf(table: string): readonly Column[] {
    return this.#all('select name, type, nullable, collation from sys_columns where tbl = ? order by place', [table]).map((row) => ({
      ...{ name: row.name ?? '', type: row.type ?? '', nullable: row.nullable === '1', collation: row.collation ?? null },
    }));
  }

  /** The connection is gone: what it had begun is undone. */
  closed(session: TdsSession): void {
    const at = this.#waiting.findIndex((one) => one.session === session);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (this.#holder === session) this.#end('rollback');
  }

  async answer(request: TdsRequest): Promise<Answer | undefined> {
    const { sql, session, kind } = request;
    if (/^COMMIT TRANSACTION;$|^IF @@TRANCOUNT > 0 COMMIT/.test(sql)) {
      if (this.#holder === session) this.#end('commit');
      return undefined;
    }
    if (/^IF @@TRANCOUNT > 0 ROLLBACK/.test(sql)) {
      if (this.#holder === session) this.#end('rollback');
      return undefined;
    }
    const [, isShape, schema = '', called = ''] =
      new RegExp(`^(SET FMTONLY ON )?select \\* from ${name}\\.${name}(?: SET FMTONLY OFF)?$`).exec(sql) ?? [];
    if (this.#has(plain(schema), plain(called))) {
      const typed = this.typed(`${plain(schema)}.${plain(called)}`);
      return isShape === undefined ? typed : { ...typed, rows: [] };
    }
    const numbers = this.#numbers(request);
    if (numbers) return numbers;
    if (!isOurs(request) || !(session.settings.get('XACT_ABORT') === 'ON' || this.#isLook(sql))) return undefined;
    if (kind !== 'bulk' && this.#known && !this.#known.has(shapeOf(sql))) return undefined;
    await this.#enter(session);
    try {
      return kind === 'bulk' ? this.#loaded(request) : this.#statement(sql, request.parameters as Cells);
    } catch (error) {
      const { number = 50_000, message } = error as Partial<ServerError> & Error;
      // XACT_ABORT: the transaction is over.
      this.#end('rollback');
      return [{ error: { number: toldBySqlite(number, message), message } }, { transaction: 'rollback' }];
    }
  }

  /** IDENTITY_INSERT, as a session keeps it for one table, and what is refused without it, or in spite of it; undefined: nothing. */
  #numbers({ sql, session }: TdsRequest): Answer | undefined {
    const refused = (number: number, message: string): Answer => {
      this.#end('rollback');
      return [{ error: { number, message } }, { transaction: 'rollback' }];
    };
    const [, ...set] = new RegExp(`^SET IDENTITY_INSERT ${name}\\.${name} (ON|OFF)$`).exec(sql) ?? [];
    if (set.length > 0) {
      const [schema = '', called = '', to] = set;
      const [id, other] = [`${plain(schema)}.${plain(called)}`, this.#identityInsert.get(session)];
      if (to === 'ON' && other !== undefined && other !== id) return refused(8107, `IDENTITY_INSERT is already ON for table '${other}'.`);
      if (to === 'ON') this.#identityInsert.set(session, id);
      else this.#identityInsert.delete(session);
      return [];
    }
    const [, schema = '', called = '', list = ''] =
      new RegExp(`^(?:insert into|update hygge_now set [\\s\\S]*? from) ${name}\\.${name}(?: with \\(tablock\\) \\((.*?)\\) select)?`).exec(
        sql,
      ) ?? [];
    const id = `${plain(schema)}.${plain(called)}`;
    const counted = this.extras.get(id)?.counted?.[0];
    if (counted === undefined) return undefined;
    if (sql.startsWith('update'))
      return new RegExp(`(set|,) \\[${counted}\\] = `).test(sql) ? refused(8102, `Cannot update identity column '${counted}'.`) : undefined;
    const [isGiven, isOn] = [list.includes(`[${counted}]`), this.#identityInsert.get(session) === id];
    if (isGiven === isOn) return undefined;
    return refused(
      isGiven ? 544 : 545,
      `IDENTITY_INSERT is ${isOn ? 'ON' : 'OFF'} for '${id}', and a value is ${isGiven ? '' : 'not '}given.`,
    );
  }

  /** All of a table, as its columns are declared: for clients that are not ours. */
  typed(table: string): { readonly columns: Readonly<Record<string, string>>; readonly rows: Value[][] } {
    const columns = this.columnsOf(table);
    const statement = this.sqlite.prepare(`select * from ${quote(table)}`);
    statement.setReadBigInts(true);
    const rows = statement.all().map((row) => columns.map((column) => row[column.name] as Value));
    return { columns: Object.fromEntries(columns.map((column) => [column.name, column.type])), rows };
  }

  /** Of the store's own catalogue, or of tables that are written here: homes ask for others. */
  #isLook(sql: string): boolean {
    if (looks.some((one) => sql.includes(one))) return true;
    // As homes spell it.
    if (/^SELECT [\s\S]* FROM /.test(sql)) return false;
    const tables = [...sql.matchAll(new RegExp(`${name}\\.(?:${name}|(\\w+))`, 'g'))];
    return tables.some(([, schema = '', called = '', own]) => own !== undefined || this.#has(plain(schema), plain(called)));
  }

  #enter(session: TdsSession): Promise<void> | undefined {
    if (this.#holder === session) return undefined;
    const begin = () => {
      this.#holder = session;
      this.sqlite.exec('begin');
    };
    if (this.#holder === null) return void begin();
    return new Promise((done) => {
      const go = () => {
        begin();
        done();
      };
      this.#waiting.push({ session, go });
    });
  }

  #end(how: 'commit' | 'rollback'): void {
    if (this.#holder === null) return;
    this.sqlite.exec(how);
    this.#holder = null;
    this.#waiting.shift()?.go();
  }

  #all(sql: string, values: readonly SQLInputValue[] = []): readonly Cells[] {
    const statement = this.sqlite.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all(...values).map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, textOf(value)])));
  }

  #loaded({ sql, bulk }: TdsRequest): Part {
    const [schema = '', table = ''] = [...sql.matchAll(new RegExp(name, 'g'))].map(([, part = '']) => plain(part));
    const columns = bulk?.columns ?? [];
    const marks = columns.map(() => '?').join(', ');
    const into = this.sqlite.prepare(
      `insert into ${quote(`${schema}.${table}`)} (${columns.map((one) => quote(one.name)).join(', ')}) values (${marks})`,
    );
    for (const row of bulk?.rows ?? []) into.run(...(row as SQLInputValue[]));
    return { count: bulk?.rows.length ?? 0 };
  }

  #statement(written: string, parameters: Cells): Part | readonly Part[] {
    // Tables of hygge's own have names that need no brackets.
    const sql = written.replace(/\]\.(heads|commits|staged|rejected)\b/g, '].[$1]');
    const catalogued = this.#catalogued(sql, parameters);
    if (catalogued) return told(catalogued);
    if (this.#defined(sql)) return [];
    const counts = sql.endsWith(';\nSELECT ROWCOUNT_BIG() AS hygge_changed');
    const text = this.#translated(sql.replace(/;\nSELECT ROWCOUNT_BIG\(\) AS hygge_changed$/, ''));
    const values = [...new Set([...text.matchAll(/\?(\d+)/g)].map(([, at]) => Number(at)))].sort((a, b) => a - b);
    const most = values.at(-1) ?? 0;
    const given = Array.from({ length: most }, (_, at) => (parameters[`p${at + 1}`] ?? null) as SQLInputValue);
    const statement = this.sqlite.prepare(text);
    statement.setReadBigInts(true);
    if (/^select/i.test(text) && !counts) {
      const names = statement.columns().map((column) => column.name);
      const rows = statement.all(...given).map((row) => names.map((one) => textOf(row[one])));
      return { columns: Object.fromEntries(names.map((one) => [one, 'nvarchar(max)'])), rows };
    }
    const { changes } = statement.run(...given);
    this.#mustFit(text);
    return counts ? told([{ hygge_changed: String(changes) }]) : { count: Number(changes) };
  }

  /** A text that is too long for its column ends the statement. */
  #mustFit(text: string): void {
    const [, into = ''] = /^(?:insert into|update) "((?:[^"]|"")*)"/i.exec(text) ?? [];
    for (const { name: column, type } of this.columnsOf(into.replaceAll('""', '"'))) {
      const [, most] = /^nvarchar\((\d+)\)$/.exec(type) ?? [];
      const isLong = `select 1 as one from "${into}" where datalength(${quote(column)}) > ${2 * Number(most)} limit 1`;
      if (most !== undefined && this.#all(isLong).length > 0)
        throw new ServerError(2628, `String or binary data would be truncated in table '${into}', column '${column}'.`);
    }
  }

  /** DDL; false: it is none. */
  #defined(sql: string): boolean {
    const table = `${name}\\.${name}`;
    const one = (pattern: string) => new RegExp(pattern, 'is').exec(sql)?.slice(1);
    const made = one(`^IF SCHEMA_ID\\(N'.*?'\\) IS NULL EXEC\\(N'CREATE SCHEMA ${name}'\\)$`);
    if (made) {
      this.sqlite.prepare('insert or ignore into sys_schemas values (?)').run(plain(made[0] ?? ''));
      return true;
    }
    const bulk = one(`^INSERT BULK ${table} \\((.*)\\) WITH \\(TABLOCK\\)$`);
    if (bulk) {
      const [schema = '', called = '', columns = ''] = bulk;
      const there = this.columnsOf(`${plain(schema)}.${plain(called)}`).map((column) => `${column.name} ${column.type}`);
      const sent = [...columns.matchAll(new RegExp(`${name} (\\w+(?:\\([^)]*\\))?)`, 'g'))].map(
        ([, column = '', type]) => `${plain(column)} ${type}`,
      );
      if (sent.join() !== there.join()) throw new ServerError(4816, `Invalid column type from bcp client: ${sent} for ${there}.`);
      return true;
    }
    const create = one(`^(IF OBJECT_ID\\(N'.*?'\\) IS NULL )?create table ${table} \\((.*)\\)$`);
    if (create) {
      const [unless, schema = '', called = '', columns = ''] = create;
      if (unless === undefined || !this.#has(plain(schema), plain(called))) this.#create(plain(schema), plain(called), columns);
      if (this.onNewTables !== null) this.#put.set(`${plain(schema)}.${plain(called)}`, '0');
      return true;
    }
    const into = one(`^select \\* into ${table} from (.*)$`);
    if (into) {
      const [schema = '', called = '', from = ''] = into;
      const id = `${plain(schema)}.${plain(called)}`;
      this.sqlite.exec(`create table ${quote(id)} as select * from ${this.#translated(from)}`);
      this.sqlite.prepare('insert into sys_tables values (?, ?, ?)').run(id, plain(schema), plain(called));
      return true;
    }
    const drop = one(`^drop table (if exists )?${table}$`);
    if (drop) {
      const [unless, schema = '', called = ''] = drop;
      if (this.#has(plain(schema), plain(called))) this.#drop(`${plain(schema)}.${plain(called)}`);
      else if (unless === undefined) throw new ServerError(3701, `Cannot drop the table '${called}', because it does not exist.`);
      return true;
    }
    const rename = one(`^EXEC sp_rename (N'[^']*(?:''[^']*)*'), (N'[^']*(?:''[^']*)*')(, 'COLUMN')?$`);
    if (rename) {
      this.#rename(rename);
      return true;
    }
    const added = one(`^alter table ${table} add ${name} (\\S+)(?: COLLATE (\\w+))? null$`);
    if (added) {
      const [schema = '', called = '', column = '', type = '', of = ''] = added.map((part) => plain(part ?? ''));
      const collation = of === '' ? null : of;
      this.sqlite.exec(`alter table ${quote(`${schema}.${called}`)} add ${quote(column)} ${sqliteType(type, collation)}`);
      this.#column(`${schema}.${called}`, { name: column, type, nullable: true, collation });
      return true;
    }
    const gone = one(`^alter table ${table} drop column ${name}$`);
    if (gone) {
      const [schema = '', called = '', column = ''] = gone.map((part) => plain(part ?? ''));
      this.sqlite.exec(`alter table ${quote(`${schema}.${called}`)} drop column ${quote(column)}`);
      this.sqlite.prepare('delete from sys_columns where tbl = ? and name = ?').run(`${schema}.${called}`, column);
      return true;
    }
    const marked = one(
      `^EXEC sys.sp_addextendedproperty N'(\\w+)', N'[^']*', N'SCHEMA', (N'[^']*(?:''[^']*)*'), N'TABLE', (N'[^']*(?:''[^']*)*')$`,
    );
    if (marked) {
      const [property = '', schema = '', called = ''] = marked;
      const id = `${literal(schema)}.${literal(called)}`;
      if (this.#all('select 1 as one from sys_properties where tbl = ? and name = ?', [id, property]).length > 0)
        throw new ServerError(15233, `Property cannot be added. Property '${property}' already exists for '${id}'.`);
      if (!this.#has(literal(schema), literal(called))) throw new ServerError(15135, `Object is invalid: '${id}'.`);
      this.sqlite.prepare('insert into sys_properties values (?, ?)').run(id, property);
      return true;
    }
    const alter = one(`^alter table ${table} alter column ${name} (\\S+)(?: COLLATE (\\w+))? (not null|null)$`);
    if (alter) {
      const [schema = '', called = '', column = '', type = '', , nullable] = alter;
      this.#mustBeFree(`${plain(schema)}.${plain(called)}`, plain(column), type);
      this.sqlite
        .prepare('update sys_columns set type = ?, nullable = ? where tbl = ? and name = ?')
        .run(type, nullable === 'null' ? 1 : 0, `${plain(schema)}.${plain(called)}`, plain(column));
      return true;
    }
    const truncated = one(`^TRUNCATE TABLE ${table}$`);
    if (truncated) {
      this.sqlite.exec(`delete from ${quote(truncated.map((part) => plain(part ?? '')).join('.'))}`);
      return true;
    }
    const switched = one(`^ALTER TABLE ${table} SWITCH TO ${table}$`);
    if (switched) {
      const [from = '', source = '', to = '', target = ''] = switched.map((part) => plain(part ?? ''));
      this.#switch(`${from}.${source}`, `${to}.${target}`);
      return true;
    }
    const turned = /^(DISABLE|ENABLE|DROP) TRIGGER \[(.*?)\]\.\[(.*?)\](?: ON \[(.*?)\]\.\[(.*?)\])?$/.exec(sql);
    if (turned && this.#put.size > 0) {
      const [, how, , , schema, called] = turned;
      const of = how === 'DROP' ? [...this.#put.keys()].at(-1) : `${schema}.${called}`;
      if (how === 'DROP') this.#put.delete(of ?? '');
      else this.#put.set(of ?? '', how === 'DISABLE' ? '1' : '0');
      return true;
    }
    const disabled = one(`^DISABLE TRIGGER ${table} ON ${table}$`);
    if (disabled) {
      const [, trigger, ...of] = disabled.map((part) => plain(part ?? ''));
      const { instead, ...extras } = this.extras.get(of.join('.')) ?? {};
      if (instead !== trigger) throw new ServerError(3701, `Cannot disable the trigger '${trigger}', because it does not exist.`);
      this.extras.set(of.join('.'), extras);
      return true;
    }
    return this.#indexed(sql) || /^update statistics |^alter table \S+ (add constraint|rebuild) |^(grant|deny) /i.test(sql);
  }

  #indexed(sql: string): boolean {
    const made = indexIn(sql);
    if (made === undefined) return false;
    const { table, index, dropped } = made;
    const large = this.columnsOf(table).find(({ type }) => type.endsWith('(max)'))?.name ?? '';
    if (dropped === undefined && index.columns.includes(large))
      throw new ServerError(1919, `Column '${large}' is invalid for use as a key column.`);
    if (dropped === undefined && index.kind === '5' && large !== '' && this.server.version?.startsWith('13.'))
      throw new ServerError(
        35343,
        `The statement failed. Column '${large}' has a data type that cannot participate in a columnstore index.`,
      );
    if (dropped === undefined)
      this.sqlite.prepare('insert into sys_indexes values (?, ?, ?)').run(table, index.name, JSON.stringify(index));
    else this.sqlite.prepare('delete from sys_indexes where tbl = ? and name = ?').run(table, dropped);
    return true;
  }

  /** As the server has it: only a text that becomes longer stays in an index by rows, and none that loses its length. */
  #mustBeFree(id: string, column: string, type: string): void {
    const was = this.columnsOf(id).find((one) => one.name === column)?.type ?? '';
    const isText = [was, type].every((one) => /^nvarchar\(\d+\)$/.test(one));
    const bound = this.#indexesOf(id).find(({ kind, columns }) => kind === '5' || kind === '6' || (columns.includes(column) && !isText));
    if (bound && was !== type) throw new ServerError(5074, `The index '${bound.name}' is dependent on column '${column}'.`);
  }

  #indexesOf(id: string): readonly TableIndex[] {
    const made = this.#all('select described from sys_indexes where tbl = ?', [id]).map(({ described }) => JSON.parse(described ?? '{}'));
    return [...(this.extras.get(id)?.indexes ?? []), ...made];
  }

  /** As the server refuses it: where something differs. */
  #switch(from: string, to: string): void {
    const failed = (number: number, why: string) => new ServerError(number, `ALTER TABLE SWITCH statement failed. ${why}`);
    if (this.#all(`select 1 as one from ${quote(to)} limit 1`).length > 0) throw failed(4905, `The target table '${to}' must be empty.`);
    const [unlike] = this.extras.get(to)?.unlike ?? [];
    if (unlike) throw failed(4940, `${unlike.kind} ${unlike.name}`);
    const shape = (table: string) => JSON.stringify(this.columnsOf(table));
    if (shape(from) !== shape(to)) throw failed(4944, `a column of '${from}' is not what it is in '${to}'.`);
    const all = (table: string) => this.#indexesOf(table).map(shapeOfIndex);
    const missing = all(to).find((index) => !all(from).includes(index));
    if (missing !== undefined) throw failed(4947, `There is no identical index in source table '${from}' for ${missing}.`);
    this.sqlite.exec(`insert into ${quote(to)} select * from ${quote(from)}; delete from ${quote(from)}`);
  }

  #has(schema: string, table: string): boolean {
    return this.#all('select 1 as one from sys_tables where schema = ? and name = ?', [schema, table]).length > 0;
  }

  #create(schema: string, table: string, written: string): void {
    const id = `${schema}.${table}`;
    if (this.#has(schema, table)) throw new ServerError(2714, `There is already an object named '${table}' in the database.`);
    if (this.#all('select 1 as one from sys_schemas where name = ?', [schema]).length === 0)
      throw new ServerError(2760, `The specified schema name "${schema}" either does not exist or you do not have permission to use it.`);
    const parts = written.split(/,\s*(?![^()]*\))/).map((part) => part.trim());
    const columns = parts.flatMap((part): Column[] => {
      const [, bracketed, bare, type = '', collation = null, required] =
        /^(?:\[((?:[^\]]|\]\])*)\]|(\w+)) (\w+(?:\([^)]*\))?)(?: collate (\w+))?( not null)?/i.exec(part) ?? [];
      if (/^primary key/i.test(part)) return [];
      const text = /char/.test(type) ? (collation ?? databaseCollation) : null;
      return [{ name: plain(bracketed ?? bare ?? ''), type, nullable: required === undefined, collation: text }];
    });
    const keys = parts.flatMap((part) => {
      const [, listed] = /^primary key nonclustered \((.*)\)$/i.exec(part) ?? [];
      const [, own] = /^(\w+) .* primary key nonclustered$/i.exec(part) ?? [];
      return listed ?? own ?? [];
    });
    const declared = columns.map((one) => `${quote(one.name)} ${sqliteType(one.type, one.collation)}${one.nullable ? '' : ' not null'}`);
    this.sqlite.exec(`create table ${quote(id)} (${[...declared, ...keys.map((key) => `unique (${key})`)].join(', ')})`);
    this.sqlite.prepare('insert into sys_tables values (?, ?, ?)').run(id, schema, table);
    for (const column of columns) this.#column(id, column);
  }

  #column(table: string, { name: called, type, nullable, collation }: Column): void {
    this.sqlite
      .prepare('insert into sys_columns select ?, coalesce(max(place), 0) + 1, ?, ?, ?, ? from sys_columns where tbl = ?')
      .run(table, called, type, nullable ? 1 : 0, collation, table);
  }

  #drop(id: string): void {
    this.sqlite.exec(`drop table ${quote(id)}`);
    for (const list of ['sys_tables', 'sys_columns', 'sys_indexes', 'sys_properties'])
      this.sqlite.prepare(`delete from ${list} where tbl = ?`).run(id);
  }

  #rename([from = '', to = '', isColumn]: readonly (string | undefined)[]): void {
    const parts = [...literal(from).matchAll(new RegExp(name, 'g'))].map(([, part = '']) => plain(part));
    const [schema = '', table = '', column = ''] = parts;
    const id = `${schema}.${table}`;
    if (!this.#has(schema, table)) throw new ServerError(15225, `No item by the name of '${literal(from)}' could be found.`);
    if (isColumn !== undefined) {
      this.sqlite.exec(`alter table ${quote(id)} rename column ${quote(column)} to ${quote(literal(to))}`);
      this.sqlite.prepare('update sys_columns set name = ? where tbl = ? and name = ?').run(literal(to), id, column);
      return;
    }
    const becomes = `${schema}.${literal(to)}`;
    this.sqlite.exec(`alter table ${quote(id)} rename to ${quote(becomes)}`);
    this.sqlite.prepare('update sys_tables set tbl = ?, name = ? where tbl = ?').run(becomes, literal(to), id);
    for (const list of ['sys_columns', 'sys_indexes', 'sys_properties'])
      this.sqlite.prepare(`update ${list} set tbl = ? where tbl = ?`).run(becomes, id);
  }

  /** Queries of the catalogue; undefined: it is none. */
  #catalogued(sql: string, { p1 = null }: Cells): readonly Cells[] | undefined {
    const id = [...(p1 ?? '').matchAll(new RegExp(name, 'g'))].map(([, part = '']) => plain(part)).join('.');
    const extras =
      this.extras.get(/^\d+$/.test(p1 ?? '') ? (this.#all('select tbl from sys_tables where rowid = ?', [p1])[0]?.tbl ?? '') : id) ?? {};
    if (sql.includes("'ServiceObjective'")) return [this.server];
    if (sql.startsWith('SELECT t.name AS name FROM sys.schemas AS s LEFT JOIN sys.tables'))
      return this.#all('select t.name from sys_schemas s left join sys_tables t on t.schema = s.name where s.name = ?', [p1]);
    if (sql.includes('FROM sys.objects AS o LEFT JOIN sys.tables AS t'))
      return this.#all(
        `select cast(rowid as text) as id, 'U' as kind, 'user table' as described, '0' as is_external, '8192' as bytes from sys_tables where tbl = ?`,
        [id],
      );
    if (sql.includes('FROM sys.tables AS t LEFT JOIN sys.columns AS c')) {
      const there = this.columnsOf(id);
      const follows = String(this.#all('select 1 as one from sys_properties where tbl = ?', [id]).length);
      if (there.length === 0) return [];
      return there.map((column): Cells => {
        const [, type = '', first, second] = /^(\w+)(?:\((\w+)(?:,\s?(\d+))?\))?$/.exec(column.type) ?? [];
        const size = first === 'max' ? -1 : Number(first ?? 0) * (type.startsWith('n') ? 2 : 1);
        const isTimed = /^(time|datetime2|datetimeoffset)$/.test(type);
        return {
          ...{ name: column.name, type, length: String(size), digits: first ?? null, scale: isTimed ? (first ?? '7') : (second ?? '0') },
          ...{ nullable: column.nullable ? '1' : '0', counted: extras.counted?.includes(column.name) ? '1' : '0' },
          ...{ generated: extras.generated?.includes(column.name) ? '1' : '0', given: null, collation: column.collation },
          instead: extras.instead ?? null,
          follows,
        };
      });
    }
    if (sql.includes("'large value types out of row'")) return (extras.unlike ?? []).map((one) => ({ ...one }));
    if (sql.startsWith('WITH t AS (SELECT * FROM sys.tables'))
      return (extras.dependents ?? []).map(({ kind, name: called, holds }) => ({
        kind,
        name: called,
        column: null,
        holds: holds === 'passes on' ? holds : holds ? '1' : '0',
      }));
    if (sql.startsWith('SELECT CONVERT(varchar(1), CASE WHEN HAS_PERMS_BY_NAME')) {
      const may = (right: string) => (extras.lacks?.includes(right) ? '0' : '1');
      return [Object.fromEntries(['create', 'alter', 'insert', 'update', 'delete', 'drop'].map((right) => [right, may(right)]))];
    }
    if (sql.includes('i.type IN (0, 1, 2, 5, 6)')) return this.#indexesOf(id).flatMap(rowsOfIndex);
    if (sql.includes('GROUP BY s.name HAVING COUNT(*)'))
      return this.#all(
        `select schema as name from sys_tables where name in ('heads', 'commits', 'staged', 'rejected') group by schema having count(*) = 4 order by 1`,
      );
    if (sql.startsWith('SELECT QUOTENAME(OBJECT_SCHEMA_NAME(g.object_id))')) {
      const is_disabled = this.#put.get(id);
      const called = `[${id.split('.')[0]}].[${this.onNewTables}]`;
      return is_disabled === undefined ? [] : [{ name: called, is_disabled }];
    }
    if (sql.startsWith('SELECT g.name AS name, LOWER(e.type_desc)'))
      return (extras.after ?? []).map((called) => ({ name: called, event: 'insert' }));
    if (sql.includes('FROM sys.default_constraints AS')) return extras.defaults ?? [];
    if (sql.includes('FROM sys.database_permissions AS')) return extras.grants ?? [];
    return sql.includes('FROM sys.indexes AS i JOIN sys.index_columns AS k') ? [] : undefined;
  }

  /** A query or a change of rows, as SQLite spells it. */
  #translated(sql: string): string {
    const json = /\(select hygge_new\.\* for json path, without_array_wrapper, include_null_values\)/;
    let text = sql;
    if (json.test(text)) {
      const [, schema = '', table = ''] = new RegExp(`from ${name}\\.${name} hygge_new$`).exec(text) ?? [];
      const pairs = this.columnsOf(`${plain(schema)}.${plain(table)}`).map(
        (one) => `'${one.name.replaceAll("'", "''")}', hygge_new.${quote(one.name)}`,
      );
      text = text.replace(json, () => `json_object(${pairs.join(', ')})`);
    }
    return translated(text, {
      table: (schema, table) => quote(`${schema}.${table}`),
      collation: (called) => (/BIN2$/.test(called) ? 'binary' : 'nocase'),
      more: (changed) =>
        changed
          .replace(/@p(\d+)/g, '?$1')
          .replace(
            /^update hygge_now set ([\s\S]*?) from ("(?:[^"]|"")*") as hygge_now join ([\s\S]*) as hygge_new on ([\s\S]*)$/i,
            'update $2 as hygge_now set $1 from $3 as hygge_new where $4',
          )
          .replace(/ \+ 0x01\b/g, " || '1'")
          .replace(/^delete hygge_now from /i, 'delete from '),
    });
  }
}

/** Queries that only the store asks the catalogue. */
const looks = [
  ...['sys.schemas AS s LEFT JOIN sys.tables', 'sys.objects AS o LEFT JOIN sys.tables AS t', 'sys.tables AS t LEFT JOIN sys.columns AS c'],
  ...[
    'i.is_unique = 1 AND i.has_filter = 0',
    'WITH t AS (SELECT * FROM sys.tables',
    'CASE WHEN HAS_PERMS_BY_NAME(QUOTENAME(@p2)',
    'i.type IN (0, 1, 2, 5, 6)',
    ...[
      "'ServiceObjective'",
      "'large value types out of row'",
      'AS event FROM sys.triggers',
      'AS is_disabled FROM sys.triggers',
      'GROUP BY s.name HAVING COUNT(*)',
    ],
  ],
  ...['FROM sys.default_constraints AS', 'FROM sys.database_permissions AS'],
];

function isOurs({ sql, kind }: TdsRequest): boolean {
  if (kind === 'bulk') return true;
  if (sql.includes("'ServiceObjective'")) return true;
  return !/^SET |^SELECT CONVERT\(varchar\(10\), SERVERPROPERTY|^IF EXISTS| AS hygge_(?:role|lacks)\b/i.test(sql);
}
