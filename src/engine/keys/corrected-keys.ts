/** Keys that a person has mended in quarantine. The settled row has another key than its row in the source, but does not count as missing there. */
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Frame } from '../contracts/frame.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';

export const keyText = (texts: readonly (string | null | undefined)[]): string => JSON.stringify(texts);

export class CorrectedKeys {
  /** The keys that settle for a row of the source, by the row’s key in the source. */
  readonly #keys: ReadonlyMap<string, readonly string[]>;
  readonly #there = new Set<string>();

  constructor(keys: ReadonlyMap<string, readonly string[]>) {
    this.#keys = keys;
  }

  async addSource(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) this.#add(keyText(texts));
  }

  /** A row that was mended twice has two corrections. The second one is based on the first. */
  #add(from: string): void {
    for (const to of this.#keys.get(from) ?? [])
      if (!this.#there.has(to)) {
        this.#there.add(to);
        this.#add(to);
      }
  }

  /** The settled rows, without the rows that have another key in the source. */
  async others(frame: Frame, columns: readonly SummedColumn[]): Promise<Frame> {
    const keep = Uint8Array.from(await canonicalTexts(frame, columns), (texts) => (this.#there.has(keyText(texts)) ? 0 : 1));
    return keep.includes(0) ? frame.pick(keep) : frame;
  }
}
