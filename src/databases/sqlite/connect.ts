/** Connections to a file of SQLite, each in its own thread. */
import { access, constants, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pooling, Pools } from '../../engine/contracts/pools.ts';
import type { ConnectionError } from '../../errors/hygge-error.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import { type Address, type ConnectOptions, DatabaseError, joinedStatements, type Row, type Session, type Transaction } from '../engine.ts';
import type { DecodedPiece, ReadRequest } from './decode.ts';
import { beginnings, purposeOf } from './dialect.ts';
import type { WriteRequest } from './encode.ts';
import { codeOf, explain, logUnread, valueRefused } from './errors.ts';
import type { SqliteKeys } from './keys.ts';
import { sqliteSyntax } from './syntax.ts';
import type { Answer, Field, OpenRequest, Question } from './thread.ts';

/** The address of a database file on this machine. The address does not depend on the account. */
export function address({ path }: SqliteKeys): Address {
  return { server: '', database: path, identity: '' };
}

export function connecting(
  { path: written, busy_timeout: seconds }: SqliteKeys,
  { root, createsFile, pools }: ConnectOptions,
): Pick<Pooling<SqliteSession>, 'open' | 'close' | 'writing'> {
  const path = resolve(root, written);
  let makes = createsFile ?? false;
  return {
    async open() {
      try {
        if (!makes) await stat(path);
        const session = await startSession({ path, busyMs: seconds * 1000, makes }, await fileOf(pools, path));
        try {
          // The first read fails if the file is faulty.
          await session.query('SELECT count(*) AS n FROM sqlite_schema');
        } catch (error) {
          await session.close();
          throw error;
        }
        return session;
      } catch (error) {
        const said = asDatabaseError(error);
        throw (await logRefused(said, path)) ?? explain(said, { place: `sqlite ${path}`, doing: 'connect' });
      }
    },
    // A store makes the file if it does not exist.
    writing: () => {
      makes = true;
    },
    close: (session) => session.close(),
  };
}

/** The error for a file whose log can’t be read. Readers of a log have to write other files to the folder of the database. Null: the file has no log, or the folder can be written to. */
async function logRefused(said: DatabaseError, path: string): Promise<ConnectionError | null> {
  if (said.code !== 'SQLITE_CANTOPEN' && said.code !== 'SQLITE_READONLY') return null;
  try {
    await using file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, versionsAt);
    if (buffer[1] !== versionWithLog) return null;
  } catch {
    return null;
  }
  const mayWrite = await access(`${dirname(path)}/.`, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (mayWrite) return null;
  const isThere = await stat(`${path}-wal`).then(
    ({ size }) => size > 0,
    () => false,
  );
  return logUnread(said, path, isThere);
}

/** The position of two bytes in the header of a file, which are the versions of its format for writing and for reading. See https://www.sqlite.org/fileformat.html */
const versionsAt = 18;
const versionWithLog = 2;

function asDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  return new DatabaseError(message, { code, cause: error });
}

/**
 * A database file that all connections of a process share. Only one connection writes at a time. A later attempt of a run waits for the attempt before it,
 * without a limit. Only the wait for other programs is limited, by `busy_timeout`.
 */
class SharedFile {
  /** Whether the file has a log. Readers of such a file do not block writers. */
  hasLog = false;
  readonly #turns = new Semaphore(1);
  #readers = 0;
  #free: (() => void)[] = [];

  get isRead(): boolean {
    return this.#readers > 0;
  }

  /** Records that a reading transaction begins. @returns a function that records its end. */
  read(): () => void {
    this.#readers++;
    return () => {
      this.#readers--;
      if (this.#readers === 0) for (const go of this.#free.splice(0)) go();
    };
  }

  /** Waits until no session of this process reads the file. */
  async unread(): Promise<void> {
    if (this.isRead) await new Promise<void>((go) => this.#free.push(go));
  }

  /** Waits until this session may write. @returns a function that lets the next session write. */
  take(signal?: AbortSignal): Promise<() => void> {
    return this.#turns.take(signal);
  }
}

const sharedFiles = new WeakMap<Pools, Map<string, SharedFile>>();

/** The file’s object in this process, even if the file was opened by another path. */
async function fileOf(pools: Pools, path: string): Promise<SharedFile> {
  const inFolder = async () => join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
  const real = await realpath(path).catch(inFolder);
  const files = sharedFiles.get(pools) ?? new Map<string, SharedFile>();
  sharedFiles.set(pools, files);
  const file = files.get(real) ?? new SharedFile();
  files.set(real, file);
  return file;
}

async function startSession(of: Omit<OpenRequest, 'as'>, file: SharedFile): Promise<SqliteSession> {
  const { connectionOfHygge, url } = await import('./thread.ts');
  const workerData: OpenRequest = { as: connectionOfHygge, ...of };
  // SQLite is experimental in Node 22, so Node would print a warning to the terminal.
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  return new SqliteSession(new Worker(new URL(url), { workerData, execArgv, name: 'hygge sqlite' }), file);
}

type Answered<K extends string> = Extract<Answer, { readonly [key in K]: unknown }>;

export class SqliteSession implements Session {
  readonly #thread: Worker;
  readonly #file: SharedFile;
  #asked: ((answer: Answer) => void) | undefined;
  /** Removes the record of the open transaction from the shared file. */
  #over: (() => void) | undefined;
  #broken = false;
  #answered = false;

  constructor(thread: Worker, file: SharedFile) {
    this.#thread = thread;
    this.#file = file;
    thread.unref();
    thread.on('message', (answer: Answer) => this.#settle(answer));
    thread.on('error', (error) => this.#end(String(error)));
    thread.on('exit', () => this.#end('its thread ended'));
  }

  get isBroken(): boolean {
    return this.#broken;
  }

  get hasAnswered(): boolean {
    return this.#answered;
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#ask<'rows'>({ kind: 'query', sql: numbered(sql), values });
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value == null ? null : String(value)])));
  }

  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    return (await this.#ask<'rows'>({ kind: 'execute', sql: numbered(sql), values })).changes;
  }

  async run(sql: string | readonly string[]): Promise<void> {
    await this.#ask<'rows'>({ kind: 'run', sql: joinedStatements(sql), values: [] });
  }

  async begin(of: Transaction, signal?: AbortSignal): Promise<void> {
    const purpose = purposeOf(of);
    this.#over = purpose === 'reading' ? this.#file.read() : await this.#file.take(signal);
    try {
      await this.#ask<'rows'>({ kind: 'begin', sql: beginnings[purpose], values: [], purpose });
    } catch (error) {
      this.#isOver();
      throw error;
    }
  }

  async commit(): Promise<void> {
    await this.run('COMMIT');
    this.#isOver();
  }

  async rollback(): Promise<void> {
    await this.run('ROLLBACK');
    this.#isOver();
  }

  /**
   * Makes the file if it does not exist, and sets up its log (WAL). SQLite refuses to set up the log while the file is read, so this method waits for the
   * readers of this process, without a limit. Called outside of a transaction, by a session that does not read the file.
   */
  async makeReady(): Promise<void> {
    while (!this.#file.hasLog) {
      const [{ journal_mode: mode } = {}] = await this.query('PRAGMA journal_mode');
      if (mode !== 'wal') await this.#file.unread();
      const over = await this.#file.take();
      try {
        await this.#ask<'rows'>({ kind: 'log', sql: '', values: [] });
        this.#file.hasLog = true;
      } catch (error) {
        const isBusy = error instanceof DatabaseError && error.code === 'SQLITE_BUSY';
        if (!isBusy || !this.#file.isRead) throw error;
      } finally {
        over();
      }
    }
  }

  /** Describes the result of a statement without running the statement. */
  async fields(sql: string): Promise<readonly Field[]> {
    return (await this.#ask<'fields'>({ kind: 'fields', sql, values: [] })).fields;
  }

  /** Reads the rows of a statement in pieces. The session accepts no other statement until the last piece has arrived, or the reader has stopped. */
  async *pieces(read: ReadRequest): AsyncGenerator<DecodedPiece> {
    await this.#ask<'rows'>({ kind: 'read', read });
    let coming = this.#next();
    try {
      for (;;) {
        const { piece } = await coming;
        if (!piece.done) {
          coming = this.#next();
          // An error of the next piece is thrown after the current piece has been used.
          coming.catch(() => undefined);
        }
        yield piece;
        if (piece.done) return;
      }
    } finally {
      await coming.catch(() => undefined);
      if (!this.#broken) await this.#ask<'rows'>({ kind: 'stop', sql: '', values: [] });
    }
  }

  #next(): Promise<Answered<'piece'>> {
    return this.#ask<'piece'>({ kind: 'next', sql: '', values: [] });
  }

  /** Inserts rows into a table. The bytes of the rows can’t be used afterwards. @returns the number of rows. */
  async write(write: WriteRequest): Promise<number> {
    return (await this.#ask<'rows'>({ kind: 'write', write }, [write.ipc.buffer as ArrayBuffer])).changes;
  }

  destroy(): void {
    this.#end('it was ended');
    void this.#thread.terminate();
  }

  async close(): Promise<void> {
    if (!this.#broken) await this.#ask<'rows'>({ kind: 'close', sql: '', values: [] }).catch(() => undefined);
    this.#broken = true;
    this.#isOver();
    await this.#thread.terminate();
  }

  /** Sends one request to the thread. Requests come one at a time, because a connection has only one user. */
  async #ask<K extends 'rows' | 'fields' | 'piece'>(question: Question, transfer: readonly ArrayBuffer[] = []): Promise<Answered<K>> {
    if (this.#broken) throw lost('the connection was lost');
    this.#thread.ref();
    const answer = await new Promise<Answer>((settle) => {
      this.#asked = settle;
      this.#thread.postMessage(question, transfer);
    });
    if ('refused' in answer) throw valueRefused(answer.refused);
    if (!('failed' in answer)) {
      this.#answered = true;
      return answer as Answered<K>;
    }
    const failed = this.#broken ? lost(answer.failed) : new DatabaseError(answer.failed, { code: codeOf(answer) });
    throw 'sql' in question ? failed.withStatement(question.sql, sqliteSyntax) : failed;
  }

  #settle(answer: Answer): void {
    this.#thread.unref();
    const settle = this.#asked;
    this.#asked = undefined;
    settle?.(answer);
  }

  #isOver(): void {
    this.#over?.();
    this.#over = undefined;
  }

  #end(why: string): void {
    this.#broken = true;
    this.#isOver();
    this.#settle({ failed: why, errcode: 0 });
  }
}

const lost = (why: string): DatabaseError => new DatabaseError(why, { code: '', isLost: true });

/** Replaces `$1` by SQLite’s parameters, except in quoted text. */
function numbered(sql: string): string {
  return sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/g, (part, n: string | undefined) => (n === undefined ? part : `?${n}`));
}
