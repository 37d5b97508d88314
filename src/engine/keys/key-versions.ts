/** Missing keys with several settled rows, as in files that keep what each run appended. Either all rows of such a key are removed, or all stay. */
import { KeySet, TooManyKeys } from '../../keys/key-set.ts';
import type { Frame } from '../contracts/frame.ts';

interface Counts {
  readonly gone: number;
  readonly behind: number;
  readonly older: number;
}

interface Found extends Counts {
  /** The rows that are certainly gone, with their keys. */
  readonly frames: readonly Frame[];
}

export class KeyVersions {
  readonly #most: number;
  readonly #staying: KeySet;
  readonly #older: BigInt64Array[] = [];
  #olderRows = 0;

  /** @param most how many hashes of each kind the object may hold. */
  constructor(most: number) {
    this.#most = most;
    this.#staying = new KeySet({ most });
  }

  /** Adds the keys of rows that may come back to the source, and of rows that are older than all rows of the source. Throws `TooManyKeys`. */
  add({ behind, older }: { readonly behind: BigInt64Array; readonly older: BigInt64Array }): void {
    this.#staying.add(behind);
    if (older.length === 0) return;
    this.#olderRows += older.length;
    if (this.#olderRows > this.#most) throw new TooManyKeys();
    this.#older.push(older);
  }

  /** Decides about the keys with several rows. If one of a key’s rows may come back to the source, the key stays. If a key is removed, its older rows are removed as well, because an older row that stays would take the place of the newer ones. */
  async decide({ frames, gone, behind, older }: Found, hash: (frame: Frame) => Promise<BigInt64Array>): Promise<Found> {
    const leaving: Frame[] = [];
    const left = new KeySet();
    let stay = 0;
    for (const frame of frames) {
      const hashes = await hash(frame);
      const { marks, count } = this.#staying.missing(hashes);
      stay += frame.rows - count;
      if (count === 0) continue;
      leaving.push(count === frame.rows ? frame : await frame.pick(marks));
      left.add(hashes.filter((_, i) => marks[i] === 1));
    }
    let [staying, going] = [0, 0];
    for (const hashes of this.#older) {
      staying += hashes.length - this.#staying.missing(hashes).count;
      going += hashes.length - left.missing(hashes).count;
    }
    return { frames: leaving, gone: gone - stay + going, behind: behind + stay + staying, older: older - staying - going };
  }
}
