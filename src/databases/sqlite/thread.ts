/** One connection to a SQLite file, in a thread of its own. Calls of SQLite block their thread, also while they wait for a lock. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { makeFolders } from '../../filesystems/disk/make-folders.ts';
import type { DecodedPiece, ReadRequest, RowReader } from './decode.ts';
import { noLog, type Purpose } from './dialect.ts';
import type { WriteRequest } from './encode.ts';

/** The path of this module, for starting a thread. If the module is loaded outside of such a thread, it does nothing. */
export const url = import.meta.url;
export const connectionOfHygge = 'connection of hygge to SQLite';

/** The data that a thread starts with. */
export interface OpenRequest {
  readonly as: typeof connectionOfHygge;
  readonly path: string;
  readonly busyMs: number;
  /** The file may be made. Without a file, reads find an empty database until the first write makes the file. */
  readonly makes: boolean;
}

interface QueryRequest {
  readonly kind: 'query' | 'execute' | 'run' | 'fields' | 'close' | 'next' | 'stop' | 'log';
  readonly sql: string;
  readonly values: readonly (string | null)[];
}

export type Question =
  | QueryRequest
  | (Omit<QueryRequest, 'kind'> & { readonly kind: 'begin'; readonly purpose: Purpose })
  | { readonly kind: 'read'; readonly read: ReadRequest }
  | { readonly kind: 'write'; readonly write: WriteRequest };

/** A value that SQLite can’t store in any column. */
export interface Refused {
  readonly column: string;
  /** The number of the row in the frame, counted from 1. */
  readonly row: number;
  /** What is wrong, as the end of a sentence: `holds NaN, which …`. */
  readonly said: string;
}

/** A column of a statement’s result. */
export interface Field {
  readonly name: string;
  /** The declared type of the column. Null: the column is not a column of a table, or has no declared type. */
  readonly type: string | null;
  /** The column of a table that the result shows. Null: the result shows an expression. */
  readonly column: string | null;
}

/** An answer of the thread. `errcode`: SQLite’s own code. 0: the error has another origin, which `code` may name. */
export type Answer =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly changes: number }
  | { readonly fields: readonly Field[] }
  | { readonly piece: DecodedPiece }
  | { readonly refused: Refused }
  | { readonly failed: string; readonly errcode: number; readonly code?: string };

function isOpened(data: unknown): data is OpenRequest {
  return typeof data === 'object' && data !== null && (data as Partial<OpenRequest>).as === connectionOfHygge;
}

/** The port of a connection’s thread, through which the thread gets requests. */
export interface QuestionPort {
  on(event: 'message', listener: (question: Question) => void): unknown;
  postMessage(answer: Answer, transfer: readonly ArrayBuffer[]): void;
  close(): void;
}

/** Answers requests for a file until a request closes the file. */
export function serve(port: QuestionPort, opened: OpenRequest): void {
  const connection = new Connection(opened);
  // Requests come one at a time, because the sender waits for each answer.
  port.on('message', async (question: Question) => {
    const answer = await connection.answered(question);
    port.postMessage(answer, 'piece' in answer && answer.piece.ipc ? [answer.piece.ipc.buffer as ArrayBuffer] : []);
    if (question.kind !== 'close') return;
    connection.close();
    port.close();
  });
}

const busy = 5;
const pauseMs = 20;
const nothing: Answer = { rows: [], changes: 0 };

class Connection {
  readonly #of: OpenRequest;
  #database: DatabaseSync | undefined;
  #reader: RowReader | undefined;
  /** The file does not exist yet, so an empty database takes its place. */
  #isStandIn = false;
  #hasLog = false;

  constructor(of: OpenRequest) {
    this.#of = of;
  }

  get #opened(): DatabaseSync {
    this.#database ??= this.#open();
    return this.#database;
  }

  #open(): DatabaseSync {
    const { path, makes } = this.#of;
    this.#isStandIn = makes && !existsSync(path);
    const opening = new DatabaseSync(this.#isStandIn ? ':memory:' : path);
    try {
      // A commit must be on the disk before it is reported. If a state lost a commit, rows would be read again, or never.
      opening.exec(`PRAGMA busy_timeout = ${this.#of.busyMs}; PRAGMA synchronous = FULL`);
    } catch (error) {
      opening.close();
      throw error;
    }
    return opening;
  }

  /** Begins a transaction. The empty database is replaced by the file if the file exists now, or must be made. */
  #begin(purpose: Purpose): void {
    if (this.#opened && this.#isStandIn) {
      const { path } = this.#of;
      if (purpose === 'undone') mayMake(path);
      if (purpose === 'writing') make(path);
      if (existsSync(path)) {
        this.#database?.close();
        this.#database = undefined;
      }
    }
    // A file that is only read stays unchanged, so only writers set up the log.
    if (purpose === 'writing') this.#useLog();
  }

  async answered(question: Question): Promise<Answer> {
    try {
      if (question.kind === 'write') return await this.#written(question.write);
      if (question.kind === 'begin') {
        this.#begin(question.purpose);
        this.#opened.exec(question.sql);
        return nothing;
      }
      if (question.kind !== 'read') return this.#answer(question);
      this.#reader?.end();
      const { RowReader } = await import('./decode.ts');
      this.#reader = await RowReader.opened(this.#opened, question.read);
      return nothing;
    } catch (error) {
      const { message = String(error), errcode = 0, code } = error as Partial<Record<'message' | 'code', string>> & { errcode?: number };
      return { failed: message, errcode, ...(code === undefined ? {} : { code }) };
    }
  }

  async #written(request: WriteRequest): Promise<Answer> {
    const { RefusedValue, written } = await import('./encode.ts');
    try {
      return { rows: [], changes: await written(this.#opened, request) };
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error;
      const { column, row, message: said } = error;
      return { refused: { column, row, said } };
    }
  }

  #answer({ kind, sql, values }: QueryRequest): Answer {
    switch (kind) {
      case 'close':
        return nothing;
      case 'run':
        this.#opened.exec(sql);
        return nothing;
      case 'log':
        this.#begin('writing');
        return nothing;
      case 'fields':
        return {
          fields: this.#opened
            .prepare(sql)
            .columns()
            .map(({ name, type, column }) => ({ name, type, column })),
        };
      case 'next':
        if (this.#reader === undefined) throw new Error('nothing is read');
        return { piece: this.#reader.next() };
      case 'stop':
        this.#reader?.end();
        this.#reader = undefined;
        return nothing;
      default: {
        const statement = this.#opened.prepare(sql);
        statement.setReadBigInts(true);
        if (kind === 'query') return { rows: statement.all(...values), changes: 0 };
        return { rows: [], changes: Number(statement.run(...values).changes) };
      }
    }
  }

  #useLog(): void {
    if (this.#hasLog) return;
    // SQLite does not always wait before it sets up the log. If several connections open a new file at once, all except one may fail as busy.
    this.#opened.exec('PRAGMA busy_timeout = 0');
    try {
      this.#changeToLog();
      this.#hasLog = true;
    } finally {
      this.#opened.exec(`PRAGMA busy_timeout = ${this.#of.busyMs}`);
    }
  }

  #changeToLog(): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let waitedMs = 0; ; waitedMs += pauseMs) {
      try {
        const { journal_mode: mode } = this.#opened.prepare('PRAGMA journal_mode = WAL').get() ?? {};
        if (mode !== 'wal') throw Object.assign(new Error(`The journal mode stays ${mode}.`), { code: noLog });
        return;
      } catch (error) {
        const { errcode = 0 } = error as { readonly errcode?: number };
        if (errcode % 256 !== busy || waitedMs >= this.#of.busyMs) throw error;
        Atomics.wait(pause, 0, 0, pauseMs);
      }
    }
  }

  close(): void {
    this.#reader?.end();
    this.#database?.close();
  }
}

function make(path: string): void {
  makeFolders(dirname(path));
  new DatabaseSync(path).close();
}

/** Throws if the file can’t be made. */
function mayMake(path: string): void {
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  accessSync(`${folder}/.`, constants.W_OK | constants.X_OK);
}

if (parentPort !== null && isOpened(workerData)) serve(parentPort, workerData);
