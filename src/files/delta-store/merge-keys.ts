/**
 * The keys of the rows that a commit brings. Of several rows with one key the row with the largest watermark settles; the others are its earlier versions.
 */
import { keyTwice } from '../../engine/contracts/errors.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { KeyEqualities } from '../../frames/row-sum/key-equality.ts';
import { type PlaceShare, PlaceTable } from '../../keys/place-table.ts';
import { compareOrNull, WatermarkList } from '../../keys/watermark-list.ts';
import type { FileToRead, MergeTools } from './merge-tools.ts';

/** A part of the commit. Its rows have places among all rows of the commit, from `first` on. */
export interface KeyedPart extends FileToRead {
  readonly first: number;
  readonly rows: number;
  /** Its rows only say that their keys go. */
  readonly isDeleted: boolean;
}

export interface KeyedRows {
  readonly tools: MergeTools;
  readonly parts: readonly KeyedPart[];
  readonly key: readonly string[];
  readonly watermark: string | null;
  /** `Writing.keyEqualities`. */
  readonly equalities: KeyEqualities;
  /** For people. */
  readonly where: string;
}

/** @param parts in the order of their places. */
export function partAt(parts: readonly KeyedPart[], place: number): KeyedPart {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle] as KeyedPart).first <= place) low = middle;
    else high = middle - 1;
  }
  return parts[low] as KeyedPart;
}

/** The numbers of keys, by what their texts are folded to. */
class Spellings {
  readonly #table = new PlaceTable({ n: 0, of: 1 });
  readonly #numbers: number[][] = [];

  add(words: Int32Array, at: number, number: number): void {
    const folded = this.#table.get(words, at) ?? this.#table.add(words, at);
    const known = this.#numbers[folded] ?? [];
    this.#numbers[folded] = known;
    if (!known.includes(number)) known.push(number);
  }

  numbers(words: Int32Array, at: number): readonly number[] {
    const folded = this.#table.get(words, at);
    return folded === undefined ? [] : (this.#numbers[folded] ?? []);
  }
}

/** The newest row of each key of a share. */
export class NewestKeys {
  /** The places of the earlier versions. */
  readonly earlier: number[] = [];
  readonly #of: KeyedRows;
  readonly #table: PlaceTable;
  /** By the numbers of the table. */
  readonly #places: number[] = [];
  readonly #watermarks = new WatermarkList();
  readonly #spellings: Spellings | undefined;
  /** Rows with the largest watermark of their key, where there are several. */
  readonly #ties = new Map<number, number[]>();

  private constructor(of: KeyedRows, share: PlaceShare) {
    this.#of = of;
    this.#table = new PlaceTable(share);
    this.#spellings = Object.keys(of.equalities).length === 0 ? undefined : new Spellings();
  }

  /** Throws StoreError HYG-4016 if the watermark does not tell which of two different rows of a key is the newer one. */
  static async read(of: KeyedRows, share: PlaceShare): Promise<NewestKeys> {
    const keys = new NewestKeys(of, share);
    const columns = [...new Set([...of.key, ...(of.watermark === null ? [] : [of.watermark])])];
    for (const part of of.parts) {
      let at = part.first;
      for await (const frame of (await of.tools.open(part, columns)).frames()) {
        await keys.#add(frame, { at, isDeleted: part.isDeleted });
        at += frame.rows;
      }
    }
    await keys.#mustBeDecided();
    return keys;
  }

  get size(): number {
    return this.#table.size;
  }

  /** The place of the newest row of a key, and its watermark; undefined: no row of the commit has the key. */
  find(words: Int32Array, at: number): number | undefined {
    return this.#table.isMine(words, at) ? this.#table.get(words, at) : undefined;
  }

  /** For each row the number of a row of the commit whose key is another text for that of the row. Undefined: no text has others. */
  async spelledIn(frame: Frame): Promise<((at: number) => number | undefined) | undefined> {
    const spellings = this.#spellings;
    if (spellings === undefined) return undefined;
    const { tools, key, equalities, parts } = this.#of;
    const words = await tools.spellings(frame, key, equalities);
    return (at) => spellings.numbers(words, at).find((number) => !partAt(parts, this.placeOf(number)).isDeleted);
  }

  /** @param number as `find` answers it. */
  placeOf(number: number): number {
    return this.#places[number] as number;
  }

  watermarkOf(number: number) {
    return this.#watermarks.get(number);
  }

  async #add(frame: Frame, { at, isDeleted }: { readonly at: number; readonly isDeleted: boolean }): Promise<void> {
    const { tools, key, watermark, equalities } = this.#of;
    const words = await tools.keys(frame, key);
    const watermarks = watermark === null ? [] : await tools.watermarks(frame, watermark);
    const spelled = isDeleted || this.#spellings === undefined ? undefined : await tools.spellings(frame, key, equalities);
    for (let i = 0; i < frame.rows; i++) {
      if (!this.#table.isMine(words, i)) continue;
      const row = { place: at + i, mark: watermarks[i] ?? null, isDeleted };
      const number = this.#table.get(words, i);
      const now = number ?? this.#table.add(words, i);
      if (number === undefined) this.#become(now, row);
      else this.#compare(number, row);
      if (spelled !== undefined) this.#spellings?.add(spelled, i, now);
    }
  }

  #become(number: number, { place, mark }: { readonly place: number; readonly mark: ReturnType<WatermarkList['get']> }): void {
    this.#places[number] = place;
    this.#watermarks.set(number, mark);
  }

  #compare(
    number: number,
    row: { readonly place: number; readonly mark: ReturnType<WatermarkList['get']>; readonly isDeleted: boolean },
  ): void {
    const order = compareOrNull(row.mark, this.#watermarks.get(number));
    if (order < 0) return void this.earlier.push(row.place);
    const before = this.placeOf(number);
    this.earlier.push(before);
    if (order > 0) this.#ties.delete(number);
    // Two deleted rows count as one.
    else if (this.#ties.has(number) || !row.isDeleted || !partAt(this.#of.parts, before).isDeleted)
      this.#ties.set(number, [...(this.#ties.get(number) ?? [before]), row.place]);
    this.#become(number, row);
  }

  /** Rows that are the same in all columns count as one. */
  async #mustBeDecided(): Promise<void> {
    if (this.#ties.size === 0) return;
    const { tools, parts, key, where } = this.#of;
    const wanted = new Set([...this.#ties.values()].flat());
    const rows = new Map<number, bigint | 'deleted'>();
    for (const part of parts) {
      if (![...wanted].some((place) => place >= part.first && place < part.first + part.rows)) continue;
      let at = part.first;
      for await (const frame of (await tools.open(part, null)).frames()) {
        const hashes = part.isDeleted ? undefined : await tools.hashes(frame, null);
        for (let i = 0; i < frame.rows; i++) if (wanted.has(at + i)) rows.set(at + i, hashes?.[i] ?? 'deleted');
        at += frame.rows;
      }
    }
    for (const places of this.#ties.values()) {
      const [first, ...others] = places.map((place) => rows.get(place));
      if (others.every((one) => one === first)) continue;
      throw keyTwice(where, { key, example: await this.#exampleAt(places[0] as number) });
    }
  }

  async #exampleAt(place: number): Promise<string> {
    const { tools, parts, key } = this.#of;
    const part = partAt(parts, place);
    let at = part.first;
    for await (const frame of (await tools.open(part, key)).frames()) {
      if (place < at + frame.rows)
        return tools.example(await frame.pick(Uint8Array.from({ length: frame.rows }, (_, i) => Number(at + i === place))), key);
      at += frame.rows;
    }
    return '';
  }
}
