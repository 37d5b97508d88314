/** Additional files of a DuckDB database. Rows wait in scratch files until one INSERT reads the rows of several frames. A crash may leave a log of changes. */
import { type FileHandle, open } from 'node:fs/promises';
import { DefectError } from '../../errors/hygge-error.ts';
import type { SpoolFile } from '../../frames/values/scratch-parquet.ts';
import { quoteText } from './dialect.ts';

/** The fewest rows that two processors can share. */
const leastRows = 2 * 122_880;
const mostRows = 500_000;
/** Wide rows reach this limit before `mostRows`, so that scratch files and INSERTs stay small. */
const mostBytes = 128 * 1024 * 1024;

/** The rows of a frame in a scratch file. */
export interface Rows {
  /** The text of an INSERT before its list of files. If two texts are equal, so are the columns and their types. */
  readonly insert: string;
  readonly rows: number;
  readonly bytes: number;
  /** The frame was decoded, and the heap of the process still has its memory. */
  readonly isInMemory: boolean;
  readonly file: SpoolFile;
}

/**
 * The frames of one transaction that are not in the table yet. The next frames arrive while an INSERT runs, so reading, writing to scratch and inserting
 * overlap. At most one INSERT runs, and at most one INSERT waits.
 */
export class Spool {
  readonly #execute: (sql: string, ofMemory: boolean) => Promise<number>;
  #waiting: Rows[] = [];
  #atWork: Promise<void> = Promise.resolve();
  #isAtWork = false;
  #left = 0;

  /** @param execute runs an INSERT and returns the number of inserted rows. `ofMemory`: the rows were decoded into frames. */
  constructor(execute: (sql: string, ofMemory: boolean) => Promise<number>) {
    this.#execute = execute;
  }

  /** Whether no INSERT runs or waits. */
  get isIdle(): boolean {
    return this.#left === 0;
  }

  /** Adds rows for a later INSERT. Throws the error of an earlier INSERT. */
  async add(rows: Rows): Promise<void> {
    const isOther = this.#waiting.some(({ insert }) => insert !== rows.insert);
    try {
      if (isOther) await this.#begin();
    } catch (error) {
      await rows.file[Symbol.asyncDispose]();
      throw error;
    }
    this.#waiting.push(rows);
    this.#left++;
    const enough = this.#isAtWork ? mostRows : leastRows;
    if (sum(this.#waiting, 'rows') >= enough || sum(this.#waiting, 'bytes') >= mostBytes) await this.#begin();
  }

  /** Waits until all rows are in their tables. */
  async flushed(): Promise<void> {
    await this.#begin();
    await this.#atWork;
  }

  /** Drops rows that are in no table yet, and waits for a running INSERT. Never throws. */
  async dropped(): Promise<void> {
    await this.#atWork.catch(() => undefined);
    this.#atWork = Promise.resolve();
    await this.#free(this.#waiting.splice(0));
  }

  async #begin(): Promise<void> {
    await this.#atWork;
    const [first, ...rest] = this.#waiting;
    if (first === undefined) return;
    this.#waiting = [];
    this.#atWork = this.#insert([first, ...rest], first.insert);
    // The next caller of `add` or `flushed` gets the error.
    this.#atWork.catch(() => undefined);
  }

  async #insert(batch: readonly Rows[], insert: string): Promise<void> {
    this.#isAtWork = true;
    try {
      const paths = batch.map(({ file }) => quoteText(file.path)).join(', ');
      const ofMemory = batch.some(({ isInMemory }) => isInMemory);
      const [sent, taken] = [sum(batch, 'rows'), await this.#execute(`${insert} from read_parquet([${paths}])`, ofMemory)];
      if (taken !== sent)
        throw new DefectError({
          code: 'HYG-9001',
          what: `Scratch files had ${sent} rows, but DuckDB read ${taken}.`,
          tryThis: ['Check that no one else writes to the scratch folder (HYGGE_SCRATCH), and run again'],
        });
    } finally {
      this.#isAtWork = false;
      await this.#free(batch);
    }
  }

  async #free(batch: readonly Rows[]): Promise<void> {
    await Promise.all(batch.map(({ file }) => file[Symbol.asyncDispose]()));
    this.#left -= batch.length;
  }
}

const sum = (all: readonly Rows[], of: 'rows' | 'bytes'): number => all.reduce((total, rows) => total + rows[of], 0);

// ---- the log of changes

/** Kinds of entries of the log, as DuckDB numbers them. */
const rowGroups = 29;
const committed = 100;

/** In the log, each entry follows its length and a checksum. The first field of an entry is its kind. */
const beforeEntry = 16;
const kindBytes = 3;

const logOf = (path: string): string => `${path}.wal`;

/**
 * The end of the last commit in a log, if the commit is followed by row groups of an uncommitted transaction. DuckDB (1.5.6) treats those row groups as rows of
 * their table, and drops the rest of that transaction: https://github.com/duckdb/duckdb/pull/25931. Undefined: no such row groups follow, or the log has an
 * unknown format.
 */
export async function endOfCommits(path: string): Promise<number | undefined> {
  const log = await open(logOf(path)).catch(() => undefined);
  if (log === undefined) return undefined;
  try {
    const { size } = await log.stat();
    let [at, end, follows] = [beginning(await bytesOf(log, 0, 128)), 0, false];
    if (at === undefined) return undefined;
    end = at;
    while (at + beforeEntry + kindBytes <= size) {
      const head = await bytesOf(log, at, beforeEntry + kindBytes);
      const next: number = at + beforeEntry + Number(head.readBigUInt64LE(0));
      if (next > size) break;
      if (head.readUInt16LE(beforeEntry) !== 100) return undefined;
      const kind = head[beforeEntry + 2];
      if (kind === rowGroups) follows = true;
      if (kind === committed) [end, follows] = [next, false];
      at = next;
    }
    return follows ? end : undefined;
  } finally {
    await log.close();
  }
}

/** Cuts off the log after its last commit, as DuckDB would at its next write. Must be called while no session writes to the file. */
export async function cutToCommits(path: string): Promise<void> {
  const end = await endOfCommits(path);
  if (end === undefined) return;
  await using log = await open(logOf(path), 'r+');
  await log.truncate(end);
  await log.sync();
}

async function bytesOf(log: FileHandle, from: number, most: number): Promise<Buffer> {
  const { buffer, bytesRead } = await log.read(Buffer.alloc(most), 0, most, from);
  return buffer.subarray(0, bytesRead);
}

/** Fields of the first entry, which has no length and no checksum: the kind of the entry, the version, and the ids of its file and checkpoint. */
const [version, ofFile, ofCheckpoint, over] = ['640062650002', '660010', '6700', 'ffff'].map((hex) => Buffer.from(hex, 'hex'));

/** The end of the first entry of a log. Undefined: the entry has another format. */
function beginning(bytes: Buffer): number | undefined {
  let at = 0;
  const takes = (field: Buffer | undefined): boolean => {
    const is = field !== undefined && bytes.subarray(at, at + field.length).equals(field);
    if (is) at += field.length;
    return is;
  };
  const number = (): void => {
    while ((bytes[at++] ?? 0) > 127);
  };
  if (!takes(version)) return undefined;
  if (takes(ofFile)) for (let n = 0; n < 16; n++) number();
  if (takes(ofCheckpoint)) number();
  return takes(over) ? at : undefined;
}
