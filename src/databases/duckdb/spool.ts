/** Rows on their way into tables of DuckDB: they lie in scratch until one INSERT takes those of several frames. */
import { DefectError } from '../../errors/hygge-error.ts';
import type { Spooled } from '../../frames/scratch-parquet.ts';
import { quoteText } from './dialect.ts';

/** Fewer rows than these, two processors can't share. */
const leastRows = 2 * 122_880;
const mostRows = 500_000;
/** Of wide rows it takes fewer, so that scratch and what is read at once stay small. */
const mostBytes = 128 * 1024 * 1024;

/** A frame in scratch. */
export interface Rows {
  /** All of an INSERT before the list of files: equal texts, equal columns of equal types. */
  readonly insert: string;
  readonly rows: number;
  readonly bytes: number;
  readonly file: Spooled;
}

/**
 * Of one transaction. While an INSERT is at work the next frames come, so that reading, writing to scratch and taking into the table go on at once; there is
 * never more than one at work and one to come.
 */
export class Spool {
  readonly #execute: (sql: string) => Promise<number>;
  #waiting: Rows[] = [];
  #atWork: Promise<void> = Promise.resolve();
  #isAtWork = false;
  #left = 0;

  /** @param execute a statement; answers how many rows it put in. */
  constructor(execute: (sql: string) => Promise<number>) {
    this.#execute = execute;
  }

  /** Nothing is at work or to come. */
  get isIdle(): boolean {
    return this.#left === 0;
  }

  /** Throws what an INSERT of rows before these has thrown. */
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

  /** Until the tables have all rows. */
  async flushed(): Promise<void> {
    await this.#begin();
    await this.#atWork;
  }

  /** Forgets what is not in a table yet; what is at work is waited for. Never throws. */
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
    // Who comes next is told.
    this.#atWork.catch(() => undefined);
  }

  async #insert(batch: readonly Rows[], insert: string): Promise<void> {
    this.#isAtWork = true;
    try {
      const paths = batch.map(({ file }) => quoteText(file.path)).join(', ');
      const [sent, taken] = [sum(batch, 'rows'), await this.#execute(`${insert} from read_parquet([${paths}])`)];
      if (taken !== sent)
        throw new DefectError({
          code: 'HYG-9001',
          what: `Scratch files held ${sent} rows, and DuckDB took ${taken}.`,
          tryThis: ['See that nobody else writes to the scratch folder (HYGGE_SCRATCH), and run again'],
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
