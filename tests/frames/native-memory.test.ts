import { expect, test } from 'vitest';
import { frameBuilder } from '../../src/frames/builders.ts';
import { type DataFrame, polars } from '../../src/frames/native.ts';
import { letGoOfBytes } from '../../src/frames/native-bytes.ts';
import { letGo } from '../../src/frames/native-memory.ts';
import { PolarsFrame } from '../../src/frames/polars-frame.ts';
import type { Schema } from '../../src/frames/schema.ts';

const schema: Schema = { columns: ['a', 'b'].map((name) => ({ name, type: { kind: 'int64' }, nullable: true })) };

/** Bytes of the columns that the native frame holds. */
const sizeOf = (frame: DataFrame): number => (frame as unknown as { readonly _df: { estimatedSize(): number } })._df.estimatedSize();

test('a frame that is let go of holds nothing, and what others have of it stays', async () => {
  const pl = await polars();
  const frame = pl.DataFrame({
    a: Array.from({ length: 100_000 }, (_, i) => i),
    b: Array.from({ length: 100_000 }, (_, i) => `text ${i}`),
  });
  const slice = frame.slice(1000, 2);
  const before = sizeOf(frame);
  await letGo(frame);
  expect(before).toBeGreaterThan(1_000_000);
  expect(sizeOf(frame)).toBeLessThan(before / 10);
  expect(slice.toRecords()).toEqual([
    { a: 1000, b: 'text 1000' },
    { a: 1001, b: 'text 1001' },
  ]);
});

test('bytes are let go of, but not those of a buffer that others are in', () => {
  const own = new Uint8Array(1000);
  letGoOfBytes(own);
  expect(own).toHaveLength(0);
  const part = new Uint8Array(1000).subarray(0, 10);
  letGoOfBytes(part);
  expect(part).toHaveLength(10);
  const pooled = Buffer.from('text');
  letGoOfBytes(pooled);
  expect(pooled.toString()).toBe('text');
});

test('rows that were taken for one use and let go of are there again', async () => {
  const builder = await frameBuilder(schema);
  for (let i = 0n; i < 5n; i++) builder.append([i, null]);
  const inMemory = await builder.take();
  const plan = (await inMemory.collect()).lazy();
  const planned = PolarsFrame.lazy({ schema, plan, rows: 5, bytes: 80, facts: {} });
  for (const frame of [inMemory, planned]) {
    const expected = (await frame.taken()).toRecords();
    const taken = await frame.taken();
    await letGo(taken);
    expect((await frame.taken()).toRecords()).toEqual(expected);
    expect((await frame.collect()).toRecords()).toEqual(expected);
  }
});
