/** Connections to a file of SQLite, each a thread. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pooling, Pools } from '../../engine/contracts/pools.ts';
import { type Address, type Connecting, DatabaseError, type Row, type Session, together } from '../engine.ts';
import type { Piece, ReadRequest } from './decode.ts';
import { beginWriting } from './dialect.ts';
import type { WriteRequest } from './encode.ts';
import { codeOf, explain, valueRefused } from './errors.ts';
import type { SqliteKeys } from './keys.ts';
import type { Answer, Field, Opened, Question } from './thread.ts';

/** A file of this machine: it is the same whoever asks. */
export function address({ path }: SqliteKeys): Address {
  return { server: '', database: path, identity: '' };
}

export function connecting(
  { path: written, busy_timeout: seconds }: SqliteKeys,
  { root, creates, pools }: Connecting,
): Pick<Pooling<SqliteSession>, 'open' | 'close' | 'writing'> {
  const path = resolve(root, written);
  let makes = creates ?? false;
  return {
    async open() {
      try {
        if (makes) await mkdir(dirname(path), { recursive: true });
        else await stat(path);
        const session = await startSession(path, { busyMs: seconds * 1000, turns: turnsOf(pools, path) });
        try {
          // What is wrong with the file shows at the first look into it.
          await session.query('SELECT count(*) AS n FROM sqlite_schema');
        } catch (error) {
          await session.close();
          throw error;
        }
        return session;
      } catch (error) {
        throw explain(asDatabaseError(error), { place: `sqlite ${path}`, doing: 'connect' });
      }
    },
    // Who settles there makes the file.
    writing: () => {
      makes = true;
    },
    close: (session) => session.close(),
  };
}

function asDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  return new DatabaseError(message, { code, cause: error });
}

/**
 * Of a process one writes to a file at a time: attempts of a run wait here for as long as the one before takes, and only for other programs as long as
 * `busy_timeout` says.
 */
class Turns {
  #last: Promise<void> = Promise.resolve();

  async take(): Promise<() => void> {
    const before = this.#last;
    let done: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  }
}

const writingTurns = new WeakMap<Pools, Map<string, Turns>>();

function turnsOf(pools: Pools, path: string): Turns {
  const files = writingTurns.get(pools) ?? new Map<string, Turns>();
  writingTurns.set(pools, files);
  const turns = files.get(path) ?? new Turns();
  files.set(path, turns);
  return turns;
}

async function startSession(path: string, of: { readonly busyMs: number; readonly turns: Turns }): Promise<SqliteSession> {
  const { connectionOfHygge, url } = await import('./thread.ts');
  const workerData: Opened = { as: connectionOfHygge, path, busyMs: of.busyMs };
  // Of Node 22, SQLite is experimental, and says so to whoever looks at the terminal.
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  return new SqliteSession(new Worker(new URL(url), { workerData, execArgv, name: 'hygge sqlite' }), of.turns);
}

type Answered<K extends string> = Extract<Answer, { readonly [key in K]: unknown }>;

export class SqliteSession implements Session {
  readonly #thread: Worker;
  readonly #turns: Turns;
  #asked: ((answer: Answer) => void) | undefined;
  #turnOver: (() => void) | undefined;
  #broken = false;
  #answered = false;

  constructor(thread: Worker, turns: Turns) {
    this.#thread = thread;
    this.#turns = turns;
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
    const text = together(sql);
    if (text === beginWriting) this.#turnOver = await this.#turns.take();
    try {
      await this.#ask<'rows'>({ kind: 'run', sql: text, values: [] });
    } catch (error) {
      if (text === beginWriting) this.#giveTurn();
      throw error;
    }
    if (text === 'COMMIT' || text === 'ROLLBACK') this.#giveTurn();
  }

  /** What a statement answers, without running it. */
  async fields(sql: string): Promise<readonly Field[]> {
    return (await this.#ask<'fields'>({ kind: 'fields', sql, values: [] })).fields;
  }

  /** Rows of a statement, in pieces; nothing else may be asked until the last of them has come, or nobody wants more. */
  async *pieces(read: ReadRequest): AsyncGenerator<Piece> {
    await this.#ask<'rows'>({ kind: 'read', read });
    let coming = this.#next();
    try {
      for (;;) {
        const { piece } = await coming;
        if (!piece.done) {
          coming = this.#next();
          // It is waited for after what is done with this one.
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

  /** Rows into a table; the bytes are used no more. @returns how many. */
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
    this.#giveTurn();
    await this.#thread.terminate();
  }

  /** One at a time: a connection has one user. */
  async #ask<K extends 'rows' | 'fields' | 'piece'>(question: Question, transfer: readonly ArrayBuffer[] = []): Promise<Answered<K>> {
    if (this.#broken) throw lost('the connection was lost');
    this.#thread.ref();
    const answer = await new Promise<Answer>((settle) => {
      this.#asked = settle;
      this.#thread.postMessage(question, transfer);
    });
    if ('refused' in answer) throw valueRefused(question.kind === 'write' ? question.write.table : '', answer.refused);
    if (!('failed' in answer)) {
      this.#answered = true;
      return answer as Answered<K>;
    }
    throw this.#broken ? lost(answer.failed) : new DatabaseError(answer.failed, { code: codeOf(answer.errcode) });
  }

  #settle(answer: Answer): void {
    this.#thread.unref();
    const settle = this.#asked;
    this.#asked = undefined;
    settle?.(answer);
  }

  #giveTurn(): void {
    this.#turnOver?.();
    this.#turnOver = undefined;
  }

  #end(why: string): void {
    this.#broken = true;
    this.#giveTurn();
    this.#settle({ failed: why, errcode: 0 });
  }
}

const lost = (why: string): DatabaseError => new DatabaseError(why, { code: '', isLost: true });

/** `$1` as SQLite numbers its parameters; what is in quotes stays. */
function numbered(sql: string): string {
  return sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/g, (part, n: string | undefined) => (n === undefined ? part : `?${n}`));
}
