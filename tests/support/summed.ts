/** Sums of frames, reckoned plainly: what the sums of a database must equal. */

import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Division, DivisionPart, OneBucketSums, SummedColumn, SumsRequest } from '../../src/engine/contracts/row-sums.ts';
import { rowText } from '../../src/frames/row-sum/canonical-text.ts';
import { hashOf } from '../../src/frames/row-sum/md5-bits.ts';
import { canonicalTexts } from '../../src/frames/row-sum/row-hashes.ts';

type Texts = readonly (string | null)[];

/** A number, a date, an instant or a uuid as something that JavaScript orders. */
function orderOf(text: string): bigint | string {
  const digits = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (digits === null)
    return text
      .replace('Z', '')
      .replace(/\.(\d+)?$/, (_, fraction = '') => `.${fraction.padEnd(9, '0')}`)
      .replace(/(:\d\d)$/, '$1.000000000');
  const [, sign, whole, fraction = ''] = digits;
  return BigInt(`${sign}${whole}${fraction.padEnd(40, '0')}`);
}

const isBelow = (text: string, bound: string): boolean => orderOf(text) < orderOf(bound);
const bitsOf = (texts: Texts, from: number, count: number): number =>
  Number((BigInt.asUintN(64, hashOf(rowText(texts))) >> BigInt(64 - from - count)) & ((1n << BigInt(count)) - 1n));

/** Canonical texts of some columns, row by row. */
export interface TextRows {
  readonly columns: readonly SummedColumn[];
  readonly rows: readonly Texts[];
}

export async function textRows(frames: AsyncIterable<Frame>, columns: readonly SummedColumn[]): Promise<TextRows> {
  const rows: Texts[] = [];
  for await (const frame of frames) rows.push(...(await canonicalTexts(frame, columns)));
  return { columns, rows };
}

/** @param frames all rows of the window. */
export async function summedFrames(frames: AsyncIterable<Frame>, request: SumsRequest): Promise<readonly OneBucketSums[]> {
  const { scope, division, columns } = request;
  const all = [...columns, ...columnsOf(scope.part), ...columnsOf(division)];
  const once = [...new Map(all.map((column) => [column.name, column])).values()];
  return summedTexts(await textRows(frames, once), request);
}

const columnsOf = (by: DivisionPart | Division | null): readonly SummedColumn[] =>
  by === null || by.by === 'nothing' ? [] : by.by === 'hash' ? by.key : [by.column];

/** @param texts all rows of the window, with every column that the request names. */
export function summedTexts(texts: TextRows, { scope, division, columns, of }: SumsRequest): readonly OneBucketSums[] {
  const buckets = new Map<number, { rows: number; sum: bigint; columns: { count: number; sum: bigint }[] }>();
  const placesOf = (some: readonly SummedColumn[]) => some.map(({ name }) => texts.columns.findIndex((one) => one.name === name));
  const [summed, inPart, inBucket] = [placesOf(columns), placesOf(columnsOf(scope.part)), placesOf(columnsOf(division))];
  const take = (row: Texts, places: readonly number[]): Texts => places.map((at) => row[at] ?? null);
  for (const row of texts.rows) {
    if (scope.part !== null && !isInPart(scope.part, take(row, inPart))) continue;
    const bucket = bucketOf(division, take(row, inBucket));
    const sums = buckets.get(bucket) ?? { rows: 0, sum: 0n, columns: columns.map(() => ({ count: 0, sum: 0n })) };
    buckets.set(bucket, sums);
    sums.rows++;
    const own = take(row, summed);
    sums.sum += hashOf(rowText(own));
    if (of === 'rows') continue;
    for (const [at, text] of own.entries()) {
      const column = sums.columns[at] as { count: number; sum: bigint };
      if (text === null) continue;
      column.count++;
      column.sum += hashOf(text);
    }
  }
  return [...buckets]
    .toSorted(([a], [b]) => a - b)
    .map(([bucket, { rows, sum, columns: each }]) => ({
      ...{ bucket, rows, sum: String(sum) },
      ...(of === 'rows' ? {} : { columns: each.map(({ count, sum: total }) => ({ count, sum: String(total) })) }),
    }));
}

function isInPart(part: DivisionPart, texts: Texts): boolean {
  if (part.by === 'hash') return bitsOf(texts, 0, part.bits) === part.prefix;
  const [text = null] = texts;
  if (part.by === 'no value') return text === null;
  return text !== null && (part.from === null || !isBelow(text, part.from)) && (part.below === null || isBelow(text, part.below));
}

function bucketOf(division: Division, texts: Texts): number {
  if (division.by === 'nothing') return 0;
  if (division.by === 'hash') return bitsOf(texts, division.bits, 5);
  const [text = null] = texts;
  if (text === null) return division.bounds.length + 1;
  return division.bounds.filter((bound) => !isBelow(text, bound)).length;
}
