import type { Schema } from '../../../src/frames/schema.ts';
import { baseSchema, countRows, type Row } from './rows.ts';

export interface SourceFile {
  readonly rows: readonly Row[];
  readonly version: number;
}

/** What the simulated homes read: rows in files (one file, unless a scenario says otherwise), and what was ever in them. */
export class Source {
  schema: Schema = baseSchema;
  readonly files = new Map<string, SourceFile>();
  /** The id of a row that every other read of all rows misses, in each process; null: no read misses any. A reload that is under way looks like that. */
  blinking: number | null = null;
  readonly #reads = new WeakMap<object, number>();
  /** How often each row was there at most, at any time: more can never be right. */
  readonly most = new Map<string, number>();
  /** Rows that were there from the start and always since. */
  #steady: readonly Row[];
  #version = 0;
  readonly #came = new Map<Row, number>();
  readonly #nowMs: () => number;

  /** A row as the destination keeps it. */
  readonly kept: (row: Row) => Row;

  constructor(rows: readonly Row[], nowMs: () => number = () => 0, kept = (row: Row): Row => row) {
    this.kept = kept;
    this.#steady = rows;
    this.#nowMs = () => Number.NEGATIVE_INFINITY;
    this.setFile('rows', rows);
    this.#nowMs = nowMs;
  }

  /** When a row came, in milliseconds; those of the beginning were always there. */
  cameAt(row: Row): number {
    return this.#came.get(row) ?? Number.NEGATIVE_INFINITY;
  }

  get rows(): readonly Row[] {
    return [...this.files.values()].flatMap((file) => file.rows);
  }

  blink(id: number | null): void {
    this.blinking = id;
  }

  /** What a process reads where it reads all rows. */
  rowsSeenBy(process: object): readonly Row[] {
    const { blinking, rows } = this;
    if (blinking === null) return rows;
    const reads = (this.#reads.get(process) ?? 0) + 1;
    this.#reads.set(process, reads);
    return reads % 2 === 0 ? rows : rows.filter(({ id }) => id !== blinking);
  }

  /** Every row that was there at any time. */
  get ever(): readonly Row[] {
    return [...this.#came.keys()];
  }

  /** Of what is in it: as it was before, it is that version again. */
  get version(): string {
    return JSON.stringify([...this.files].map(([name, { rows }]) => [name, rows]));
  }

  get steady(): readonly Row[] {
    return this.#steady;
  }

  /** In place of what the one file holds. */
  set(rows: readonly Row[]): void {
    this.setFile('rows', rows);
  }

  setFile(name: string, rows: readonly Row[]): void {
    this.files.set(name, { rows, version: ++this.#version });
    for (const one of rows) if (!this.#came.has(one)) this.#came.set(one, this.#nowMs());
    const now = countRows(this.rows.map(this.kept));
    for (const [text, n] of now) this.most.set(text, Math.max(this.most.get(text) ?? 0, n));
    this.#steady = this.#steady.filter((one) => this.rows.includes(one));
  }
}
