import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { FrameToStage } from '../../src/engine/contracts/store.ts';
import { type KeyedParts, newestAgain } from '../../src/files/landing-zone/newest-rows.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { overRows } from '../../src/frames/values/cells.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import { frameOf } from '../support/parquet-files.ts';
import { cases } from '../support/samples.ts';

let scratch: Scratch;
beforeAll(() => {
  scratch = realScratch();
});
afterAll(() => scratch[Symbol.asyncDispose]());

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'mark', type: { kind: 'timestamp', unit: 'us' }, nullable: true },
    { name: 'note', type: { kind: 'string' }, nullable: false },
  ],
};
type Row = readonly [id: number, mark: number | null, note: string];
const format = parquetFormat({});

async function parquetOf(rows: readonly Row[]): Promise<Buffer> {
  const encoder = format.encoder({ schema, scratch, watermark: null });
  const bytes: Buffer[] = [];
  const cells = rows.map(([id, mark, note]): Cell[] => [BigInt(id), mark === null ? null : BigInt(mark), note]);
  for await (const chunk of encoder.add(await frameOf(schema, cells))) bytes.push(Buffer.from(chunk));
  for await (const chunk of encoder.end()) bytes.push(Buffer.from(chunk));
  return Buffer.concat(bytes);
}

async function partsOf(parts: readonly (readonly Row[])[], key: readonly string[] = ['id']): Promise<KeyedParts> {
  const contents = await Promise.all(parts.map(parquetOf));
  return {
    ...{ format, scratch, key },
    where: 'mirror/orders',
    watermark: 'mark',
    files: { read: async (path, range) => (contents[Number(path)] ?? Buffer.alloc(0)).subarray(range?.start, range?.end) },
    parts: contents.map((content, i) => ({
      staged: String(i),
      final: '',
      bytes: content.length,
      checksum: '',
      rows: parts[i]?.length ?? 0,
      role: 'data',
    })),
  };
}

async function rowsIn(frames: AsyncIterable<FrameToStage>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const { frame } of frames)
    rows.push(
      ...(await overRows(frame, (all) =>
        [...all].map(([id, mark, note]): Row => [Number(id), mark === null ? null : Number(mark), String(note)]),
      )),
    );
  return rows;
}

/** Fabric: the last row of a key stays. */
const upserted = (rows: readonly Row[]) => new Map(rows.map((row) => [row[0], row]));

/** The newest row of each key: null is older than any value. */
function newest(rows: readonly Row[]): ReadonlyMap<number, Row> {
  const found = new Map<number, Row>();
  for (const row of rows) {
    const before = found.get(row[0]);
    if (before === undefined || (row[1] ?? -1) >= (before[1] ?? -1)) found.set(row[0], row);
  }
  return found;
}

describe('the rows that are published once more', () => {
  test.each([
    [
      'none, of rows whose newest comes last',
      [
        [
          [1, 1, 'a'],
          [2, 1, 'b'],
        ],
        [[1, 2, 'c']],
      ],
      [],
    ],
    [
      'the newest of a key in an earlier part',
      [
        [[1, 5, 'new']],
        [
          [1, 2, 'old'],
          [2, 1, 'b'],
        ],
      ],
      [[1, 5, 'new']],
    ],
    [
      'the newest of a key above its older row',
      [
        [
          [1, 5, 'new'],
          [1, 2, 'old'],
        ],
      ],
      [[1, 5, 'new']],
    ],
    ['a row with a watermark before one without', [[[1, 5, 'new']], [[1, null, 'old']]], [[1, 5, 'new']]],
    ['none, of rows that are alike', [[[1, 5, 'a']], [[1, 5, 'a']]], []],
    ['one of rows that are alike and newer than the last', [[[1, 5, 'a']], [[1, 5, 'a']], [[1, 4, 'b']]], [[1, 5, 'a']]],
  ] as [string, Row[][], Row[]][])('%s', async (_, parts, again) => {
    expect(await rowsIn(newestAgain(await partsOf(parts)))).toEqual(again);
  });

  test('are refused where the watermark does not say which row is the newer one', async () => {
    const parts: Row[][] = [[[7, 5, 'a']], [[7, 5, 'b']], [[7, 4, 'c']]];
    await expect(rowsIn(newestAgain(await partsOf(parts)))).rejects.toMatchObject({
      code: 'HYG-4016',
      what: expect.stringContaining('the same id: 7'),
    });
    // A still newer row decides.
    expect(await rowsIn(newestAgain(await partsOf([[[7, 6, 'd']], ...parts])))).toEqual([[7, 6, 'd']]);
  });

  const row = fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.option(fc.integer({ min: 7, max: 13 })))
    .map(([id, mark]): Row => [id, mark, `${id} at ${mark}`]);
  test('make the newest row of every key the last one, however many keys are held at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (parts, mostHeld, mostCompared) => {
          const of = await partsOf(parts);
          const again = await rowsIn(newestAgain(of, { mostHeld, mostCompared }));
          expect(upserted([...parts.flat(), ...again])).toEqual(newest(parts.flat()));
        },
      ),
      cases(100),
    );
  });
});
