/** Keys that come twice in one reading of a list: a record was moved to another page meanwhile, and another one may be missing. */
import { hash } from 'node:crypto';
import { shifted } from '../answers/errors.ts';

/** So many keys are kept at least; of a longer list those that came last. */
const fewestKept = 100_000;

export class RepeatedKeys {
  /** The place in the list of each key. */
  #places = new Map<string, number>();
  /** Keys that came before these. A map from which the oldest key is taken, one by one, is slow. */
  #placesBefore = new Map<string, number>();
  #next = 0;

  /**
   * Throws HomeError HYG-3605 where a key was met at another place.
   * @param place of the first one in the list, from 0. Places that were met before begin another reading.
   * @param keys each as text; the same key has the same text.
   */
  add(page: string, place: number, keys: readonly string[]): void {
    if (place !== this.#next) [this.#places, this.#placesBefore] = [new Map(), new Map()];
    this.#next = place + keys.length;
    for (const [i, key] of keys.entries()) {
      const mark = hash('sha1', key, 'base64').slice(0, 16);
      const before = this.#places.get(mark) ?? this.#placesBefore.get(mark);
      if (before !== undefined)
        throw shifted(
          page,
          `Its metadata names a key, and the key ${key.slice(0, 80)} is that of records ${before + 1} and ${place + i + 1}.`,
        );
      if (this.#places.size === fewestKept) [this.#places, this.#placesBefore] = [new Map(), this.#places];
      this.#places.set(mark, place + i);
    }
  }
}
