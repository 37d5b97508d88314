/** Collects records in memory that grows with their number, and turns them into runs. */
import { withRoom } from '../frames/growing-array.ts';
import { type EncodedRun, encodedRun, type RecordWidth } from './key-run.ts';

/** The number of records of a complete run. */
export const keysOfRun = 2 ** 19;

export interface RunWriterOptions {
  readonly width: RecordWidth;
  /** The number of records in a complete run. Absent: `keysOfRun`. */
  readonly keysOfRun?: number;
  /** Called for each complete run. */
  leave(run: EncodedRun): Promise<void>;
}

export class RunWriter {
  readonly #of: RunWriterOptions;
  readonly #most: number;
  #words = new Uint32Array();
  #used = 0;

  constructor(of: RunWriterOptions) {
    this.#of = of;
    this.#most = of.width * (of.keysOfRun ?? keysOfRun);
  }

  async add(records: Uint32Array): Promise<void> {
    for (let from = 0; from < records.length; ) {
      const some = records.subarray(from, from + this.#most - this.#used);
      this.#words = withRoom(this.#words, this.#used + some.length);
      this.#words.set(some, this.#used);
      this.#used += some.length;
      from += some.length;
      if (this.#used === this.#most) await this.end();
    }
  }

  /** Called after the last record. */
  async end(): Promise<void> {
    if (this.#used === 0) return;
    const words = this.#words.subarray(0, this.#used);
    this.#used = 0;
    await this.#of.leave(encodedRun(words, this.#of.width));
  }
}
