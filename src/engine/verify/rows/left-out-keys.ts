/** The keys of source rows that do not settle. Earlier settled rows with such a key stay, because no other row of the source would settle with the key. */
import { canonicalTexts, rowHashes } from '../../../frames/row-sum/row-hashes.ts';
import type { DataType } from '../../../frames/schema.ts';
import { frameBuilder } from '../../../frames/values/builders.ts';
import type { Rejected, RejectedText } from '../../../frames/values/rejected-rows.ts';
import { KeySet } from '../../../keys/key-set.ts';
import type { Frame } from '../../contracts/frame.ts';
import type { SummedColumn } from '../../contracts/row-sums.ts';

/** A column of the key. */
export interface KeyColumn extends SummedColumn {
  /** The column’s name in the source. Null: no column of the source has the values of this column. */
  readonly inSource: string | null;
}

/** Rows that are left out: either rows that break a rule, with the columns that settle, or rows that can’t be read. */
export type LeftOutRows = Frame | Pick<Rejected, 'rejected' | 'textOf' | 'from'>;

export class LeftOutKeys {
  readonly #keys: KeySet;
  readonly #of: { readonly columns: readonly SummedColumn[]; readonly key: readonly KeyColumn[] };
  /** How many rows have a key that can’t be read or has a null. */
  unknown: number;

  /** @param of the columns and the key; without a key, all columns of a row identify it. @param earlier what `toJson` returned. */
  constructor(of: { readonly columns: readonly SummedColumn[]; readonly key: readonly KeyColumn[] }, earlier?: LeftOutAsJson) {
    this.#of = of;
    this.#keys = KeySet.fromText(earlier?.keys ?? '');
    this.unknown = earlier?.unknown ?? 0;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(key: bigint): boolean {
    return this.#keys.size > 0 && this.#keys.has(key);
  }

  /** The indexes of the hashes that are keys of rows that do not settle. */
  placesIn(hashes: BigInt64Array): readonly number[] {
    return this.#keys.placesIn(hashes);
  }

  async add(rows: LeftOutRows): Promise<void> {
    const { columns, key } = this.#of;
    if ('schema' in rows) {
      this.#keys.add(await rowHashes(rows, key.length === 0 ? columns : key));
      // Without a key, an earlier version of a row counts as another row. A key with a null does not identify a row.
      this.unknown += key.length === 0 ? rows.rows : (await placesWithoutKey(rows, key)).length;
      return;
    }
    const { rejected, textOf } = rows;
    const known = rejected.flatMap((row) => keyTexts(textOf?.(row), key) ?? []);
    this.unknown += rejected.length - known.length;
    if (known.length === 0) return;
    const texts = key.map(({ name }) => ({ name, type: { kind: 'string' } as const, nullable: false }));
    const builder = await frameBuilder({ columns: texts });
    for (const one of known) builder.append(one);
    this.#keys.add(await rowHashes(await builder.take(), texts));
  }

  toJson(): LeftOutAsJson {
    return { keys: this.#keys.toText(), unknown: this.unknown };
  }
}

export interface LeftOutAsJson {
  readonly keys: string;
  readonly unknown: number;
}

/** The canonical texts of a key’s values, as a list with one row. Undefined: a value is null or can’t be read, or the rows have no key. */
function keyTexts(textOf: ReturnType<RejectedText> | undefined, key: readonly KeyColumn[]): readonly [readonly string[]] | undefined {
  const texts = key.map(({ inSource, type }) => {
    const text = inSource === null ? undefined : textOf?.(inSource);
    return text == null ? undefined : canonicalKeyText(type, text);
  });
  return key.length === 0 || texts.includes(undefined) ? undefined : [texts as readonly string[]];
}

/** The canonical text of a value, for the types that most keys have. Undefined: the key has another type, or the text is not a value of the type. */
function canonicalKeyText({ kind }: DataType, text: string): string | undefined {
  if (kind === 'string') return text;
  if (kind === 'uuid') return text.toLowerCase();
  return /^u?int/.test(kind) && /^ *[+-]?\d+ *$/.test(text) ? `${BigInt(text.trim().replace('+', ''))}` : undefined;
}

/** The indexes of rows with a null in their key. Such a key does not identify a row. */
export async function placesWithoutKey(rows: Frame, key: readonly SummedColumn[]): Promise<readonly number[]> {
  const counts = await rows.nullCounts();
  const mayBeNull = rows.schema.columns.some(({ name }, at) => (counts[at] ?? 0) > 0 && key.some((column) => column.name === name));
  return mayBeNull ? (await canonicalTexts(rows, key)).flatMap((texts, at) => (texts.includes(null) ? [at] : [])) : [];
}
