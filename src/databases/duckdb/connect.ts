/** Files of DuckDB and connections to them. */
import { hash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBResultReader, DuckDBType } from '@duckdb/node-api';
import type { Pooling, Pools } from '../../engine/contracts/pools.ts';
import { ConnectionError } from '../../errors/hygge-error.ts';
import { settingIn } from '../../errors/unresolved-setting.ts';
import { makeFolders } from '../../filesystems/disk/make-folders.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import {
  type Connecting,
  DatabaseError,
  type Address as FamilyAddress,
  type Row,
  type Session,
  type Transaction,
  together,
} from '../engine.ts';
import { beginning, quoteText } from './dialect.ts';
import { databaseError, explain, notInstalled } from './errors.ts';
import { type DuckdbKeys, inMegabytes, inMemory, isOfMotherDuck } from './keys.ts';
import { lexis } from './lexis.ts';
import { cutToCommits, endOfCommits, Spool } from './spool.ts';

/** So long a file stays open after its last use: the next step of a run comes soon, and other programs may wait for it. */
const lingerMs = 1_000;

const interruptMs = 20;

/**
 * The files that are open, of the pools of a process and gone with them. DuckDB opens a file of its own process a second time without a word, and
 * each of the two then knows nothing of what the other one writes.
 */
const openFiles = new WeakMap<Pools, Map<string, DuckdbFile>>();

export function address({ path, token }: DuckdbKeys): FamilyAddress {
  const proof = token?.reveal() ?? (isOfMotherDuck(path) ? settingIn(process.env, 'MOTHERDUCK_TOKEN') : undefined);
  return { server: '', database: path, identity: proof === undefined ? '' : hash('sha256', proof).slice(0, 16) };
}

export function connecting(
  keys: DuckdbKeys,
  around: Connecting,
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
    // Readers that come from now on open it in the way that writers need.
    writing: () => {
      writes = true;
    },
    close: async () => (await found)?.letGo(),
  };
}

/** The one of this process, by whatever path it is reached. */
async function fileOf(keys: DuckdbKeys, around: Connecting): Promise<DuckdbFile> {
  const isFile = keys.path !== inMemory && !isOfMotherDuck(keys.path);
  const path = isFile ? await real(resolve(around.root, keys.path)) : keys.path;
  const known = openFiles.get(around.pools) ?? new Map<string, DuckdbFile>();
  openFiles.set(around.pools, known);
  const file = known.get(path) ?? new DuckdbFile(path, isFile, keys, around);
  known.set(path, file);
  return file;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Without links on the way; what is not there yet, in its folder. */
async function real(path: string): Promise<string> {
  const folder = async () => join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
  return realpath(path).catch(folder);
}

/** Writing transactions that are open in this process: there are none elsewhere. */
export interface Writer {
  readonly id: string;
  /** A canonical instant. */
  readonly since: string;
  readonly label: string;
}

/** One file, opened for reading alone as long as nobody is going to write: then other programs may read it as well. */
class DuckdbFile {
  /** Somebody is going to write. */
  writes = false;
  readonly writers = new Map<string, Writer>();
  /** Transactions that do more than put staged rows in. */
  others = 0;
  readonly #inserts = new Semaphore(1);
  /** In megabytes. */
  #limit: number | undefined;
  /** Columns of the widest table that was met. */
  #widest = 0;
  readonly isRemote: boolean;
  readonly #path: string;
  readonly #isFile: boolean;
  readonly #keys: DuckdbKeys;
  readonly #around: Connecting;
  #opened: { readonly instance: DuckDBInstance; readonly writes: boolean; readonly isStandIn: boolean } | undefined;
  #users = 0;
  /** It answers nothing any more, or has lost memory: it is opened anew as soon as nobody uses it. */
  #isDamaged = false;
  #turn: Promise<void> = Promise.resolve();
  readonly #changing = new Semaphore(1);
  #freed: () => void = () => undefined;
  #lingering = new AbortController();
  #begun = 0;

  constructor(path: string, isFile: boolean, keys: DuckdbKeys, around: Connecting) {
    this.#path = path;
    this.#isFile = isFile;
    this.isRemote = isOfMotherDuck(path);
    this.#keys = keys;
    this.#around = around;
  }

  get clock(): Clock {
    return this.#around.clock;
  }

  /** There is no file yet, and what is read of it is empty, until somebody writes. */
  get isStandIn(): boolean {
    return this.#opened?.isStandIn === true;
  }

  /** A connection to it; one after the other, so that who waits for another way of opening it is not passed by others for ever. */
  async enter(signal: AbortSignal | undefined, { makes } = { makes: false }): Promise<DuckDBConnection> {
    const before = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      done = resolve;
    });
    try {
      await before;
      signal?.throwIfAborted();
      this.#lingering.abort();
      const gives = this.isStandIn && (makes || (await isThere(this.#path)));
      if (this.#opened !== undefined && ((this.writes && !this.#opened.writes) || gives)) {
        await this.#empty(signal);
        this.letGo();
      }
      if (this.#opened === undefined) {
        const isStandIn = this.#isFile && this.writes && !makes && !(await isThere(this.#path));
        this.#opened = { instance: await this.#open(isStandIn), writes: this.writes, isStandIn };
      }
      return await this.#connected(this.#opened.instance);
    } finally {
      done();
    }
  }

  /** By another connection, for somebody who has one: undefined where the file is closed. */
  async beside<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T | undefined> {
    if (this.#opened === undefined) return undefined;
    const connection = await this.#connected(this.#opened.instance);
    try {
      return await work(connection);
    } finally {
      this.leave(connection, false);
    }
  }

  /** Nothing of it may be at work: DuckDB would go on in memory that is no longer there, and the process would end. */
  leave(connection: DuckDBConnection, isDamaged: boolean): void {
    connection.closeSync();
    this.#isDamaged ||= isDamaged;
    this.#left();
  }

  /** Who is about to be connected uses it as well: it is not closed meanwhile. */
  async #connected(instance: DuckDBInstance): Promise<DuckDBConnection> {
    this.#users++;
    try {
      return await instance.connect();
    } catch (error) {
      this.#left();
      throw error;
    }
  }

  #left(): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#freed();
    if (this.#isDamaged) this.letGo();
    else this.#linger();
  }

  /** Closes it, where nobody uses it. */
  letGo(): void {
    this.#lingering.abort();
    if (this.#users > 0) return;
    this.#opened?.instance.closeSync();
    this.#opened = undefined;
    this.#isDamaged = false;
  }

  /**
   * Of who changes what others may change as well: one at a time. A transaction sees the file as it is when it begins, so that of two the second
   * would be refused at its end. @returns what gives the turn on.
   */
  turn(signal?: AbortSignal): Promise<() => void> {
    return this.#changing.take(signal);
  }

  /**
   * Puts staged rows in: one INSERT at a time, since each takes all the processors that there are, and memory for each of them. What it has written it
   * would keep in memory up to the limit, and gains nothing by it.
   */
  async insert<T>(work: () => Promise<T>): Promise<T> {
    return this.#inserts.run(async () => {
      if (this.others === 0) await this.limit('for staging');
      return work();
    });
  }

  /**
   * How much memory all of it may take from now on. Setting it also has DuckDB give back what is free in the heap of the whole process, frames among it,
   * which grows from batch to batch otherwise: so staging says it before each batch, whether or not the limit is another one.
   */
  async limit(much: 'for staging' | 'whole'): Promise<void> {
    const whole = this.#most;
    const wanted = much === 'whole' ? whole : Math.min(whole, Math.max(stagingMegabytes, whole * stagingShare, this.#needed));
    if (this.isRemote || this.#opened === undefined) return;
    if (much === 'whole' && wanted === this.#limit) return;
    this.#limit = wanted;
    try {
      await this.beside((connection) => connection.run(`SET memory_limit = '${wanted}MB'`));
    } catch {
      // What is in use can't be given back: it stays as it was.
      this.#limit = undefined;
    }
  }

  /** Rows of so many columns are read or written from now on. */
  async meets(columns: number): Promise<void> {
    if (columns <= this.#widest) return;
    this.#widest = columns;
    if ((this.#limit ?? 0) < Math.min(this.#most, this.#needed)) await this.limit('whole');
  }

  get #needed(): number {
    return this.#widest * columnMegabytes;
  }

  /** What is written is held to; else tables that need more get it. */
  get #most(): number {
    const { memory_limit: written } = this.#keys;
    return written === undefined ? Math.max(defaultMegabytes, this.#needed) : inMegabytes(written);
  }

  begun(label: string): string {
    const id = `w${++this.#begun}`;
    this.writers.set(id, { id, since: this.#around.clock.now(), label });
    return id;
  }

  #linger(): void {
    // What is in memory is gone when it is closed.
    this.#lingering = new AbortController();
    const { signal } = this.#lingering;
    this.#around.clock.sleep(lingerMs, signal).then(
      () => this.letGo(),
      () => undefined,
    );
  }

  async #empty(signal: AbortSignal | undefined): Promise<void> {
    if (this.#users === 0) return;
    await new Promise<void>((resolve, reject) => {
      const stop = () => reject(signal?.reason);
      signal?.addEventListener('abort', stop, { once: true });
      this.#freed = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
    });
  }

  async #open(isStandIn: boolean): Promise<DuckDBInstance> {
    const { DuckDBInstance: instances } = await import('@duckdb/node-api').catch((error: unknown) => {
      throw notInstalled(error);
    });
    const { threads, temp_directory, token } = this.#keys;
    this.#limit = this.#most;
    const options: Record<string, string> = {
      ...{ memory_limit: `${this.#limit}MB`, threads: String(threads), errors_as_json: 'true' },
      // Rows have no order where they settle, and keeping theirs takes memory.
      preserve_insertion_order: 'false',
      ...(this.isRemote
        ? { motherduck_token: token?.reveal() ?? settingIn(process.env, 'MOTHERDUCK_TOKEN') ?? '' }
        : { autoinstall_known_extensions: 'false' }),
      ...(temp_directory === undefined ? {} : { temp_directory: resolve(this.#around.root, temp_directory) }),
    };
    if (isStandIn) return instances.create(inMemory, options);
    if (!this.#isFile) {
      const folder = temp_directory === undefined ? await this.#around.scratch?.path('.spill') : undefined;
      const scratch = folder === undefined ? {} : { temp_directory: folder };
      return instances.create(this.#path, { ...options, ...scratch });
    }
    if (this.writes) makeFolders(dirname(this.#path));
    if ((await endOfCommits(this.#path)) !== undefined) {
      // Nobody writes to it while this has it open, and to read alone changes nothing of it.
      const reading = await instances.create(this.#path, { ...options, access_mode: 'READ_ONLY' });
      try {
        await cutToCommits(this.#path);
      } finally {
        reading.closeSync();
      }
    }
    // From the cache of DuckDB itself, which refuses a file that somebody else in this process has open in another way.
    return instances.fromCache(this.#path, { ...options, access_mode: this.writes ? 'READ_WRITE' : 'READ_ONLY' });
  }
}

/** With so much, INSERTs are as fast as with more; wide rows may need it. */
const stagingMegabytes = 75;
const stagingShare = 3 / 8;
const defaultMegabytes = 200;
/** While rows are put into a table, or read from one, some blocks of each of its columns have to be in memory at once; a nested one is kept as several. */
const columnMegabytes = 1.25;

/** So many columns keep the values of the type: its own, and those of what is in it. */
function columnsIn(type: DuckDBType): number {
  const inside = type as { readonly valueType?: DuckDBType; readonly keyType?: DuckDBType; readonly entryTypes?: readonly DuckDBType[] };
  const within = [inside.keyType, inside.valueType, ...(inside.entryTypes ?? [])].filter((one) => one !== undefined);
  return within.reduce((sum, one) => sum + columnsIn(one) + nestedMore, 1);
}

/** Lists have several values a row, and their blocks are larger by as much. */
export const nestedMore = 2;

/** A column of an answer. */
export interface Field {
  readonly name: string;
  readonly type: DuckDBType;
}

/** Between its uses it holds nothing. */
export class DuckdbSession implements Session {
  readonly root: string;
  /** Rows of its transaction that are on their way. Whatever it is asked finds them in their tables. */
  readonly spool = new Spool((sql) => this.#inserted(sql));
  readonly #scratch: Scratch | undefined;
  #file: DuckdbFile | undefined;
  #connection: DuckDBConnection | undefined;
  #writing: string | undefined;
  /** Gives the turn to who waits for it. */
  #turn: (() => void) | undefined;
  #hasAll = false;
  #broken = false;
  #damaged = false;
  /** Statements that have not answered yet. */
  readonly #atWork = new Set<Promise<unknown>>();

  constructor({ root, scratch }: Pick<Connecting, 'root' | 'scratch'>) {
    this.root = root;
    this.#scratch = scratch;
  }

  /** Where rows lie on their way. */
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
    // Nobody has waited for it: it broke, or was left in the middle of something.
    const ended = this.spool.dropped().then(() => Promise.allSettled(this.#atWork));
    void this.#interrupted(connection, ended, file.clock).then(over);
  }

  /** Until it has ended: DuckDB forgets an interrupt that comes before the statement has begun. */
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

  /** Nobody is at the other end who could have gone. */
  get hasAnswered(): boolean {
    return false;
  }

  /** Nobody else has it open for writing, and it is on this machine. */
  get isRemote(): boolean {
    return this.#file?.isRemote ?? false;
  }

  /** Of others: those who may write rows below what is the newest now. */
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
    const sql = together(statements);
    await this.#asked(sql, (connection) => connection.run(sql));
  }

  async begin(of: Transaction, signal?: AbortSignal): Promise<void> {
    const { mode, label, stages, undone } = of;
    if (mode === 'write' && !undone && this.#file?.isStandIn) await this.#make(this.#file);
    if (!stages) await this.#takeAll();
    if (mode === 'write' && !stages) {
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

  /** Who writes first makes the file. */
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

  /** What everybody else sees by now: a SELECT outside of the transaction of this session. */
  async beside(sql: string): Promise<readonly Row[]> {
    const rows = this.#file?.beside(async (connection) => rowsOf(await connection.runAndReadAll(sql)));
    const found = await rows?.catch((error: unknown) => {
      throw databaseError(error);
    });
    if (found === undefined) throw new DatabaseError('the connection was closed', { code: '', isLost: true });
    return found;
  }

  /** The columns that a SELECT would answer. */
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

  /** Rows of so many columns are going to pass: DuckDB may need more memory for them than by default. */
  async meets(columns: number): Promise<void> {
    await this.#file?.meets(columns);
  }

  /** Of names in a query: the first that is a file of the folder that hygge was started in, which DuckDB takes before one of the workspace. */
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

  /** Ends the statement that is at work; its transaction is lost. */
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

  /** What its transaction still asks needs no more memory than staging does. */
  async takeLittle(): Promise<void> {
    if (this.#hasAll && this.#file) this.#file.others--;
    this.#hasAll = false;
    if (this.#file?.others === 0) await this.#file.limit('for staging');
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

  async #inserted(sql: string): Promise<number> {
    const insert = async () => (await this.#answered(sql, (connection) => connection.run(sql))).rowsChanged;
    return this.#file === undefined ? insert() : this.#file.insert(insert);
  }

  async #answered<T>(sql: string, ask: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.#connection === undefined || this.#broken) throw new DatabaseError('the connection was closed', { code: '', isLost: true });
    const asked = ask(this.#connection);
    this.#atWork.add(asked);
    try {
      return await asked;
    } catch (error) {
      const told = databaseError(error).of(sql, lexis);
      // The instance answers nothing any more until it is opened anew.
      if (told.code === 'FATAL' || told.code === 'INTERNAL') {
        this.#broken = true;
        this.#damaged = true;
      }
      // It does not give back all that it had taken: what comes next would fail for want of memory as well.
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
