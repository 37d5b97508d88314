/** The hashes of the keys of a slice's rows, left aside in runs. */

import { hashWords } from '../../frames/row-sum/wide-hashes.ts';
import type { Frame } from '../contracts/frame.ts';
import type { WideHashing } from '../contracts/ports.ts';
import type { KeyRun } from '../contracts/records.ts';
import type { Aside, EntityRun } from '../contracts/store.ts';
import type { Check } from '../contracts/validation.ts';
import { encodedRun, hashesIn, hexOf, keysOfRun } from './key-run.ts';

/** What tells lists of columns apart. */
export const keyOf = (columns: readonly string[]): string => JSON.stringify(columns);

/** The columns of each check of uniqueness, each list once. */
export function keysToCompare(checks: readonly Check[]): readonly (readonly string[])[] {
  const all = checks.flatMap((check) => (check.type === 'uniqueness' ? [check.columns] : []));
  return [...new Map(all.map((columns) => [JSON.stringify(columns), columns])).values()];
}

export interface KeyRunsRequest {
  readonly aside: Aside;
  readonly hashing: WideHashing;
  readonly run: EntityRun;
  readonly slice: number;
  readonly keys: readonly (readonly string[])[];
}

/** Of one attempt at a slice. */
export class KeyRuns {
  readonly #of: KeyRunsRequest;
  readonly #open: readonly OpenRun[];
  readonly #left: KeyRun[] = [];

  constructor(of: KeyRunsRequest) {
    this.#of = of;
    this.#open = of.keys.map((columns) => new OpenRun(columns));
  }

  /** @param frame rows that settle, in the columns that they settle in. */
  async add(frame: Frame): Promise<void> {
    const { hashing, run } = this.#of;
    for (const open of this.#open) {
      const words = await hashing.words(frame, open.columns, seedOf(run));
      for (let from = 0; from < words.length; ) {
        from += open.take(words.subarray(from));
        if (open.isFull) await this.#leave(open);
      }
    }
  }

  /** Called once, after all rows. */
  async end(): Promise<readonly KeyRun[]> {
    for (const open of this.#open) if (!open.isEmpty) await this.#leave(open);
    return this.#left;
  }

  async #leave(open: OpenRun): Promise<void> {
    const { aside, hashing, run, slice } = this.#of;
    const { layout, surplus, bytes } = encodedRun(open.end());
    const ref = await aside.leave({ run, slice }, bytes);
    this.#left.push({ ref, columns: open.columns, ...layout, surplus, looks: await hashing.looks(seedOf(run)) });
  }
}

/** All slices of a run have the same hashes, and another run has others: no value can be made up in advance to look like another one. */
export const seedOf = ({ entityRunId }: Pick<EntityRun, 'entityRunId'>): string => entityRunId;

const firstRoom = 1024 * hashWords;

/** The keys of a run that is not complete, in room that grows with them. */
class OpenRun {
  readonly columns: readonly string[];
  #words = new Uint32Array(firstRoom);
  #used = 0;

  constructor(columns: readonly string[]) {
    this.columns = columns;
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  get isFull(): boolean {
    return this.#used === hashWords * keysOfRun;
  }

  /** @returns how many of the words have room. */
  take(words: Uint32Array): number {
    const some = Math.min(words.length, hashWords * keysOfRun - this.#used);
    if (this.#used + some > this.#words.length) {
      const grown = new Uint32Array(Math.min(hashWords * keysOfRun, Math.max(2 * this.#words.length, this.#used + some)));
      grown.set(this.#words.subarray(0, this.#used));
      this.#words = grown;
    }
    this.#words.set(words.subarray(0, some), this.#used);
    this.#used += some;
    return some;
  }

  /** The words so far, which are valid until the next `take`. */
  end(): Uint32Array {
    const words = this.#words.subarray(0, this.#used);
    this.#used = 0;
    return words;
  }
}

interface WantedKeys {
  readonly hashing: WideHashing;
  readonly seed: string;
  readonly columns: readonly string[];
  /** Hashes, as `hexOf` writes them. */
  readonly wanted: ReadonlySet<string>;
}

/** By their hashes, the wanted keys that the frame has: the texts of their columns. Rows with a null in a key have no hash. */
export async function namedKeys(
  frame: Frame,
  { hashing, seed, columns, wanted }: WantedKeys,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const words = await hashing.words(frame, columns, seed);
  const keys = new Map<string, readonly string[]>();
  const places = hashesIn(words, wanted);
  if (places.length === 0) return keys;
  const rows = (await hashing.texts(frame, columns)).filter((texts) => !texts.includes(null));
  for (const place of places)
    keys.set(
      hexOf(words.subarray(hashWords * place, hashWords * (place + 1))),
      (rows[place] ?? []).map((text) => text ?? ''),
    );
  return keys;
}
