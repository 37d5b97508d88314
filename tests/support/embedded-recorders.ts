/** What databases in this very process are asked, as their own libraries are called: whatever hygge has between itself and them. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import type { Worker, WorkerOptions } from 'node:worker_threads';
import type { SentStatement } from './statement-golden.ts';

export interface EmbeddedRecorder extends Disposable {
  readonly sent: readonly SentStatement[];
}

type Method = (this: object, ...args: unknown[]) => unknown;

/** Until it is disposed of, it records the calls of every connection to DuckDB. */
export async function recordDuckdb(): Promise<EmbeddedRecorder & { without<T>(work: () => Promise<T>): Promise<T> }> {
  const { DuckDBConnection } = await import('@duckdb/node-api');
  const sent: SentStatement[] = [];
  const prototype = DuckDBConnection.prototype as unknown as Record<string, Method>;
  const names = [
    'run',
    'runAndRead',
    'runAndReadAll',
    'runAndReadUntil',
    'stream',
    'streamAndReadAll',
    'prepare',
    'createAppender',
    'start',
  ];
  const originals = names.flatMap((name) => (prototype[name] === undefined ? [] : [[name, prototype[name]] as const]));
  let depth = 0;
  let isOff = false;
  for (const [name, original] of originals)
    prototype[name] = function (...args) {
      // The library calls some of its methods by others, before it waits for anything.
      if (depth === 0 && !isOff) {
        const [sql, values] = args;
        sent.push({ sql: `${name === 'createAppender' ? 'appender of ' : ''}${sql}`, values: Array.isArray(values) ? values : [] });
      }
      depth++;
      try {
        return original.apply(this, args);
      } finally {
        depth--;
      }
    };
  return {
    sent,
    async without(work) {
      isOff = true;
      return work().finally(() => {
        isOff = false;
      });
    },
    [Symbol.dispose]() {
      for (const [name, original] of originals) prototype[name] = original;
    },
  };
}

/**
 * Until it is disposed of, threads that are started load a recorder first, which writes down what SQLite is asked in them.
 * @param folder for the record.
 */
export function recordSqlite(folder: string): EmbeddedRecorder {
  const record = join(folder, 'statements.ndjson');
  const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker };
  const original = threads.Worker;
  threads.Worker = class extends original {
    constructor(url: string | URL, options: WorkerOptions = {}) {
      const { execArgv = [], workerData } = options;
      const recorder = new URL('./sqlite-thread-recorder.ts', import.meta.url);
      super(url, { ...options, execArgv: [...execArgv, '--import', recorder.href], workerData: { ...workerData, record } });
    }
  };
  syncBuiltinESMExports();
  return {
    get sent() {
      if (!existsSync(record)) return [];
      return readFileSync(record, 'utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as SentStatement]));
    },
    [Symbol.dispose]() {
      threads.Worker = original;
      syncBuiltinESMExports();
    },
  };
}
