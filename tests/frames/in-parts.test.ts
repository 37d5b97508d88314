import { expect, test } from 'vitest';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { inParts } from '../../src/frames/values/from-polars.ts';

test('a frame is looked at in parts, in order, and the memory of each goes when the next one comes', async () => {
  const builder = await frameBuilder({ columns: [{ name: 'n', type: { kind: 'float64' }, nullable: false }] });
  for (let row = 0; row < 20_000; row++) builder.append([row]);
  const held: ArrayBufferLike[] = [];
  let rows = 0;
  for (const part of await inParts(await (await builder.take()).collect())) {
    expect(held.map(({ byteLength }) => byteLength).filter((bytes) => bytes > 0)).toEqual([]);
    const values = part.getChildAt(0)?.data[0]?.values as Float64Array;
    expect([values[0], values[part.numRows - 1]]).toEqual([rows, rows + part.numRows - 1]);
    held.push(values.buffer);
    rows += part.numRows;
  }
  expect([rows, held.length > 1]).toEqual([20_000, true]);
  expect(held.map(({ byteLength }) => byteLength).filter((bytes) => bytes > 0)).toEqual([]);
});

test('a frame without rows has no parts', async () => {
  const builder = await frameBuilder({ columns: [{ name: 'n', type: { kind: 'float64' }, nullable: false }] });
  expect([...(await inParts(await (await builder.take()).collect()))]).toEqual([]);
});
