import { describe, expect, test } from 'vitest';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { overRows } from '../../src/frames/values/cells.ts';

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'name', type: { kind: 'string' }, nullable: true },
  ],
};

type Row = readonly [bigint, string | null];
const frames: readonly (readonly Row[])[] = [
  [
    [1n, 'one'],
    [2n, null],
    [3n, 'three'],
  ],
  [[4n, null]],
  [],
  [
    [5n, 'five'],
    [6n, 'six'],
  ],
];

describe('the frames of one builder', () => {
  test.each(['whole rows', 'columns'] as const)('hold the rows since the one before, and no others (%s)', async (by) => {
    const builder = await frameBuilder(schema);
    const taken: unknown[] = [];
    for (const rows of frames) {
      for (const row of rows) {
        if (by === 'whole rows') builder.append(row);
        else {
          builder.columns.forEach((column, at) => void column.append(row[at] as Cell));
          builder.rowDone();
        }
      }
      expect(builder.rows).toBe(rows.length);
      const frame = await builder.take();
      taken.push({ rows: frame.rows, cells: await overRows(frame, (given) => Array.from(given)), nulls: await frame.nullCounts() });
    }
    expect(taken).toEqual(
      frames.map((rows) => ({ rows: rows.length, cells: rows, nulls: [0, rows.filter(([, name]) => name === null).length] })),
    );
  });

  test('are measured by the bytes since the one before', async () => {
    const builder = await frameBuilder(schema);
    const empty = builder.bytes;
    builder.append([1n, 'x'.repeat(10_000)]);
    const full = builder.bytes;
    expect(full - empty).toBeGreaterThanOrEqual(10_000);
    expect((await builder.take()).bytes).toBe(full);
    expect([builder.rows, builder.bytes]).toEqual([0, empty]);
  });
});
