/** One connection to a file of SQLite, in a thread: its calls block, and waiting for a lock does too. */
import { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';

/** Where this module is: what a thread starts with. Loaded anywhere else it does nothing. */
export const url = import.meta.url;
export const connectionOfHygge = 'connection of hygge to SQLite';

/** What a thread starts with. */
export interface Opened {
  readonly as: typeof connectionOfHygge;
  readonly path: string;
  readonly busyMs: number;
}

export interface Question {
  readonly kind: 'query' | 'execute' | 'run' | 'close';
  readonly sql: string;
  readonly values: readonly (string | null)[];
}

/** `errcode`: SQLite's own; 0: it comes from elsewhere. */
export type Answer =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly changes: number }
  | { readonly failed: string; readonly errcode: number };

if (parentPort !== null && isOpened(workerData)) serve(parentPort, workerData);

function isOpened(data: unknown): data is Opened {
  return typeof data === 'object' && data !== null && (data as Partial<Opened>).as === connectionOfHygge;
}

function serve(port: MessagePort, { path, busyMs }: Opened): void {
  let database: DatabaseSync | undefined;
  const opened = (): DatabaseSync => {
    if (database !== undefined) return database;
    const opening = new DatabaseSync(path);
    try {
      // Who commits has it on the disk: a state that forgot would read rows again, or not at all.
      opening.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA synchronous = FULL`);
      useLog(opening, busyMs);
    } catch (error) {
      opening.close();
      throw error;
    }
    database = opening;
    return database;
  };
  port.on('message', (question: Question) => {
    port.postMessage(answered(question, opened));
    if (question.kind !== 'close') return;
    database?.close();
    port.close();
  });
}

const busy = 5;
const pauseMs = 20;

/** For this one change SQLite does not wait: of several that open a new file at once, all but one are told that it is busy. */
function useLog(database: DatabaseSync, busyMs: number): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const { errcode = 0 } = error as { readonly errcode?: number };
      if (errcode % 256 !== busy || waitedMs >= busyMs) throw error;
      Atomics.wait(pause, 0, 0, pauseMs);
    }
  }
}

const nothing: Answer = { rows: [], changes: 0 };

function answered({ kind, sql, values }: Question, opened: () => DatabaseSync): Answer {
  try {
    if (kind === 'close') return nothing;
    if (kind === 'run') {
      opened().exec(sql);
      return nothing;
    }
    const statement = opened().prepare(sql);
    statement.setReadBigInts(true);
    if (kind === 'query') return { rows: statement.all(...values), changes: 0 };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  } catch (error) {
    const { message = String(error), errcode = 0 } = error as { readonly message?: string; readonly errcode?: number };
    return { failed: message, errcode };
  }
}
