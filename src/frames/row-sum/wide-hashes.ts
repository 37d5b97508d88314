/** Hashes of 128 bits for each row, with which equal values are found in any number of rows. The native engine computes the hashes, because hashing in JavaScript would take longer than reading the rows. */
import { hash } from 'node:crypto';
import type { Frame } from '../../engine/contracts/frame.ts';
import { type DataFrame, type Polars, polars } from '../native.ts';
import type { DataType, Schema } from '../schema.ts';
import { frameBuilder } from '../values/builders.ts';
import { withArrow } from '../values/from-polars.ts';
import { asPolars } from '../values/polars-frame.ts';

/** The number of 32-bit words in a hash. */
export const hashWords = 4;

/**
 * The hash of each row that has no null in these columns, in the frame’s order, as four words. Equal values have equal hashes: -0.0 and 0.0
 * are equal, and NaN is equal to itself, as in SQL. With another seed, the hashes are different.
 * @param columns the names of columns of the frame. For their types, `hasEquality` must be true.
 */
export async function wideHashes(frame: Frame, columns: readonly string[], seed: string): Promise<Uint32Array> {
  if (frame.rows === 0) return new Uint32Array();
  const own = asPolars(frame);
  const pl = await polars();
  // Rows that are not in memory are read in these columns only. The encoder of the rows reads or copies them without making a frame.
  const rows = await own.lazy();
  const known = columns.map((name) => pl.col(name).isNotNull()).reduce((all, one) => all.and(one));
  return wordsOf(
    await rows
      .select(...columns.map((name) => pl.col(name)))
      .filter(known)
      .select(...seedsOf(seed, columns.length).map((keys, at) => seeded(pl, columns[at >> 1] ?? '', keys).alias(String(at))))
      .collect(),
  );
}

/** Whether it is certain which values of a type are equal, however their text is written. */
export function hasEquality({ kind }: DataType): boolean {
  return !['json', 'struct', 'list', 'null'].includes(kind);
}

/**
 * A fingerprint of the hashes that this process makes with a seed. The native engine guarantees the same hashes only for the same version
 * on the same kind of processor. Runs of hashes are therefore compared only if their fingerprints are equal.
 */
export async function hashesLookLike(seed: string): Promise<string> {
  const builder = await frameBuilder(sampled);
  builder.append([1n, 1.5, 'hygge', new Uint8Array([1, 2, 3])]);
  builder.append([-1n, -0.25, `a text that is longer than any block that a hash is made of, ${'x'.repeat(200)}`, new Uint8Array(40)]);
  const words = await wideHashes(
    await builder.take(),
    sampled.columns.map(({ name }) => name),
    seed,
  );
  return hash('sha256', new Uint8Array(words.buffer), 'hex').slice(0, 16);
}

const sampled: Schema = {
  columns: (['int64', 'float64', 'string', 'binary'] as const).map((kind) => ({ name: kind, type: { kind }, nullable: false })),
};

type Keys = readonly [number, number, number, number];

function seeded(pl: typeof Polars, column: string, keys: Keys) {
  return pl.col(column).hash(...keys);
}

/** The seeds for two hashes of each column. The seeds differ from column to column, so that equal values in two columns do not cancel out. */
function seedsOf(seed: string, columns: number): readonly Keys[] {
  return Array.from({ length: 2 * columns }, (_, at): Keys => {
    const bytes = hash('sha256', `${at} ${seed}`, 'buffer');
    return [bytes.readUIntBE(0, 6), bytes.readUIntBE(6, 6), bytes.readUIntBE(12, 6), bytes.readUIntBE(18, 6)];
  });
}

/** The words of the hashes. @param hashes two columns of 64 bits for each column of the key. */
async function wordsOf(hashes: DataFrame): Promise<Uint32Array> {
  const words = new Uint32Array(hashWords * hashes.height);
  await withArrow(hashes, ({ batches }) => {
    let from = 0;
    for (const { data, numRows } of batches) {
      for (const [at, { values }] of data.children.entries())
        mixIn((values as BigUint64Array).subarray(0, numRows), words, hashWords * from + 2 * (at & 1));
      from += numRows;
    }
  });
  return words;
}

function mixIn(values: BigUint64Array, words: Uint32Array, from: number): void {
  const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let half = 0, at = from; half < halves.length; half += 2, at += hashWords) {
    words[at] = (words[at] as number) ^ (halves[half] as number);
    words[at + 1] = (words[at + 1] as number) ^ (halves[half + 1] as number);
  }
}
