/** Sums of frames, reckoned plainly: what the sums of a database must equal. */

import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { BucketSums, Division, Part, SummedColumn, SumsRequest } from '../../src/engine/contracts/row-sums.ts';
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

/** @param frames all rows of the window. */
export async function summedFrames(
  frames: AsyncIterable<Frame>,
  { scope, division, columns, of }: SumsRequest,
): Promise<readonly BucketSums[]> {
  const buckets = new Map<number, { rows: number; sum: bigint; columns: { count: number; sum: bigint }[] }>();
  const wanted = (by: Part | Division | null): readonly SummedColumn[] =>
    by === null || by.by === 'nothing' ? [] : by.by === 'hash' ? by.key : [by.column];
  for await (const frame of frames) {
    const [rows, inPart, inBucket] = [
      await canonicalTexts(frame, columns),
      await canonicalTexts(frame, wanted(scope.part)),
      await canonicalTexts(frame, wanted(division)),
    ];
    for (const [n, texts] of rows.entries()) {
      if (scope.part !== null && !isInPart(scope.part, inPart[n] as Texts)) continue;
      const bucket = bucketOf(division, inBucket[n] as Texts);
      const sums = buckets.get(bucket) ?? { rows: 0, sum: 0n, columns: columns.map(() => ({ count: 0, sum: 0n })) };
      buckets.set(bucket, sums);
      sums.rows++;
      sums.sum += hashOf(rowText(texts));
      for (const [at, text] of texts.entries()) {
        const column = sums.columns[at] as { count: number; sum: bigint };
        if (text === null) continue;
        column.count++;
        column.sum += hashOf(text);
      }
    }
  }
  return [...buckets]
    .toSorted(([a], [b]) => a - b)
    .map(([bucket, { rows, sum, columns: each }]) => ({
      ...{ bucket, rows, sum: String(sum) },
      ...(of === 'rows' ? {} : { columns: each.map(({ count, sum: total }) => ({ count, sum: String(total) })) }),
    }));
}

function isInPart(part: Part, texts: Texts): boolean {
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
