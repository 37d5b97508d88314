/** One file of DuckDB in this process: how it is opened, who uses it, and how much memory it may take. */
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

/** So long a file stays open after its last use: the next step of a run comes soon, and other programs may wait for it. */
const lingerMs = 1_000;

/**
 * The files that are open, of the pools of a process and gone with them. DuckDB opens a file of its own process a second time without a word, and
 * each of the two then knows nothing of what the other one writes.
 */
const openFiles = new WeakMap<Pools, Map<string, DuckdbFile>>();

/** The one of this process, by whatever path it is reached. */
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

/** One file. It is opened for reading alone until a session of this process is going to write, so that other programs may read it as well. */
export class DuckdbFile {
  /** A session is going to write. */
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
  readonly #around: ConnectOptions;
  #opened: { readonly instance: DuckDBInstance; readonly writes: boolean; readonly isStandIn: boolean } | undefined;
  #users = 0;
  /** The instance answers nothing any more, or has lost memory. It is opened again when its last session has ended. */
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

  /** There is no file yet. Reads find an empty database until the first write. */
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

  /** Asks by another connection than the session's own; undefined: the file is closed. */
  async beside<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T | undefined> {
    if (this.#opened === undefined) return undefined;
    const connection = await this.#connected(this.#opened.instance);
    try {
      return await work(connection);
    } finally {
      this.leave(connection, false);
    }
  }

  /** Nothing of it may be at work: DuckDB would continue in memory that is no longer there, and the process would end. */
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

  /** Closes the file if no session uses it. */
  letGo(): void {
    this.#lingering.abort();
    if (this.#users > 0) return;
    this.#opened?.instance.closeSync();
    this.#opened = undefined;
    this.#isDamaged = false;
  }

  /**
   * The turn of a transaction that changes what other transactions may change as well. A transaction sees the file as it was when it began, so the
   * second of two at the same time would be refused at its end. @returns a function that gives the turn on.
   */
  turn(signal?: AbortSignal): Promise<() => void> {
    return this.#changing.take(signal);
  }

  /**
   * Puts staged rows in: one INSERT at a time, since each takes all the processors that there are, and memory for each of them. What it has written it
   * would keep in memory up to the limit, and gains nothing by it.
   * @param ofMemory the rows were decoded into frames, whose memory is free by now.
   */
  async insert<T>(work: () => Promise<T>, ofMemory: boolean): Promise<T> {
    return this.#inserts.run(async () => {
      if (this.others === 0) await this.limit('for staging', ofMemory);
      return work();
    });
  }

  /**
   * How much memory all of it may take from now on. Setting it also has DuckDB give back what is free in the heap of the whole process, frames among it,
   * which grows from batch to batch otherwise: so staging sets it before each batch of frames, whether or not the limit is another one.
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
      // What is in use can't be given back: it stays unchanged.
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
      // Other programs can't write to the file while this process has it open, and opening it for reading alone changes nothing in it.
      const reading = await instances.create(this.#path, { ...options, access_mode: 'READ_ONLY' });
      try {
        await cutToCommits(this.#path);
      } finally {
        reading.closeSync();
      }
    }
    // The instance comes from DuckDB's own cache, which refuses a file that is open in this process with other settings.
    return instances.fromCache(this.#path, { ...options, access_mode: this.writes ? 'READ_WRITE' : 'READ_ONLY' });
  }
}

/** With so much, INSERTs are as fast as with more; wide rows may need it. */
const stagingMegabytes = 75;
const stagingShare = 3 / 8;
const defaultMegabytes = 200;
/** While rows are put into a table, or read from one, some blocks of each of its columns have to be in memory at once; a nested one is kept as several. */
const columnMegabytes = 1.25;
