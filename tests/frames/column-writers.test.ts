import { expect, test } from 'vitest';
import type { Schema } from '../../src/frames/schema.ts';
import { type BytesWriter, type FrameWriter, frameWriter, type WordsWriter } from '../../src/frames/values/column-writers.ts';
import type { PolarsFrame } from '../../src/frames/values/polars-frame.ts';

const schema: Schema = {
  columns: [
    { name: '', type: { kind: 'int32' }, nullable: false },
    { name: 'text', type: { kind: 'string' }, nullable: true },
  ],
};

function put({ writers }: FrameWriter, from: number, rows: number, text: (row: number) => Buffer = (row) => Buffer.from(`text ${row}`)) {
  const [numbers, texts] = writers as unknown as [WordsWriter, BytesWriter];
  for (let row = from; row < from + rows; row++) {
    numbers.one(row);
    const bytes = text(row);
    if (row % 10 === 0) texts.null();
    else texts.from(bytes, 0, bytes.length);
  }
}

const edges = async (frame: PolarsFrame) => {
  const data = await frame.collect();
  return [data.height, data.row(1), data.row(data.height - 1)];
};

test('frames that are taken one behind the other, none of them awaited, keep their own rows', async () => {
  const writer = await frameWriter(schema);
  for (const turn of [1, 2]) {
    const taken: Promise<PolarsFrame>[] = [];
    for (const from of [0, 10_000, 20_000]) {
      put(writer, from, 10_000);
      taken.push(writer.take());
    }
    expect(await Promise.all(taken.map(async (frame) => edges(await frame))), `turn ${turn}`).toEqual([
      [10_000, [1, 'text 1'], [9_999, 'text 9999']],
      [10_000, [10_001, 'text 10001'], [19_999, 'text 19999']],
      [10_000, [20_001, 'text 20001'], [29_999, 'text 29999']],
    ]);
  }
});

test('frames of one row, of many, and of more bytes than memory is kept for come as they were written', async () => {
  const writer = await frameWriter(schema);
  const long = Buffer.alloc(40_000, 'x');
  const frames: PolarsFrame[] = [];
  for (const [rows, text] of [[2], [1_000, () => long], [50_000], [2]] as const) {
    put(writer, 0, rows, text);
    frames.push(await writer.take());
  }
  const x = long.toString();
  expect(await Promise.all(frames.map(edges))).toEqual([
    [2, [1, 'text 1'], [1, 'text 1']],
    [1_000, [1, x], [999, x]],
    [50_000, [1, 'text 1'], [49_999, 'text 49999']],
    [2, [1, 'text 1'], [1, 'text 1']],
  ]);
});
