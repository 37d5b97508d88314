/** One DuckDB file in this process: how the file is opened, which sessions use it, and how much memory DuckDB may use. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Pools } from '../../engine/contracts/pools.ts';
import { settingIn } from '../../errors/unresolved-setting.ts';
import { makeFolders } from '../../filesystems/disk/make-folders.ts';
import type { Clock } from '../../ports/clock.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import type { ConnectOptions } from '../engine.ts';
import { notInstalled } from './errors.ts';
import { type DuckdbKeys, inMegabytes, inMemory, isOfMotherDuck } from './keys.ts';
import { cutToCommits, endOfCommits } from './spool.ts';

/** How long a file stays open after its last use. The next step of a run usually comes soon, but other programs may wait for the file. */
const lingerMs = 1_000;

/** The open files, by the pools of a process. DuckDB silently opens a file twice in one process. In that case neither instance knows what the other instance writes. */
const openFiles = new WeakMap<Pools, Map<string, DuckdbFile>>();

/** The open file of this process, even if it was opened by another path. */
export async function fileOf(keys: DuckdbKeys, around: ConnectOptions): Promise<DuckdbFile> {
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

/** The path without links. If the file does not exist yet, only the path of its folder is resolved. */
async function real(path: string): Promise<string> {
  const folder = async () => join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
  return realpath(path).catch(folder);
}

/** A writing transaction that is open in this process. No other process can have such a transaction. */
export interface Writer {
  readonly id: string;
  /** When the transaction began, as a canonical instant. */
  readonly since: string;
  readonly label: string;
}

/** One DuckDB file. Until a session of this process is going to write, the file is open read-only, so that other programs can read the file as well. */
export class DuckdbFile {
  /** A session writes to the file, or soon will. */
  writes = false;
  readonly writers = new Map<string, Writer>();
  /** The number of open transactions that do more than insert staged rows. */
  others = 0;
  readonly #inserts = new Semaphore(1);
  /** The memory limit in megabytes. */
  #limit: number | undefined;
  /** The number of columns of the widest table so far. */
  #widest = 0;
  readonly isRemote: boolean;
  readonly #path: string;
  readonly #isFile: boolean;
  readonly #keys: DuckdbKeys;
  readonly #around: ConnectOptions;
  #opened: { readonly instance: DuckDBInstance; readonly writes: boolean; readonly isStandIn: boolean } | undefined;
  #users = 0;
  /** DuckDB answers no more statements, or has lost memory. The file is opened again after its last session has ended. */
  #isDamaged = false;
  #turn: Promise<void> = Promise.resolve();
  readonly #changing = new Semaphore(1);
  #freed: () => void = () => undefined;
  #lingering = new AbortController();
  #begun = 0;

  constructor(path: string, isFile: boolean, keys: DuckdbKeys, around: ConnectOptions) {
    this.#path = path;
    this.#isFile = isFile;
    this.isRemote = isOfMotherDuck(path);
    this.#keys = keys;
    this.#around = around;
  }

  get clock(): Clock {
    return this.#around.clock;
  }

  /** The file does not exist yet, so reads find an empty database until the first write. */
  get isStandIn(): boolean {
    return this.#opened?.isStandIn === true;
  }

  /** Opens a connection to the file. Only one request is served at a time, so that a request for another mode is not overtaken forever. */
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

  /** Runs queries over another connection than the session’s own. Undefined: the file is closed. */
  async beside<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T | undefined> {
    if (this.#opened === undefined) return undefined;
    const connection = await this.#connected(this.#opened.instance);
    try {
      return await work(connection);
    } finally {
      this.leave(connection, false);
    }
  }

  /** Closes a connection. If one of its statements were still running, DuckDB would use freed memory, and the process would crash. */
  leave(connection: DuckDBConnection, isDamaged: boolean): void {
    connection.closeSync();
    this.#isDamaged ||= isDamaged;
    this.#left();
  }

  /** A session that is about to connect counts as a user, so that the file stays open meanwhile. */
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

  /** Closes the file if no session uses it. */
  letGo(): void {
    this.#lingering.abort();
    if (this.#users > 0) return;
    this.#opened?.instance.closeSync();
    this.#opened = undefined;
    this.#isDamaged = false;
  }

  /**
   * Waits for the turn of a transaction that changes tables or heads that other transactions may also change. A transaction sees the file as of its beginning,
   * so the second of two concurrent transactions would be refused at its end. @returns a function that lets the next transaction begin.
   */
  turn(signal?: AbortSignal): Promise<() => void> {
    return this.#changing.take(signal);
  }

  /**
   * Runs the INSERT of staged rows. Only one INSERT runs at a time, because each INSERT uses all processors, and memory for each processor. DuckDB would keep
   * written data in memory up to the limit, without a benefit. @param ofMemory the rows were decoded into frames, whose memory is free now.
   */
  async insert<T>(work: () => Promise<T>, ofMemory: boolean): Promise<T> {
    return this.#inserts.run(async () => {
      if (this.others === 0) await this.limit('for staging', ofMemory);
      return work();
    });
  }

  /**
   * Sets how much memory DuckDB may use from now on. Setting the limit also makes DuckDB free unused heap of the whole process, including the heap of frames.
   * Otherwise that heap grows from batch to batch. So staging sets the limit before each batch of frames, even if the limit stays the same.
   */
  async limit(much: 'for staging' | 'whole', givesBack = false): Promise<void> {
    const whole = this.#most;
    const wanted = much === 'whole' ? whole : Math.min(whole, Math.max(stagingMegabytes, whole * stagingShare, this.#needed));
    if (this.isRemote || this.#opened === undefined) return;
    if (!givesBack && wanted === this.#limit) return;
    this.#limit = wanted;
    try {
      await this.beside((connection) => connection.run(`SET memory_limit = '${wanted}MB'`));
    } catch {
      // DuckDB can’t free enough of the memory in use, so the limit stays unchanged.
      this.#limit = undefined;
    }
  }

  /** Announces that rows of so many columns are read or written from now on. */
  async meets(columns: number): Promise<void> {
    if (columns <= this.#widest) return;
    this.#widest = columns;
    if ((this.#limit ?? 0) < Math.min(this.#most, this.#needed)) await this.limit('whole');
  }

  get #needed(): number {
    return this.#widest * columnMegabytes;
  }

  /** The most memory that DuckDB may use. A limit in the config is kept. Without such a limit, wide tables get more memory. */
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
    // Closing a database in memory loses its contents, so the database first stays open for a while.
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
      // Settled rows have no order, and keeping an order would need memory.
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
      // Other programs can’t write to the file while this process has the file open. Opening the file read-only changes nothing in it.
      const reading = await instances.create(this.#path, { ...options, access_mode: 'READ_ONLY' });
      try {
        await cutToCommits(this.#path);
      } finally {
        reading.closeSync();
      }
    }
    // The instance comes from DuckDB’s own cache of instances, which refuses a file that is open in this process with other settings.
    return instances.fromCache(this.#path, { ...options, access_mode: this.writes ? 'READ_WRITE' : 'READ_ONLY' });
  }
}

/** The memory for staging in megabytes. INSERTs are not faster with more memory, but wide rows may need more. */
const stagingMegabytes = 75;
const stagingShare = 3 / 8;
const defaultMegabytes = 200;
/** The memory for one column in megabytes. While rows are inserted or read, some blocks of each column must be in memory at once. A nested column has several physical columns. */
const columnMegabytes = 1.25;
