/** Finds keys that occur twice in one reading of a list. If a key occurs twice, a record moved to another page meanwhile, so another record may be missing. */
import { hash } from 'node:crypto';
import { KeyTable } from '../../keys/key-table.ts';
import { shifted } from '../answers/errors.ts';

/** The minimum number of remembered keys. A longer list leaves only its last keys in memory. */
const fewestKept = 100_000;

export class RepeatedKeys {
  /** The position of each remembered key in the list, counted from 1. */
  #places = new KeyTable({ hash: 4 });
  /** The remembered keys that were read before the keys in `#places`. */
  #placesBefore = new KeyTable({ hash: 4 });
  #next = 0;

  /**
   * Throws HomeError HYG-3605 if the list had a key at an earlier position already.
   * @param place the position of the first key in the list, counted from 0. If the position does not continue the previous keys, another
   * reading begins.
   * @param keys the keys as texts. Equal keys have equal texts.
   */
  add(page: string, place: number, keys: readonly string[]): void {
    if (place !== this.#next) for (const places of [this.#places, this.#placesBefore]) places.clear();
    this.#next = place + keys.length;
    for (const [i, key] of keys.entries()) {
      const digest = hash('sha1', key, 'buffer');
      const words = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [number, number, number, number];
      const before = this.#placesBefore.get(...words) || this.#places.put(place + i + 1, ...words);
      if (before !== 0)
        throw shifted(page, `The metadata names a key, but records ${before} and ${place + i + 1} have the same key ${key.slice(0, 80)}.`);
      if (this.#places.size < fewestKept) continue;
      [this.#places, this.#placesBefore] = [this.#placesBefore, this.#places];
      this.#places.clear();
    }
  }
}
