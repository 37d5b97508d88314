/** Keys that a person has mended in quarantine: the settled row has another key than the row of the source that it comes from, and is not missing there. */
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Frame } from '../contracts/frame.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';

export const keyText = (texts: readonly (string | null | undefined)[]): string => JSON.stringify(texts);

export class CorrectedKeys {
  /** By the key of the source's row, the keys that settle for it. */
  readonly #keys: ReadonlyMap<string, readonly string[]>;
  readonly #there = new Set<string>();

  constructor(keys: ReadonlyMap<string, readonly string[]>) {
    this.#keys = keys;
  }

  async addSource(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) this.#add(keyText(texts));
  }

  /** A row that was mended twice has two corrections, one behind the other. */
  #add(from: string): void {
    for (const to of this.#keys.get(from) ?? [])
      if (!this.#there.has(to)) {
        this.#there.add(to);
        this.#add(to);
      }
  }

  /** Settled rows, without those that the source has under another key. */
  async others(frame: Frame, columns: readonly SummedColumn[]): Promise<Frame> {
    const keep = Uint8Array.from(await canonicalTexts(frame, columns), (texts) => (this.#there.has(keyText(texts)) ? 0 : 1));
    return keep.includes(0) ? frame.pick(keep) : frame;
  }
}
