/** Connections to a file of DuckDB. */
import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBResultReader, DuckDBType } from '@duckdb/node-api';
import type { Pooling } from '../../engine/contracts/pools.ts';
import { ConnectionError } from '../../errors/hygge-error.ts';
import { settingIn } from '../../errors/unresolved-setting.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Scratch } from '../../ports/scratch.ts';
import {
  type ConnectOptions,
  DatabaseError,
  type Address as FamilyAddress,
  joinedStatements,
  type Row,
  type Session,
  type Transaction,
} from '../engine.ts';
import { beginning, quoteText } from './dialect.ts';
import { databaseError, explain } from './errors.ts';
import { type DuckdbFile, fileOf, type Writer } from './file.ts';
import { type DuckdbKeys, isOfMotherDuck } from './keys.ts';
import { Spool } from './spool.ts';
import { duckdbSyntax } from './syntax.ts';

const interruptMs = 20;

export function address({ path, token }: DuckdbKeys): FamilyAddress {
  const proof = token?.reveal() ?? (isOfMotherDuck(path) ? settingIn(process.env, 'MOTHERDUCK_TOKEN') : undefined);
  return { server: '', database: path, identity: proof === undefined ? '' : hash('sha256', proof).slice(0, 16) };
}

export function connecting(
  keys: DuckdbKeys,
  around: ConnectOptions,
): Pick<Pooling<DuckdbSession>, 'open' | 'close' | 'lend' | 'back' | 'writing'> {
  let writes = false;
  let found: Promise<DuckdbFile> | undefined;
  const file = (): Promise<DuckdbFile> => {
    found ??= fileOf(keys, around);
    return found;
  };
  return {
    open: async () => new DuckdbSession(around),
    async lend(session, signal) {
      const own = await file();
      if (writes) own.writes = true;
      try {
        await session.enter(own, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof ConnectionError) throw error;
        throw explain(databaseError(error), { place: `duckdb ${keys.path}`, doing: 'connect' });
      }
    },
    back: (session) => session.leave(),
    // From now on, new sessions open the file for writing, even if they only read.
    writing: () => {
      writes = true;
    },
    close: async () => (await found)?.letGo(),
  };
}

/** The number of physical columns for the type: one for the type itself, and those of its nested types. */
function columnsIn(type: DuckDBType): number {
  const inside = type as { readonly valueType?: DuckDBType; readonly keyType?: DuckDBType; readonly entryTypes?: readonly DuckDBType[] };
  const within = [inside.keyType, inside.valueType, ...(inside.entryTypes ?? [])].filter((one) => one !== undefined);
  return within.reduce((sum, one) => sum + columnsIn(one) + nestedMore, 1);
}

/** The number of additional physical columns that a nested type counts as. A list has several values in each row, so its blocks are larger. */
export const nestedMore = 2;

/** A column of a result. */
export interface Field {
  readonly name: string;
  readonly type: DuckDBType;
}

/** A session has no state of its own between two uses. */
export class DuckdbSession implements Session {
  readonly root: string;
  /** Rows of the session’s transaction that are still in scratch files, and that are inserted before the session’s next query. */
  readonly spool = new Spool((sql, ofMemory) => this.#inserted(sql, ofMemory));
  readonly #scratch: Scratch | undefined;
  #file: DuckdbFile | undefined;
  #connection: DuckDBConnection | undefined;
  #writing: string | undefined;
  /** Lets the next waiting writer begin. */
  #turn: (() => void) | undefined;
  #hasAll = false;
  #broken = false;
  #damaged = false;
  /** Statements that DuckDB has not answered yet. */
  readonly #atWork = new Set<Promise<unknown>>();

  constructor({ root, scratch }: Pick<ConnectOptions, 'root' | 'scratch'>) {
    this.root = root;
    this.#scratch = scratch;
  }

  /** The scratch folder, where rows are before they are inserted. */
  get scratch(): Scratch {
    if (this.#scratch === undefined) throw new Error('rows go by scratch files');
    return this.#scratch;
  }

  async enter(file: DuckdbFile, signal: AbortSignal | undefined): Promise<void> {
    this.#connection = await file.enter(signal);
    this.#file = file;
    await this.#setUp(this.#connection);
  }

  leave(): void {
    const [file, connection] = [this.#file, this.#connection];
    this.#connection = undefined;
    this.#ended();
    if (file === undefined || connection === undefined) return;
    const over = () => file.leave(connection, this.#damaged);
    if (this.spool.isIdle && this.#atWork.size === 0) {
      over();
      return;
    }
    // A statement may still be running here: the session broke, or its user stopped early.
    const ended = this.spool.dropped().then(() => Promise.allSettled(this.#atWork));
    void this.#interrupted(connection, ended, file.clock).then(over);
  }

  /** Interrupts the running statement. The interrupt is repeated until the statement has ended: DuckDB ignores an interrupt before the statement has begun. */
  async #interrupted(connection: DuckDBConnection, ended: Promise<unknown>, clock: Clock): Promise<void> {
    const over = new AbortController();
    const isOver = ended.then(() => over.abort());
    while (!over.signal.aborted) {
      connection.interrupt();
      await clock.sleep(interruptMs, over.signal).catch(() => undefined);
    }
    await isOver;
  }

  get isBroken(): boolean {
    return this.#broken;
  }

  /** Always false: DuckDB has no server that could have ended an idle connection. */
  get hasAnswered(): boolean {
    return false;
  }

  /** Whether the database is on another machine. False for a file, which no other process has open for writing. */
  get isRemote(): boolean {
    return this.#file?.isRemote ?? false;
  }

  /** The other sessions of this process that may write rows below the current newest value. */
  get writers(): readonly Writer[] {
    return [...(this.#file?.writers.values() ?? [])].filter(({ id }) => id !== this.#writing);
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    return rowsOf(await this.#asked(sql, (connection) => connection.runAndReadAll(sql, values.length === 0 ? undefined : [...values])));
  }

  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    const answer = await this.#asked(sql, (connection) => connection.run(sql, values.length === 0 ? undefined : [...values]));
    return answer.rowsChanged;
  }

  async run(statements: string | readonly string[]): Promise<void> {
    const sql = joinedStatements(statements);
    await this.#asked(sql, (connection) => connection.run(sql));
  }

  async begin(of: Transaction, signal?: AbortSignal): Promise<void> {
    const { mode, label, stagesOnly, endsInRollback } = of;
    if (mode === 'write' && !endsInRollback && this.#file?.isStandIn) await this.#make(this.#file);
    if (!stagesOnly) await this.#takeAll();
    if (mode === 'write' && !stagesOnly) {
      this.#turn = await this.#file?.turn(signal);
      this.#writing = this.#file?.begun(label);
    }
    await this.run(beginning(of));
  }

  async commit(): Promise<void> {
    await this.run('COMMIT');
    this.#ended();
  }

  async rollback(): Promise<void> {
    this.interrupt();
    await this.spool.dropped();
    await this.run('ROLLBACK');
    this.#ended();
  }

  /** The first writer makes the file. */
  async #make(file: DuckdbFile): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) file.leave(connection, false);
    this.#connection = await file.enter(undefined, { makes: true });
    await this.#setUp(this.#connection);
  }

  #setUp(connection: DuckDBConnection): Promise<unknown> {
    return connection.run(`SET TimeZone = 'UTC'; SET file_search_path = ${quoteText(this.root)}`);
  }

  /** Runs a SELECT outside of this session’s transaction, so the SELECT sees all commits up to now. */
  async beside(sql: string): Promise<readonly Row[]> {
    const rows = this.#file?.beside(async (connection) => rowsOf(await connection.runAndReadAll(sql)));
    const found = await rows?.catch((error: unknown) => {
      throw databaseError(error);
    });
    if (found === undefined) throw new DatabaseError('the connection was closed', { code: '', isLost: true });
    return found;
  }

  /** Like `beside`, for a SELECT that needs as much memory as an INSERT. The SELECT never runs at the same time as an INSERT. */
  async betweenInserts(sql: string): Promise<readonly Row[]> {
    const ask = () => this.beside(sql);
    return this.#file === undefined ? ask() : this.#file.insert(ask, false);
  }

  /** The columns of the result of a SELECT. */
  async describe(sql: string): Promise<readonly Field[]> {
    const statement = await this.#asked(sql, (connection) => connection.prepare(sql));
    try {
      const fields = Array.from({ length: statement.columnCount }, (_, i) => ({
        name: statement.columnName(i),
        type: statement.columnType(i),
      }));
      await this.meets(fields.reduce((sum, { type }) => sum + columnsIn(type), 0));
      return fields;
    } finally {
      statement.destroySync();
    }
  }

  /** Announces that rows with so many columns will be read or written. DuckDB may need more memory than the default for these rows. */
  async meets(columns: number): Promise<void> {
    await this.#file?.meets(columns);
  }

  /** The first name in a query that is also a file in the folder where hygge was started. DuckDB would prefer that file to the file of the same name in the workspace. */
  async besideRoot(names: readonly string[]): Promise<string | undefined> {
    for (const name of names) {
      const here = resolve(name);
      if (isAbsolute(name) || here === resolve(this.root, name)) continue;
      const isFile = await stat(here).then(
        (found) => found.isFile(),
        () => false,
      );
      if (isFile) return name;
    }
    return undefined;
  }

  /** Interrupts the running statement, whose transaction is lost. */
  interrupt(): void {
    this.#connection?.interrupt();
  }

  destroy(): void {
    this.#broken = true;
    this.interrupt();
  }

  async close(): Promise<void> {
    this.leave();
  }

  /** Announces that later statements of the transaction need no more memory than staging does. */
  async takeLittle(): Promise<void> {
    if (this.#hasAll && this.#file) this.#file.others--;
    this.#hasAll = false;
    if (this.#file?.others === 0) await this.#file.limit('for staging', true);
  }

  async #takeAll(): Promise<void> {
    if (this.#file === undefined || this.#hasAll) return;
    this.#hasAll = true;
    this.#file.others++;
    await this.#file.limit('whole');
  }

  #ended(): void {
    if (this.#hasAll && this.#file) this.#file.others--;
    this.#hasAll = false;
    this.#turn?.();
    this.#turn = undefined;
    if (this.#writing !== undefined) this.#file?.writers.delete(this.#writing);
    this.#writing = undefined;
  }

  async #asked<T>(sql: string, ask: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    await this.spool.flushed();
    return this.#answered(sql, ask);
  }

  async #inserted(sql: string, ofMemory: boolean): Promise<number> {
    const insert = async () => (await this.#answered(sql, (connection) => connection.run(sql))).rowsChanged;
    return this.#file === undefined ? insert() : this.#file.insert(insert, ofMemory);
  }

  async #answered<T>(sql: string, ask: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.#connection === undefined || this.#broken) throw new DatabaseError('the connection was closed', { code: '', isLost: true });
    const asked = ask(this.#connection);
    this.#atWork.add(asked);
    try {
      return await asked;
    } catch (error) {
      const told = databaseError(error).withStatement(sql, duckdbSyntax);
      // After such an error, DuckDB answers no statement until the file is opened again.
      if (told.code === 'FATAL' || told.code === 'INTERNAL') {
        this.#broken = true;
        this.#damaged = true;
      }
      // After this error, DuckDB does not free all its memory, so later statements would also run out of memory.
      if (/^out of memory$/i.test(told.code)) this.#damaged = true;
      throw told;
    } finally {
      this.#atWork.delete(asked);
    }
  }
}

function rowsOf(answer: DuckDBResultReader): readonly Row[] {
  const names = answer.columnNames();
  return answer
    .getRows()
    .map((row) => Object.fromEntries(row.map((value, i) => [names[i] as string, value === null ? null : String(value)])));
}
