/** Connections to a file of SQLite, each a thread. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pooling } from '../../engine/contracts/pools.ts';
import { type Address, type Connecting, DatabaseError, type Row, type Session, together } from '../engine.ts';
import { codeOf, explain } from './errors.ts';
import type { SqliteKeys } from './keys.ts';
import type { Answer, Opened, Question } from './thread.ts';

/** A file of this machine: it is the same whoever asks. */
export function address({ path }: SqliteKeys): Address {
  return { server: '', database: path, identity: '' };
}

export function connecting(
  { path: written, busy_timeout: seconds }: SqliteKeys,
  { root, creates }: Connecting,
): Pick<Pooling<SqliteSession>, 'open' | 'close'> {
  const path = resolve(root, written);
  return {
    async open() {
      try {
        if (creates) await mkdir(dirname(path), { recursive: true });
        else await stat(path);
        const session = await startSession(path, seconds * 1000);
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
    close: (session) => session.close(),
  };
}

function asDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  return new DatabaseError(message, { code, cause: error });
}

async function startSession(path: string, busyMs: number): Promise<SqliteSession> {
  const { connectionOfHygge, url } = await import('./thread.ts');
  const workerData: Opened = { as: connectionOfHygge, path, busyMs };
  // Of Node 22, SQLite is experimental, and says so to whoever looks at the terminal.
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  return new SqliteSession(new Worker(new URL(url), { workerData, execArgv, name: 'hygge sqlite' }));
}

export class SqliteSession implements Session {
  readonly #thread: Worker;
  #asked: ((answer: Answer) => void) | undefined;
  #broken = false;
  #answered = false;

  constructor(thread: Worker) {
    this.#thread = thread;
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
    const { rows } = await this.#ask({ kind: 'query', sql: numbered(sql), values });
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value == null ? null : String(value)])));
  }

  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    return (await this.#ask({ kind: 'execute', sql: numbered(sql), values })).changes;
  }

  async run(sql: string | readonly string[]): Promise<void> {
    await this.#ask({ kind: 'run', sql: together(sql), values: [] });
  }

  destroy(): void {
    this.#broken = true;
    void this.#thread.terminate();
  }

  async close(): Promise<void> {
    if (!this.#broken) await this.#ask({ kind: 'close', sql: '', values: [] }).catch(() => undefined);
    this.#broken = true;
    await this.#thread.terminate();
  }

  /** One at a time: a connection has one user. */
  async #ask(question: Question): Promise<Extract<Answer, { rows: unknown }>> {
    if (this.#broken) throw lost('the connection was lost');
    this.#thread.ref();
    const answer = await new Promise<Answer>((settle) => {
      this.#asked = settle;
      this.#thread.postMessage(question);
    });
    if (!('failed' in answer)) {
      this.#answered = true;
      return answer;
    }
    throw this.#broken ? lost(answer.failed) : new DatabaseError(answer.failed, { code: codeOf(answer.errcode) });
  }

  #settle(answer: Answer): void {
    this.#thread.unref();
    const settle = this.#asked;
    this.#asked = undefined;
    settle?.(answer);
  }

  #end(why: string): void {
    this.#broken = true;
    this.#settle({ failed: why, errcode: 0 });
  }
}

const lost = (why: string): DatabaseError => new DatabaseError(why, { code: '', isLost: true });

/** `$1` as SQLite numbers its parameters; what is in quotes stays. */
function numbered(sql: string): string {
  return sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/g, (part, n: string | undefined) => (n === undefined ? part : `?${n}`));
}
