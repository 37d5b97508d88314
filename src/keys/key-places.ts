/** Groups any number of rows by the hashes of their keys. Rows beyond a limit are kept in a scratch file. */
import { SpilledBytes } from '../formats/bytes/spilled-bytes.ts';
import { letGoOfBytes } from '../frames/native-bytes.ts';
import type { Scratch } from '../ports/scratch.ts';
import { KeyTable } from './key-table.ts';
import { type ReadableRun, RunRanges } from './run-ranges.ts';
import { RunWriter } from './run-writer.ts';

const width = 3;
/** How many rows are compared together. So many rows need 3 MB, and another 3 MB while they are sorted. */
const usualAtOnce = 2 ** 18;

export class KeyPlaces implements AsyncDisposable {
  readonly #keysAtOnce: number;
  readonly #spilled: SpilledBytes;
  readonly #runs: ReadableRun[] = [];
  readonly #writer: RunWriter;

  /** @param keysAtOnce how many rows are compared together. Absent: about 250,000. */
  constructor(scratch: Scratch, { keysAtOnce = usualAtOnce }: { readonly keysAtOnce?: number | undefined } = {}) {
    this.#keysAtOnce = keysAtOnce;
    this.#spilled = new SpilledBytes(scratch, '.keys');
    this.#writer = new RunWriter({
      width,
      keysOfRun: keysAtOnce,
      leave: async ({ layout, bytes }) => {
        const from = await this.#spilled.append(bytes);
        letGoOfBytes(bytes);
        this.#runs.push({ ...layout, read: (range) => this.#spilled.read(range, from) });
      },
    });
  }

  /** @param hashes the hashes of the rows. `add` releases their memory, since the garbage collector would release it late. `from`: the number of the first of these rows, below 2^32. */
  async add(hashes: BigInt64Array, from: number): Promise<void> {
    const words = new Uint32Array(hashes.buffer, hashes.byteOffset, 2 * hashes.length);
    const records = new Uint32Array(width * hashes.length);
    for (let row = 0, at = 0; at < records.length; row++, at += width) {
      records[at] = words[2 * row] as number;
      records[at + 1] = words[2 * row + 1] as number;
      // The row number is stored plus one, because a table can’t store the number 0.
      records[at + 2] = from + row + 1;
    }
    letGoOfBytes(hashes);
    await this.#writer.add(records);
    letGoOfBytes(records);
  }

  /** Visits each row together with the previous row of the same key. The rows of a key are visited in the order of their arrival. Called once, after the last `add`. */
  async pairs(visit: (earlier: number, later: number) => void): Promise<void> {
    await this.#writer.end();
    const ranges = await RunRanges.open(this.#runs, { width, keysAtOnce: this.#keysAtOnce });
    const table = new KeyTable({ hash: 2 });
    for (let n = 0; n < ranges.count; n++)
      for (const records of ranges.groups(await ranges.read(n))) {
        table.clear();
        for (let at = 0; at < records.length; at += width) {
          const later = records[at + 2] as number;
          const earlier = table.put(later, records[at] as number, records[at + 1] as number);
          if (earlier !== 0) visit((earlier >>> 0) - 1, (later >>> 0) - 1);
        }
      }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#spilled[Symbol.asyncDispose]();
  }
}
