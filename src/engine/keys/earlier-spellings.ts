/**
 * Finds settled rows whose key is an earlier spelling of a key in the source. Such a row is removed after the present spelling has settled: before,
 * it is the only row of its key.
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
  /** The spellings of keys in the source: each text, with its folded text. */
  readonly #present = new Map<string, string>();
  readonly #settled = new Set<string>();

  private constructor(equalities: readonly (KeyEquality | undefined)[]) {
    this.#equalities = equalities;
  }

  /** Undefined: the source has a separate row for each text, so it has no earlier spellings. @param columns the key’s columns, by their names in the source. */
  static of({ keys = [], keyEqualities = {} }: SourceDescription, columns: readonly SummedColumn[]): EarlierSpellings | undefined {
    const names = columns.map(({ name }) => name);
    const equalities = names.map((name) => keyEqualities[name]);
    const isKnown = keys.length > 0 && keys.every((name) => names.includes(name)) && equalities.some((one) => one !== undefined);
    return isKnown ? new EarlierSpellings(equalities) : undefined;
  }

  #folded = (texts: Texts): string => foldedKey(texts, this.#equalities);

  /** Adds settled rows whose text is missing in the source. */
  async addMissing(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) this.#missing.add(this.#folded(texts));
  }

  async addSource(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) {
      const folded = this.#folded(texts);
      if (this.#missing.has(folded)) this.#present.set(JSON.stringify(texts), folded);
    }
  }

  /** Whether the settled rows have to be read, to find out which of the source’s spellings have settled. */
  get asksForSettled(): boolean {
    return this.#present.size > 0;
  }

  async addSettled(frame: Frame, columns: readonly SummedColumn[]): Promise<void> {
    for (const texts of await canonicalTexts(frame, columns)) {
      const folded = this.#present.get(JSON.stringify(texts));
      if (folded !== undefined) this.#settled.add(folded);
    }
  }

  /** One item for each row: 1 if the row’s present spelling is in the source and has settled. */
  async marks(frame: Frame, columns: readonly SummedColumn[]): Promise<Uint8Array> {
    return Uint8Array.from(await canonicalTexts(frame, columns), (texts) => (this.#settled.has(this.#folded(texts)) ? 1 : 0));
  }
}
