/** Keys that occur twice in one reading of a list: a record moved to another page meanwhile, and another record may be missing. */
import { hash } from 'node:crypto';
import { KeyTable } from '../../keys/key-table.ts';
import { shifted } from '../answers/errors.ts';

/** Minimum number of kept keys; for a longer list, the last ones are kept. */
const fewestKept = 100_000;

export class RepeatedKeys {
  /** The position of each key in the list, from 1. */
  #places = new KeyTable({ hash: 4 });
  /** The keys before these. */
  #placesBefore = new KeyTable({ hash: 4 });
  #next = 0;

  /**
   * Throws HomeError HYG-3605 if a key was found at another position before. @param place position of the first key in the list, from 0. An earlier position begins another
   * reading. @param keys each as text; the same key has the same text.
   */
  add(page: string, place: number, keys: readonly string[]): void {
    if (place !== this.#next) for (const places of [this.#places, this.#placesBefore]) places.clear();
    this.#next = place + keys.length;
    for (const [i, key] of keys.entries()) {
      const digest = hash('sha1', key, 'buffer');
      const words = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [number, number, number, number];
      const before = this.#placesBefore.get(...words) || this.#places.put(place + i + 1, ...words);
      if (before !== 0)
        throw shifted(page, `Its metadata names a key, but records ${before} and ${place + i + 1} have the same key ${key.slice(0, 80)}.`);
      if (this.#places.size < fewestKept) continue;
      [this.#places, this.#placesBefore] = [this.#placesBefore, this.#places];
      this.#places.clear();
    }
  }
}
