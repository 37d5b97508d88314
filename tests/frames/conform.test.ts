import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/frames/cell.ts';
import { canonicalTexts } from '../../src/frames/row-sum/row-hashes.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { overRows } from '../../src/frames/values/cells.ts';
import type { Conforms } from '../../src/frames/values/conforms.ts';
import { convertible } from '../../src/frames/values/convert.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
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
    [{ kind: 'list', item: { kind: 'binary' } }, { kind: 'json' }],
    [
      { kind: 'timestamp', unit: 'us', zone: 'UTC' },
      { kind: 'timestamp', unit: 'us' },
    ],
  ])('%o as %o: there is no such conversion', (from, to) => {
    expect(convertible(from, to)).toBe(false);
  });
});

describe('lists and structs as JSON documents', () => {
  const list: DataType = { kind: 'list', item: int64 };
  const struct: DataType = {
    kind: 'struct',
    fields: [
      { name: 'a "b"', type: { kind: 'decimal', precision: 20, scale: 2 }, nullable: true },
      { name: 'at', type: { kind: 'timestamp', unit: 'ns', zone: 'UTC' }, nullable: true },
      { name: 'of', type: { kind: 'list', item: { kind: 'float64' } }, nullable: true },
    ],
  };
  const json: DataType = { kind: 'json' };
  const columns = [
    { name: 'id', type: int64, nullable: true },
    { name: 'l', type: list, nullable: true },
    { name: 's', type: struct, nullable: true },
  ];
  const rows: readonly Cell[][] = [
    [1n, [9007199254740993n, null], [250n, 1n, [0.1]]],
    [2n, null, null],
    [3n, [], [null, null, null]],
  ];

  it('hold every value exactly; a row without a value has none, and what is inside it is null', async () => {
    const frame = await frameOf({ columns }, rows);
    const to: Conforms[] = columns.map(({ name, type }) => ({ name, type: name === 'id' ? type : json, from: name, fill: null }));
    const made = await frame.conform({
      schema: { columns: columns.map((one, i) => ({ ...one, type: to[i]?.type ?? one.type })) },
      columns: to,
      samples: 'show',
    });
    expect(await made.nullCounts()).toEqual([0, 1, 1]);
    const data = await asPolars(made).collect();
    expect(data.columns).toEqual(['id', 'l', 's']);
    expect(data.getColumn('l').toArray()).toEqual(['[9007199254740993,null]', null, '[]']);
    expect(data.getColumn('s').toArray()).toEqual([
      '{"a \\"b\\"":2.50,"at":"1970-01-01T00:00:00.000000001Z","of":[0.1]}',
      null,
      '{"a \\"b\\"":null,"at":null,"of":null}',
    ]);
  });

  it.each([
    [{ utc: true }, [1_000n, -1_000n], null],
    [{ utc: true }, [1_500n], 'HYG-2023'],
    [{ cut: true }, [1_500n, -500n], null],
    [{ utc: true, cut: true }, [1_500n], null],
  ] as const)('times that become others, as %j says, lose digits only if they may be cut', async (retimed, values, code) => {
    const at = { name: 'at', type: { kind: 'timestamp', unit: 'ns' }, nullable: true } as const;
    const frame = await frameOf(
      { columns: [at] },
      values.map((value) => [value]),
    );
    const type = { kind: 'timestamp', unit: 'us', ...('utc' in retimed && { zone: 'UTC' }) } as const;
    const column: Conforms = { name: 'at', type, from: 'at', fill: null, retimed };
    const made = frame.conform({ schema: { columns: [{ ...at, type }] }, columns: [column], samples: 'show' });
    if (code !== null) return expect(made).rejects.toMatchObject({ code });
    const rows = await canonicalTexts(await made, [{ name: 'at', type }]);
    expect(rows.flat()).toEqual(values.map((value) => (value > 0 ? '1970-01-01T00:00:00.000001' : '1969-12-31T23:59:59.999999')));
  });

  it.each([
    ['timestamp', undefined, 'Or, in a Delta table or a Warehouse, have digits'],
    ['timestamp', {}, 'Or, in a Delta table or a Warehouse, take `at` out of schema_overrides, and have digits'],
    ['time', undefined, 'Or, in a Warehouse, have digits'],
  ] as const)('a %s that loses digits is told with the remedy that its store has, with an override %j', async (kind, override, remedy) => {
    const at = { name: 'at', type: { kind, unit: 'ns' }, nullable: true } as const;
    const type = { kind, unit: 'us' } as const;
    const column: Conforms = { name: 'at', type, from: 'at', fill: null, ...(override && { override }) };
    const frame = await frameOf({ columns: [at] }, [[1_500n]]);
    const made = frame.conform({ schema: { columns: [{ ...at, type }] }, columns: [column], samples: 'show' });
    await expect(made).rejects.toMatchObject({ code: 'HYG-2023', tryThis: expect.arrayContaining([expect.stringContaining(remedy)]) });
  });

  it('take the place of each other’s names', async () => {
    const frame = await frameOf({ columns }, rows);
    const to: Conforms[] = [
      { name: 'l', type: int64, from: 'id', fill: null },
      { name: 'id', type: json, from: 'l', fill: null },
      { name: 'new', type: { kind: 'string' }, from: null, fill: null },
    ];
    const schema = { columns: to.map(({ name, type }) => ({ name, type, nullable: true })) };
    const data = await asPolars(await frame.conform({ schema, columns: to, samples: 'show' })).collect();
    expect((data.getColumn('l').toArray() as unknown[]).map(String)).toEqual(['1', '2', '3']);
    expect(data.getColumn('id').toArray()).toEqual(['[9007199254740993,null]', null, '[]']);
    expect(data.getColumn('new').nullCount()).toBe(3);
  });

  it.each([
    [[0.5, Number.NaN], /row 2/],
    [[Number.POSITIVE_INFINITY], /row 2/],
  ])('are refused, with their row, for values that JSON has no number for: %s', async (value, place) => {
    const type: DataType = { kind: 'list', item: float64 };
    const frame = await frameOf({ columns: [{ name: 'v', type, nullable: true }] }, [[[1.5]], [value]]);
    const columns: Conforms[] = [{ name: 'v', type: json, from: 'v', fill: null }];
    await expect(
      frame.conform({ schema: { columns: [{ name: 'v', type: json, nullable: true }] }, columns, samples: 'show' }),
    ).rejects.toMatchObject({
      code: 'HYG-2023',
      what: expect.stringContaining("which JSON can't express"),
      why: [expect.stringMatching(place)],
    });
  });
});

describe('lists and structs as wider ones', () => {
  const of = (type: DataType, fields: Readonly<Record<string, DataType>>): DataType => ({
    kind: 'list',
    item: {
      kind: 'struct',
      fields: [{ name: 'n', type, nullable: true }, ...Object.entries(fields).map(([name, one]) => ({ name, type: one, nullable: true }))],
    },
  });
  const ms: DataType = { kind: 'timestamp', unit: 'ms' };
  const us: DataType = { kind: 'timestamp', unit: 'us' };
  const narrow = of(
    { kind: 'int32' },
    { at: ms, d: { kind: 'decimal', precision: 5, scale: 1 }, in: { kind: 'list', item: { kind: 'uint8' } } },
  );
  const wide = of(int64, {
    more: text,
    at: us,
    in: { kind: 'list', item: int64 },
    d: { kind: 'decimal', precision: 20, scale: 3 },
  });

  it('keep every value, in the place of its name, and null where there is none', async () => {
    const rows: readonly Cell[][] = [[[[7, 1_000n, 15n, [1, null]], null, [null, null, null, null]]], [null], [[]]];
    const frame = await frameOf({ columns: [{ name: 'v', type: narrow, nullable: true }] }, rows);
    const schema = { columns: [{ name: 'v', type: wide, nullable: true }] };
    const made = await frame.conform({ schema, columns: [{ name: 'v', type: wide, from: 'v', fill: null }], samples: 'show' });
    expect(await overRows(made, (all) => [...all])).toEqual([
      [[[7n, null, 1_000_000n, [1n, null], 1_500n], null, [null, null, null, null, null]]],
      [null],
      [[]],
    ]);
    expect(await made.nullCounts()).toEqual([1]);
  });
});
