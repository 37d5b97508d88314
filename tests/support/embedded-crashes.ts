/** Databases that run in the process of hygge: their connections thrown away at a statement, and the files that a process leaves that dies there. */
import { hash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DuckDBConnection } from '@duckdb/node-api';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { findConnector } from '../../src/registry.ts';
import type { Cuttable } from './cut-commits.ts';
import { threads } from './duck.ts';
import { openingOfTests } from './postgres-home.ts';

/** Asked before each statement. */
type Rule = (statement: string) => 'before' | 'after' | undefined;

export interface Embedded {
  readonly type: 'duckdb' | 'sqlite';
  /** Of a file, the log beside it. */
  readonly log: string;
  /** How its statements are come between. @returns what ends that. */
  between(rule: Rule): () => void;
  /** By a reader of its own; nobody else has the file open. @returns the rows of each SELECT. */
  ask(path: string, ...selects: readonly string[]): Promise<readonly (readonly Readonly<Record<string, unknown>>[])[]>;
  /** SELECTs: commits, and what lies in staging. */
  readonly commits: string;
  readonly left: string;
}

const fatal = () => new Error(JSON.stringify({ exception_type: 'FATAL', exception_message: 'cut by a test' }));

/** DuckDB answers FATAL when its instance is of no use any more. */
export function betweenDuckdb(rule: Rule): () => void {
  const original = DuckDBConnection.prototype.run;
  DuckDBConnection.prototype.run = async function (...asked) {
    // What sets a connection up changes nothing.
    const how = asked[0].startsWith('SET ') ? undefined : rule(asked[0]);
    if (how === 'before') throw fatal();
    const answer = await original.apply(this, asked);
    if (how === 'after') throw fatal();
    return answer;
  };
  return () => {
    DuckDBConnection.prototype.run = original;
  };
}

/** Each connection to a file of SQLite is a thread. */
export function betweenSqlite(rule: Rule): () => void {
  const original = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, ...sent: Parameters<typeof original>) {
    const { kind = '', sql = '' } = sent[0] as { readonly kind?: string; readonly sql?: string };
    const how = kind === 'close' ? undefined : rule(`${kind} ${sql}`.trim());
    if (how === 'before') {
      void this.terminate();
      return;
    }
    if (how === 'after') {
      const emit = this.emit.bind(this);
      this.emit = (event: string, ...of: unknown[]) => {
        if (event !== 'message') return emit(event, ...of);
        void this.terminate();
        return true;
      };
    }
    original.apply(this, sent);
  } as typeof original;
  return () => {
    Worker.prototype.postMessage = original;
  };
}

const settled = 'select id, name from e order by id, name';
const written = ({ id, name }: Readonly<Record<string, unknown>>) => `${id} ${name}`;

export interface Stores extends Cuttable, AsyncDisposable {
  readonly path: string;
  store(): Promise<Store>;
  /** Lets go of the file. */
  closed(): Promise<void>;
}

/** A file in a folder, and stores in it as entity runs open them. */
export async function storesIn(engine: Embedded, folder = mkdtempSync(join(tmpdir(), `hygge-${engine.type}-`))): Promise<Stores> {
  const side = (await findConnector(engine.type))?.store;
  if (!side) throw new Error('no store');
  const config = side.config.parse({ path: 'test.db', table: 'e', ...(engine.type === 'duckdb' ? { threads } : {}) });
  const path = join(folder, 'test.db');
  const scratch = realScratch({ folder });
  let given = openingOfTests();
  let [over, seen]: [() => void, string[]] = [() => undefined, []];
  const closed = async () => {
    await given.pools[Symbol.asyncDispose]();
    given = openingOfTests();
  };
  const store = () => side.open(config as never, { ...given.opening, root: folder, scratch });
  return {
    ...{ path, store, closed },
    async look() {
      await closed();
      const [rows = [], commits = [], left = []] = await engine.ask(path, settled, engine.commits, engine.left);
      return { rows: rows.map(written), commits, left };
    },
    async cleared() {
      await closed();
      for (const suffix of ['', engine.log, '-shm']) rmSync(`${path}${suffix}`, { force: true });
    },
    cut(at) {
      seen = [];
      over = engine.between((statement) => (seen.push(statement) === at?.number ? at.when : undefined));
      return store();
    },
    healed() {
      over();
      return seen;
    },
    async [Symbol.asyncDispose]() {
      await closed();
      await scratch[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A file and its log, as somebody finds them who comes after a crash. */
export interface Remains {
  /** The statement that was not begun yet, or was at work. */
  readonly at: string;
  readonly file: Buffer | null;
  readonly log: Buffer | null;
}

/** Between two states of a log, so many: a part of what a statement wrote is there. */
const parts = 12;

/**
 * What a process leaves that dies before, after or in the middle of any statement of some work: each state once. What the system was given is kept, as
 * after `kill -9`; of what one statement appends to the log there is also any part, as when it dies while it writes.
 */
export async function remainsOf(
  engine: Embedded,
  { path }: Pick<Stores, 'path'>,
  work: () => Promise<unknown>,
): Promise<readonly Remains[]> {
  const read = (of: string) => (existsSync(of) ? readFileSync(of) : null);
  const found: Remains[] = [];
  const take = (at: string): undefined => {
    const one = { at, file: read(path), log: read(`${path}${engine.log}`) };
    const last = found.at(-1);
    if (last === undefined || printOf(last) !== printOf(one)) found.push(one);
  };
  const over = engine.between(take);
  try {
    await work();
  } finally {
    over();
  }
  take('its end');
  const known = new Set<string>();
  return found
    .flatMap((one, at) => [one, ...torn(one, found[at + 1])])
    .filter((one) => !known.has(printOf(one)) && known.add(printOf(one)));
}

const printOf = ({ file, log }: Remains): string => [file, log].map((one) => (one ? hash('sha256', one) : '')).join(' ');

/** Where only the log was written to: what is there of it when so many bytes have been written. */
function torn(before: Remains, after: Remains | undefined): readonly Remains[] {
  const none = Buffer.alloc(0);
  const [old, grown] = [before.log ?? none, after?.log];
  if (!after || !grown || grown.equals(old) || !(after.file ?? none).equals(before.file ?? none)) return [];
  let same = 0;
  while (same < old.length && old[same] === grown[same]) same++;
  const step = (grown.length - same) / parts;
  const cuts = [same + 1, grown.length - 1, ...Array.from({ length: parts }, (_, n) => Math.floor(same + n * step))];
  return cuts.map((bytes) => ({
    at: `${before.at}, ${bytes} of ${grown.length} bytes written`,
    file: before.file,
    log: Buffer.concat([grown.subarray(0, bytes), old.subarray(bytes)]),
  }));
}

/** Stores over what a crash left, in a folder of its own. */
export async function storesAfter(engine: Embedded, { file, log }: Remains): Promise<Stores> {
  const stores = await storesIn(engine);
  if (file) writeFileSync(stores.path, file);
  if (log) writeFileSync(`${stores.path}${engine.log}`, log);
  return stores;
}

/** By a copy, so that the reader's own recovery does nothing to what is looked at. */
export async function rowsIn(engine: Embedded, { path }: Pick<Stores, 'path'>): Promise<readonly string[] | null> {
  const folder = `${path}.looked`;
  mkdirSync(folder);
  const copy = join(folder, basename(path));
  for (const suffix of ['', engine.log]) if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
  try {
    const [rows = []] = await engine.ask(copy, settled);
    return rows.map(written);
  } catch (error) {
    if (/no such table|does not exist/i.test(String(error))) return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
