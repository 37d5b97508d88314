/**
 * A Warehouse of Fabric that is written, behind the tests' TDS server: statements of a batch one after the other, over versions of tables. It answers what Microsoft's
 * pages say, which stand at the head of each file here; that Fabric does so, nothing here proves. "Transactions in Fabric Data Warehouse": one isolation level, and
 * any other is ignored; a statement that fails rolls its transaction back.
 */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { MemoryTable } from '../sqlserver.ts';
import type { Answer, Part, TdsRequest, TdsSession } from '../tds/session.ts';
import type { ReadValue, Value } from '../tds/values.ts';
import { dotted, partsOf, statementsOf, tokensOf } from '../tsql/scan.ts';
import { literal, quote, ServerError } from '../tsql/sqlite.ts';
import { isOfSums } from '../tsql/summed-rows.ts';
import { fillCatalogue } from './catalogue.ts';
import * as changes from './changes.ts';
import { warehouseCollation } from './columns.ts';
import { copiedRows, copyIn, type StagedFiles } from './copying.ts';
import * as definitions from './definitions.ts';
import { Locks, type Want } from './locks.ts';
import { keyOfName, NotUnderstood, Queries, type Variables } from './queries.ts';
import { type FabricDatabase, read } from './reading.ts';
import { mustBeTaken, undocumented } from './refusals.ts';
import { firstId, keyOf, type State, type Transaction, type Version, Versions } from './versions.ts';

/** What becomes of a COMMIT whose answer never arrives: `late` is applied when the test says so. */
export type Fate = 'lost before it is applied' | 'lost after it is applied' | 'late';

export interface WarehouseOptions {
  /** Where COPY INTO finds files. Without: there are none. */
  readonly files?: StagedFiles;
  readonly name?: string;
  /** Asked for each COMMIT. */
  readonly atCommit?: (request: TdsRequest) => Fate | undefined;
  /** Answered in place of what would be. */
  readonly before?: (request: TdsRequest) => Answer | undefined | Promise<Answer | undefined>;
  /** What else homes are told. */
  readonly database?: Omit<FabricDatabase, 'tables' | 'before' | 'item'>;
}

/** A statement that ran or was refused, in the order in which they began. */
export interface Ran {
  readonly session: TdsSession;
  /** Its first words: `INSERT`, `COPY INTO`, `CREATE TABLE`. */
  readonly kind: string;
  readonly sql: string;
}

interface Batch {
  readonly request: TdsRequest;
  readonly session: TdsSession;
  readonly variables: Variables;
  readonly parts: Part[];
}

const noFiles: StagedFiles = { below: async () => [], file: async () => undefined };
const ready = (value: ReadValue | Value): SQLInputValue => (typeof value === 'boolean' ? Number(value) : value);

export class Warehouse implements Disposable {
  readonly statements: Ran[] = [];
  readonly #options: WarehouseOptions;
  readonly #sqlite = new DatabaseSync(':memory:');
  readonly #versions = new Versions(this.#sqlite);
  readonly #queries: Queries;
  readonly #locks = new Locks();
  readonly #explicit = new Set<TdsSession>();
  readonly #identityInsert = new Map<TdsSession, string>();
  readonly #late: Transaction[] = [];

  constructor(options: WarehouseOptions = {}) {
    this.#options = options;
    this.#queries = new Queries(this.#sqlite, (securable, right) => options.database?.lacks?.(securable, right) ?? false);
  }

  [Symbol.dispose](): void {
    this.#sqlite.close();
  }

  get name(): string {
    return this.#options.name ?? 'sales';
  }

  /** How many statements of a kind there were; without a kind, of all. */
  count(kind?: string): number {
    return this.statements.filter((one) => kind === undefined || one.kind === kind).length;
  }

  /** Committed rows, as the columns keep them. */
  rows(table: string): readonly Readonly<Record<string, Value>>[] {
    const version = this.#versions.committed.tables.get(table);
    if (!version) throw new Error(`${table} is not there`);
    const found = this.#valuesOf(version);
    return found.map((row) => Object.fromEntries(version.columns.map(({ name }, at) => [name, row[at] ?? null])));
  }

  /** Committed tables, `schema.name`. */
  get tables(): readonly string[] {
    return [...this.#versions.committed.tables.keys()];
  }

  /** Sessions that wait for a lock of another one. */
  get waiting(): number {
    return this.#locks.waiting;
  }

  /** Applies each COMMIT that was late. @returns numbers of the errors with which some failed. */
  settle(): readonly number[] {
    return this.#late.splice(0).flatMap((transaction) => {
      try {
        this.#versions.commit(transaction, this.name);
        return [];
      } catch (error) {
        return (error as ServerError).number;
      } finally {
        this.#locks.release(transaction.session);
      }
    });
  }

  /** The connection is gone: what it had begun is undone, but for a COMMIT that is late. */
  closed(session: TdsSession): void {
    this.#explicit.delete(session);
    this.#identityInsert.delete(session);
    if (this.#late.some((one) => one.session === session)) return;
    this.#versions.rollback({ session });
    this.#locks.release(session);
  }

  async answer(request: TdsRequest): Promise<Answer | undefined> {
    const before = await this.#options.before?.(request);
    if (before !== undefined) return before;
    if (request.kind === 'bulk') return undefined;
    const { session } = request;
    // A connection that was reset has no transaction any more.
    if (this.#explicit.has(session) && !session.inTransaction) this.#undo(session);
    const variables: Variables = new Map(Object.entries(request.parameters).map(([name, value]) => [name.toLowerCase(), ready(value)]));
    const batch: Batch = { request, session, variables, parts: [] };
    try {
      for (const statement of statementsOf(request.sql)) await this.#run(statement, batch);
    } catch (error) {
      if (error instanceof NotUnderstood || !(error instanceof ServerError)) {
        this.#undo(session);
        if (!(error instanceof NotUnderstood)) throw error;
        return undefined;
      }
      const wasOpen = this.#explicit.has(session);
      this.#undo(session);
      const isSyntax = error.number === undocumented || error.number === 102;
      batch.parts.push({ error: { number: error.number, message: error.message, ...(isSyntax ? { class: 15 } : {}) } });
      if (wasOpen) batch.parts.push({ transaction: 'rollback' });
    }
    return batch.parts;
  }

  #undo(session: TdsSession): void {
    const transaction = this.#versions.of(session);
    if (transaction) this.#versions.rollback(transaction);
    this.#explicit.delete(session);
    this.#locks.release(session);
  }

  async #run(written: string, batch: Batch): Promise<void> {
    const { session } = batch;
    const statement = this.#spelled(written, session);
    const words = tokensOf(statement).map(({ text }) => text.toUpperCase());
    const [first = '', second = ''] = words;
    const kind = ['COPY', 'CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'BEGIN', 'SET', 'EXEC'].includes(first) ? `${first} ${second}` : first;
    if (first !== 'IF' && kind !== 'BEGIN') this.statements.push({ session, kind, sql: written });
    mustBeTaken(statement);
    switch (first) {
      case 'IF':
        return this.#if(statement, batch);
      case 'BEGIN':
        return this.#begin(batch);
      case 'COMMIT':
        return this.#commit(batch);
      case 'ROLLBACK':
        return this.#rollback(batch);
      case 'SET':
        return this.#set(statement, batch);
      case 'EXEC':
      case 'EXECUTE':
        return this.#execute(statement, batch);
      case 'DBCC':
        return this.#check(statement, batch);
      case 'COPY':
        return this.#copy(statement, batch);
      case 'SELECT':
      case 'WITH':
      case '(':
      case 'INSERT':
      case 'UPDATE':
      case 'DELETE':
        return this.#change(statement, batch);
      case 'CREATE':
      case 'ALTER':
      case 'DROP':
        return this.#define(statement, second, batch);
      default:
        throw new NotUnderstood(written);
    }
  }

  /** What a session knows of itself, as literals. */
  #spelled(statement: string, session: TdsSession): string {
    return statement.replace(/@@TRANCOUNT\b/gi, this.#explicit.has(session) ? '1' : '0');
  }

  #begin({ session, parts }: Batch): void {
    if (this.#explicit.has(session)) throw new ServerError(undocumented, 'Nested transactions are not supported.');
    this.#explicit.add(session);
    parts.push({ transaction: 'begin' });
  }

  #commit({ session, parts, request }: Batch): void {
    if (!this.#explicit.has(session)) throw new ServerError(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    const transaction = this.#versions.of(session);
    const fate = this.#options.atCommit?.(request);
    if (fate === 'late' && transaction) {
      this.#late.push(transaction);
      this.#explicit.delete(session);
      parts.push({ drop: 'reset' });
      return;
    }
    if (fate === 'lost before it is applied') this.#undo(session);
    else if (transaction) this.#versions.commit(transaction, this.name);
    this.#explicit.delete(session);
    this.#locks.release(session);
    parts.push(fate === undefined ? { transaction: 'commit' } : { drop: 'reset' });
  }

  #rollback({ session, parts }: Batch): void {
    if (!this.#explicit.has(session))
      throw new ServerError(3903, 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    this.#undo(session);
    parts.push({ transaction: 'rollback' });
  }

  /** IF condition statement. */
  async #if(statement: string, batch: Batch): Promise<void> {
    const tokens = tokensOf(statement);
    const starts = /^(CREATE|DROP|EXEC|INSERT|UPDATE|DELETE|COPY|ALTER|ROLLBACK|COMMIT|SELECT)$/i;
    const then = tokens.findIndex(({ depth, kind, text }, at) => at > 0 && depth === 0 && kind === 'word' && starts.test(text));
    if (then < 0) throw new NotUnderstood(statement);
    const condition = statement.slice(tokens[0]?.end, tokens[then]?.at);
    if (/\bOBJECT_ID\b/i.test(condition)) {
      // The catalogue has no versions: what is asked of it waits for DDL, and sees what that made.
      await this.#locks.take(batch.session, [{ of: 'sys', mode: 'Sch-S' }], batch.request.signal);
      this.#versions.seeNewTables(batch.session);
    }
    const holds = await this.#asked(`SELECT CASE WHEN ${condition} THEN 1 ELSE 0 END AS holds`, batch);
    if (String(holds.rows[0]?.[0]) === '1') await this.#run(statement.slice(tokens[then]?.at).trim().replace(/;$/, ''), batch);
  }

  async #set(statement: string, batch: Batch): Promise<void> {
    const [, table = '', to = ''] = /^SET\s+IDENTITY_INSERT\s+([\s\S]+?)\s+(ON|OFF)$/i.exec(statement) ?? [];
    if (to !== '') return this.#setIdentityInsert(dotted(table).parts, to.toUpperCase() === 'ON', batch.session);
    const [, name, value] = /^SET\s+([\w ]+?)\s+(\S+|READ \w+|REPEATABLE READ)$/i.exec(statement) ?? [];
    if (name === undefined || value === undefined) throw new NotUnderstood(statement);
    // Among them the isolation level: the change is ignored.
    (batch.session.settings as Map<string, string>).set(name.toUpperCase(), value.toUpperCase());
  }

  /** "IDENTITY columns": one table of a session at a time. */
  #setIdentityInsert(parts: readonly string[], isOn: boolean, session: TdsSession): void {
    const key = keyOfName(parts);
    const version = this.#view(session).tables.get(key);
    if (!version) throw new ServerError(1088, `Cannot find the object "${key}" because it does not exist or you do not have permissions.`);
    if (!version.columns.some(({ counted }) => counted))
      throw new ServerError(8106, `Table '${key}' does not have the identity property. Cannot perform SET operation.`);
    const other = this.#identityInsert.get(session);
    if (isOn && other !== undefined && other !== key)
      throw new ServerError(8107, `IDENTITY_INSERT is already ON for table '${other}'. Cannot perform SET operation for table '${key}'.`);
    if (isOn) this.#identityInsert.set(session, key);
    else this.#identityInsert.delete(session);
  }

  async #execute(statement: string, batch: Batch): Promise<void> {
    const [, text] = /^EXEC(?:UTE)?\s*\(\s*(N?'(?:[^']|'')*')\s*\)$/i.exec(statement) ?? [];
    if (text !== undefined) {
      for (const one of statementsOf(literal(text))) await this.#run(one, batch);
      return;
    }
    const [, procedure = '', given = ''] = /^EXEC(?:UTE)?\s+((?:\[?sys\]?\.)?\[?\w+\]?)\s*([\s\S]*)$/i.exec(statement) ?? [];
    if (/sp_rename/i.test(procedure)) {
      const texts = partsOf(given, ',');
      const want: Want = { of: keyOfName(dotted(literal(texts[0] ?? '')).parts), mode: 'Sch-M' };
      return this.#within(batch, [want], (transaction) => definitions.rename(transaction, texts));
    }
    if (/sp_describe_first_result_set/i.test(procedure)) return this.#read(statement, batch);
    throw new NotUnderstood(statement);
  }

  async #check(statement: string, batch: Batch): Promise<void> {
    const [, name, how = ''] = /^DBCC\s+CHECKIDENT\s*\(\s*(N?'(?:[^']|'')*')\s*,\s*([^)]*)\)$/i.exec(statement) ?? [];
    if (name === undefined) throw new NotUnderstood(statement);
    // "DBCC CHECKIDENT supports only the RESEED option."
    if (how.trim().toUpperCase() !== 'RESEED') throw new ServerError(undocumented, 'DBCC CHECKIDENT supports only the RESEED option.');
    const { parts } = dotted(literal(name));
    await this.#within(batch, [{ of: keyOfName(parts), mode: 'IX' }], (transaction) =>
      changes.reseed({ sqlite: this.#sqlite }, definitions.tableNamed(transaction, parts)),
    );
  }

  async #copy(statement: string, batch: Batch): Promise<void> {
    const { session } = batch;
    const copy = copyIn(statement);
    const key = keyOfName(copy.target);
    const found = this.#view(session).tables.get(key);
    if (!found) throw new ServerError(208, `Invalid object name '${copy.target.join('.')}'.`);
    await this.#locks.take(session, [{ of: key, mode: 'IX' }], batch.request.signal);
    // The snapshot of a transaction begins before its files are read.
    if (this.#explicit.has(session) && !this.#versions.of(session)) this.#versions.begin(session, true);
    const { columns, rows } = await copiedRows(copy, { called: key, columns: found.columns }, this.#options.files ?? noFiles);
    const takesIdentity = () => copy.options.get('IDENTITY_INSERT')?.toUpperCase() === 'ON';
    await this.#within(batch, [{ of: key, mode: 'IX' }], (transaction) => {
      const version = definitions.tableNamed(transaction, copy.target);
      this.#counted(batch, changes.addRows({ ...this.#changing(batch, transaction), takesIdentity }, version, columns, rows));
    });
  }

  async #define(statement: string, what: string, batch: Batch): Promise<void> {
    const into = definitions.queryInto(statement);
    if (into) return this.#into(into, batch);
    if (what === 'SCHEMA') return this.#within(batch, [], (transaction) => definitions.createSchema(transaction, statement));
    if (what !== 'TABLE') throw new NotUnderstood(statement);
    const names = partsOf(statement.replace(/^\s*(CREATE|ALTER|DROP)\s+TABLE\s+(IF\s+EXISTS\s+)?/i, ''), ',');
    const tables = /^DROP/i.test(statement) ? names : names.slice(0, 1);
    const wants = tables.map((name): Want => ({ of: keyOfName(dotted(name).parts), mode: 'Sch-M' }));
    await this.#within(batch, wants, (transaction) => {
      this.#versions.seeNewTables(batch.session);
      if (/^CREATE/i.test(statement)) definitions.createTable(this.#versions, transaction, statement);
      else if (/^DROP/i.test(statement)) definitions.dropTables(transaction, statement);
      else definitions.alterTable(this.#versions, transaction, statement);
    });
  }

  async #into({ parts, query, options }: NonNullable<ReturnType<typeof definitions.queryInto>>, batch: Batch): Promise<void> {
    await this.#within(batch, [{ of: keyOfName(parts), mode: 'Sch-M' }, ...this.#readBy(query)], (transaction) => {
      const found = this.#queries.ask(query, this.#sight(transaction, query), batch.variables);
      const columns = definitions.columnsOfQuery(found.names, found.types);
      const version = definitions.addTable(this.#versions, transaction, { parts, columns, ...(options === undefined ? {} : { options }) });
      this.#counted(batch, changes.addRows(this.#changing(batch, transaction), version, columns, found.rows));
    });
  }

  async #change(statement: string, batch: Batch): Promise<void> {
    const verb = tokensOf(statement)
      .find(({ kind, depth, text }) => kind === 'word' && depth === 0 && /^(SELECT|INSERT|UPDATE|DELETE)$/i.test(text))
      ?.text.toUpperCase();
    if (verb === 'SELECT' || verb === undefined) return this.#select(statement, batch);
    await this.#within(batch, this.#writtenBy(statement, verb), (transaction) => {
      const on = this.#changing(batch, transaction);
      const change = { INSERT: changes.insert, UPDATE: changes.update, DELETE: changes.remove }[verb];
      if (!change) throw new NotUnderstood(statement);
      this.#counted(batch, change(on, statement));
    });
  }

  /** What a home asks is answered as for homes; anything else is a query. */
  async #select(statement: string, batch: Batch): Promise<void> {
    // What is said of values in their own ways, and of the server itself.
    const isOfHome =
      isOfSums(statement) || /\bWHERE \(\n|SERVERPROPERTY|^SELECT CONVERT\(varchar\(60\), DATABASEPROPERTYEX|\bAS role\b/.test(statement);
    if (isOfHome && (await this.#toldHomes(statement, batch))) return;
    const found = await this.#asked(statement, batch).catch(async (error: unknown) => {
      if (!(error instanceof NotUnderstood) || isOfHome || !(await this.#toldHomes(statement, batch))) throw error;
      return undefined;
    });
    if (found === undefined) return;
    const { names, types, rows } = found;
    const sent = (type: string) => (/^(var)?char/.test(type) ? `${type} collate ${warehouseCollation}` : type);
    batch.parts.push({ columns: Object.fromEntries(names.map((name, at) => [name, sent(types[at] ?? '')])), rows });
  }

  async #read(statement: string, batch: Batch): Promise<void> {
    if (!(await this.#toldHomes(statement, batch))) throw new NotUnderstood(statement);
  }

  /** False: homes ask nothing like it. */
  async #toldHomes(statement: string, batch: Batch): Promise<boolean> {
    const { session, request } = batch;
    await this.#locks.take(session, this.#readBy(statement), request.signal);
    if (this.#explicit.has(session) && !this.#versions.of(session)) this.#versions.begin(session, true);
    const database: FabricDatabase = { ...this.#options.database, item: 'warehouse', tables: this.#memoryOf(this.#view(session)) };
    const answer = await read(database, { ...request, sql: statement }).catch(() => undefined);
    if (answer !== undefined) batch.parts.push(...(Array.isArray(answer) ? (answer as readonly Part[]) : [answer as Part]));
    return answer !== undefined;
  }

  async #asked(query: string, { session, request, variables }: Batch) {
    await this.#locks.take(session, this.#readBy(query), request.signal);
    const transaction = this.#explicit.has(session) ? (this.#versions.of(session) ?? this.#versions.begin(session, true)) : undefined;
    return this.#queries.ask(query, this.#sight(transaction ?? this.#view(session), query), variables);
  }

  /** A change that is a transaction of its own, or part of the one that is open. */
  async #within(batch: Batch, wants: readonly Want[], work: (transaction: Transaction) => void): Promise<void> {
    const { session, request } = batch;
    await this.#locks.take(session, wants, request.signal);
    const isExplicit = this.#explicit.has(session);
    const transaction = this.#versions.of(session) ?? this.#versions.begin(session, isExplicit);
    work(transaction);
    if (isExplicit) return;
    this.#versions.commit(transaction, this.name);
    this.#locks.release(session);
  }

  #changing(batch: Batch, transaction: Transaction): changes.Changing {
    return {
      ...{ sqlite: this.#sqlite, versions: this.#versions, transaction },
      ask: (sql) => this.#queries.ask(sql, this.#sight(transaction, sql), batch.variables),
      takesIdentity: (version) => this.#identityInsert.get(batch.session) === keyOf(version),
    };
  }

  #counted({ session, parts }: Batch, count: number): void {
    if (session.settings.get('NOCOUNT') !== 'ON') parts.push({ count });
  }

  #view(session: TdsSession): State {
    const transaction = this.#versions.of(session);
    return transaction ?? this.#versions.committed;
  }

  #sight(state: State, query: string) {
    const schemas = [...state.schemas];
    const isOfSystem = /\b(sys|INFORMATION_SCHEMA)\]?\s*\./i.test(query);
    const tables = [...state.tables.values()];
    const views = isOfSystem ? fillCatalogue(this.#sqlite, { tables, schemas, database: this.name, query }) : new Set<string>();
    return { tables: state.tables, views, schemas, database: this.name };
  }

  /** A SELECT over system views waits for DDL of others, and one over a table for DDL of that table. */
  #readBy(query: string): readonly Want[] {
    const tokens = tokensOf(query);
    const named = tokens.flatMap(({ kind, text, at }) => {
      if (kind !== 'word' || !/^(FROM|JOIN|USING)$/i.test(text)) return [];
      const { parts } = dotted(query.slice(at + text.length));
      return parts.length === 0 ? [] : [parts];
    });
    return named.map(
      (parts): Want => (/^sys$/i.test(parts.at(-2) ?? '') ? { of: 'sys', mode: 'Sch-S' } : { of: keyOfName(parts), mode: 'Sch-S' }),
    );
  }

  #writtenBy(statement: string, verb: string): readonly Want[] {
    const at = tokensOf(statement).find(({ depth, text }) => depth === 0 && text.toUpperCase() === verb);
    const after = statement.slice(at?.end).replace(/^\s*(INTO|FROM)\s+/i, '');
    const reads = this.#readBy(statement);
    const { parts } = dotted(after);
    const target: Want = { of: keyOfName(parts), mode: 'IX' };
    // UPDATE and DELETE may name an alias: what they read may be what they write.
    const named =
      verb === 'UPDATE' || verb === 'DELETE' ? reads.map((one): Want => ({ ...one, mode: one.of === 'sys' ? 'Sch-S' : 'IX' })) : reads;
    return [target, ...named];
  }

  #valuesOf(version: Version): Value[][] {
    const statement = this.#sqlite.prepare(`select * from ${quote(version.physical)}`);
    statement.setReadBigInts(true);
    return statement.all().map((row) => version.columns.map(({ name }) => row[name] as Value));
  }

  /** For homes: a table's place says its number, as `object_id` has it. */
  #memoryOf(state: State): MemoryTable[] {
    const all: MemoryTable[] = [];
    for (const version of state.tables.values()) {
      const values = () => this.#valuesOf(version);
      let rows: Value[][] | undefined;
      const declared = version.columns.map(({ name, type, collation, nullable }) => [
        name,
        `${type}${collation === null ? '' : ` collate ${collation}`}${nullable ? '' : ' not null'}`,
      ]);
      all[version.id - firstId] = {
        ...{
          name: keyOf(version),
          columns: Object.fromEntries(declared),
          keys: [],
        },
        get rows() {
          rows ??= values();
          return rows;
        },
      };
    }
    return Array.from(all, (one) => one ?? { name: 'dropped', columns: {}, rows: [] });
  }
}
