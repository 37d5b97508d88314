import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/frames/cell.ts';
import type { Conforms } from '../../src/frames/conform.ts';
import { convertible } from '../../src/frames/convert.ts';
import { asPolars } from '../../src/frames/polars-frame.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { frameOf } from '../support/parquet-files.ts';

const int64: DataType = { kind: 'int64' };
const float64: DataType = { kind: 'float64' };
const text: DataType = { kind: 'string' };

async function converted(from: DataType, to: DataType, values: readonly Cell[]): Promise<readonly string[]> {
  const frame = await frameOf(
    { columns: [{ name: 'v', type: from, nullable: true }] },
    values.map((value) => [value]),
  );
  const schema = { columns: [{ name: 'v', type: to, nullable: true }] };
  const columns: Conforms[] = [{ name: 'v', type: to, from: 'v', fill: null }];
  const data = await asPolars(await frame.conform({ schema, columns, samples: 'show' })).collect();
  return (data.getColumn('v').toArray() as unknown[]).map(String);
}

describe('values under the type that settled', () => {
  it.each<[DataType, DataType, Cell[], string[]]>([
    [{ kind: 'int32' }, int64, [1, null, -7], ['1', 'null', '-7']],
    [int64, { kind: 'int32' }, [1n, null, 2147483647n], ['1', 'null', '2147483647']],
    [int64, float64, [9007199254740992n, null], ['9007199254740992', 'null']],
    [float64, int64, [3, -0, null], ['3', '0', 'null']],
    [text, int64, ['12', '-3', null], ['12', '-3', 'null']],
    [int64, text, [9007199254740993n, null], ['9007199254740993', 'null']],
  ])('%o as %o are converted when they fit', async (from, to, values, expected) => {
    expect(await converted(from, to, values)).toEqual(expected);
  });

  it.each<[DataType, DataType, Cell]>([
    [int64, { kind: 'int32' }, 2147483648n],
    [int64, float64, 9007199254740993n],
    [int64, float64, 9223372036854775807n],
    [int64, { kind: 'uint8' }, -1n],
    [float64, int64, 1.5],
    [float64, int64, Number.NaN],
    [float64, { kind: 'float32' }, 0.1],
    [text, int64, '007'],
    [text, int64, '1.5'],
    [text, int64, ''],
    [text, { kind: 'date' }, '2024-02-30'],
  ])('%o as %o: %s stops the run instead of changing', async (from, to, value) => {
    await expect(converted(from, to, [null, value])).rejects.toMatchObject({ code: 'HYG-2023' });
  });

  it.each<[DataType, DataType]>([
    [text, float64],
    [text, { kind: 'bool' }],
    [text, { kind: 'timestamp', unit: 'us' }],
    [
      { kind: 'timestamp', unit: 'us' },
      { kind: 'timestamp', unit: 'us', zone: 'UTC' },
    ],
    [{ kind: 'binary' }, text],
    [{ kind: 'list', item: int64 }, text],
    [
      { kind: 'timestamp', unit: 'us', zone: 'UTC' },
      { kind: 'timestamp', unit: 'us' },
    ],
  ])('%o as %o: there is no such conversion', (from, to) => {
    expect(convertible(from, to)).toBe(false);
  });
});
