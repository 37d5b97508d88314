/**
 * Which settled rows are earlier spellings of keys that the source still has. Such a row is removed once the present spelling has settled: until then it is the only row
 * of its key.
 */
import { foldedKey } from '../../frames/row-sum/alike-keys.ts';
import type { KeyEquality } from '../../frames/row-sum/key-equality.ts';
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Frame } from '../contracts/frame.ts';
import type { SourceDescription } from '../contracts/home.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';

type Texts = readonly (string | null)[];

export class EarlierSpellings {
  readonly #equalities: readonly (KeyEquality | undefined)[];
  readonly #missing = new Set<string>();
  /** The spellings of the source: for each text, its folded form. */
  readonly #present = new Map<string, string>();
  readonly #settled = new Set<string>();

  private constructor(equalities: readonly (KeyEquality | undefined)[]) {
    this.#equalities = equalities;
  }

  /** Undefined: the source has a separate row for each text. @param columns of the key, by the names of the source. */
  static of({ keys = [], keyEqualities = {} }: SourceDescription, columns: readonly SummedColumn[]): EarlierSpellings | undefined {
    const names = columns.map(({ name }) => name);
    const equalities = names.map((name) => keyEqualities[name]);
    const isKnown = keys.length > 0 && keys.every((name) => names.includes(name)) && equalities.some((one) => one !== undefined);
    return isKnown ? new EarlierSpellings(equalities) : undefined;
  }

  #folded = (texts: Texts): string => foldedKey(texts, this.#equalities);

  /** Settled rows whose text the source lacks. */
  async addMissing(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) this.#missing.add(this.#folded(texts));
  }

  async addSource(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) {
      const folded = this.#folded(texts);
      if (this.#missing.has(folded)) this.#present.set(JSON.stringify(texts), folded);
    }
  }

  /** The settled rows have to be read to know which of the source's spellings are among them. */
  get asksForSettled(): boolean {
    return this.#present.size > 0;
  }

  async addSettled(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) {
      const folded = this.#present.get(JSON.stringify(texts));
      if (folded !== undefined) this.#settled.add(folded);
    }
  }

  /** 1 for each row whose present spelling is in the source and has settled. */
  async marks(frame: Frame, columns: readonly SummedColumn[]): Promise<Uint8Array> {
    return Uint8Array.from(await canonicalTexts(frame, columns), (texts) => (this.#settled.has(this.#folded(texts)) ? 1 : 0));
  }
}
