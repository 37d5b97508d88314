import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/frames/cell.ts';
import { type Polars, polars } from '../../../src/frames/native.ts';
import { hashColumns } from '../../../src/frames/polish/hash-ids.ts';
import type { DataType, Schema } from '../../../src/frames/schema.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { duck } from '../../support/duck.ts';
import { edgeColumns } from '../../support/edge-values.ts';
import { frameOf } from '../../support/parquet-files.ts';
import { cases } from '../../support/samples.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'polish.md'), 'utf8');

/** The implementation that the page shows, as a stranger would take it: it shares no line with ours. */
const shown = /```js\n(.*?)```/s.exec(page)?.[1] ?? '';
const { rowId } = (await import(`data:text/javascript,${encodeURIComponent(shown)}`)) as {
  rowId(values: readonly (readonly [tag: string, text: string] | null)[]): string;
};

type Typed = readonly [DataType, Cell];

const schemaOf = (types: readonly DataType[]): Schema => ({
  columns: types.map((type, index) => ({ name: `c${index}`, type, nullable: true })),
});

async function idsOf(types: readonly DataType[], rows: readonly (readonly Cell[])[]): Promise<readonly (string | null)[]> {
  const schema = schemaOf(types);
  const frame = await frameOf(schema, rows);
  const from = schema.columns.map(({ name }) => name);
  const ids = await toArrow(await hashColumns(await frame.collect(), schema, [{ name: 'id', from, form: 'hex' }]));
  return [...(ids.getChildAt(0) ?? [])];
}

const idOf = async (...values: readonly Typed[]): Promise<string | null | undefined> =>
  (
    await idsOf(
      values.map(([type]) => type),
      [values.map(([, cell]) => cell)],
    )
  )[0];

const string: DataType = { kind: 'string' };
const int64: DataType = { kind: 'int64' };
const micros = (text: string): bigint => BigInt(Date.parse(text)) * 1000n;

describe('the examples of the page', () => {
  const rows = [...page.matchAll(/^\| (.+?) +\| `(.+?)` +\| `([0-9a-f]{64})` \|$/gm)].map(([, values = '', text = '', id = '']) => ({
    values,
    text,
    id,
  }));

  const cells: Readonly<Record<string, readonly Typed[]>> = {
    "42, 'Åse'": [
      [int64, 42n],
      [string, 'Åse'],
    ],
    '42, null': [
      [int64, 42n],
      [string, null],
    ],
    "'', null": [
      [string, ''],
      [string, null],
    ],
    "'a;b', 'c'": [
      [string, 'a;b'],
      [string, 'c'],
    ],
    '12.50, date 2024-02-29': [
      [{ kind: 'decimal', precision: 9, scale: 2 }, 1250n],
      [{ kind: 'date' }, 19782],
    ],
    'true, -0.1': [
      [{ kind: 'bool' }, true],
      [{ kind: 'float64' }, -0.1],
    ],
    'timestamp 2024-02-29 12:00:00.500, 2024-02-29 12:00:00+01:00': [
      [{ kind: 'timestamp', unit: 'ms' }, 1_709_208_000_500n],
      [{ kind: 'timestamp', unit: 'us', zone: 'Europe/Copenhagen' }, micros('2024-02-29T12:00:00+01:00')],
    ],
    'time 23:59:59, bytes 00 FF': [
      [{ kind: 'time', unit: 'us' }, 86_399_000_000_000n],
      [{ kind: 'binary' }, Uint8Array.of(0, 255)],
    ],
  };

  test('are all checked', () => {
    expect(rows.map(({ values }) => values)).toEqual(Object.keys(cells));
  });

  test.each(rows)('$values', async ({ values, text, id }) => {
    const [row] = await duck(`select sha256('${text.replaceAll("'", "''")}') as id`);
    expect([await idOf(...(cells[values] ?? [])), row?.id]).toEqual([id, id]);
  });
});

describe('an id is what the page says', () => {
  const text = (tag: string) => (value: string) => rowId([[tag, value]]);
  const n = text('n');

  test.each<[string, DataType, Cell, string]>([
    ['int64', int64, -(2n ** 63n), n('-9223372036854775808')],
    ['uint64', { kind: 'uint64' }, 2n ** 64n - 1n, n('18446744073709551615')],
    ['decimal(38,10)', { kind: 'decimal', precision: 38, scale: 10 }, -(10n ** 38n - 1n), n(`-${'9'.repeat(28)}.${'9'.repeat(10)}`)],
    ['a small decimal', { kind: 'decimal', precision: 9, scale: 4 }, -5n, n('-0.0005')],
    ['a decimal with zeros at its end', { kind: 'decimal', precision: 9, scale: 4 }, 1_200_000n, n('120')],
    ['float64', { kind: 'float64' }, 0.1, n('0.1')],
    ['a whole float', { kind: 'float64' }, 42, n('42')],
    ['a whole float beyond 2^53', { kind: 'float64' }, 2 ** 63, n('9223372036854775808')],
    ['a float with an exponent', { kind: 'float64' }, 1.5e-7, n('0.00000015')],
    ['the smallest float', { kind: 'float64' }, 5e-324, n(`0.${'0'.repeat(323)}5`)],
    ['-0', { kind: 'float64' }, -0, n('0')],
    ['NaN', { kind: 'float64' }, Number.NaN, n('nan')],
    ['-Infinity', { kind: 'float32' }, Number.NEGATIVE_INFINITY, n('-inf')],
    ['float32', { kind: 'float32' }, Math.fround(0.1), n('0.1')],
    ['float32 of nine digits', { kind: 'float32' }, Math.fround(16.000002), n('16.000002')],
    ['text beyond the basic plane', string, 'a\u0000𝔘é', text('s')('a\u0000𝔘é')],
    ['uuid', { kind: 'uuid' }, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', text('s')('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')],
    ['json', { kind: 'json' }, '{"a": 1}', text('s')('{"a": 1}')],
    ['false', { kind: 'bool' }, false, text('b')('false')],
    ['a date before 1970', { kind: 'date' }, -719_162, text('d')('0001-01-01')],
    ['nanoseconds', { kind: 'timestamp', unit: 'ns' }, 1_704_067_200_123_456_789n, text('t')('2024-01-01T00:00:00.123456789')],
    ['a time before 1970', { kind: 'timestamp', unit: 'us', zone: 'UTC' }, -1n, text('t')('1969-12-31T23:59:59.999999Z')],
    ['a time of day', { kind: 'time', unit: 'ns' }, 1_500_000_000n, text('c')('00:00:01.5')],
    ['a duration', { kind: 'duration', unit: 'ms' }, -1_500n, text('u')('-1.5')],
    ['a column of nothing', { kind: 'null' }, null, rowId([null])],
  ])('for %s', async (_, type, cell, id) => {
    expect(await idOf([type, cell])).toBe(id);
  });

  test('for lists and structs, a null inside too', async () => {
    const list: DataType = { kind: 'list', item: string };
    const struct: DataType = {
      kind: 'struct',
      fields: [
        { name: 'a', type: int64, nullable: true },
        { name: 'b', type: list, nullable: true },
      ],
    };
    const [row] = await duck("select sha256('l2[s1:x;_;]r2[n1:7;l0[]]') as id");
    expect(await idOf([list, ['x', null]], [struct, [7n, []]])).toBe(row?.id);
  });

  test('as a second reader counts it with SQL', async () => {
    const sql = /```sql\n(.*?)```/s.exec(page)?.[1] ?? '';
    const rows = [
      [42n, 'Åse'],
      [null, 'x'],
      [-1n, null],
      [0n, ''],
    ] as const;
    const values = rows.map(([id, name]) => `(${id}::bigint, ${name === null ? 'null' : `'${name}'`})`).join(', ');
    const found = await duck(`create table customers as select * from (values ${values}) t(id, name)`, sql);
    expect(found.map(({ row_id }) => row_id)).toEqual(await idsOf([int64, string], rows));
  });
});

describe('the same value has the same id', () => {
  const same = (values: readonly Typed[]) => Promise.all(values.map((value) => idOf(value)));

  test.each<[string, readonly Typed[]]>([
    [
      'a whole number, however wide, however kept',
      [
        ...(['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32', 'float32', 'float64'] as const).map((kind): Typed => [{ kind }, 42]),
        [int64, 42n],
        [{ kind: 'uint64' }, 42n],
        [{ kind: 'decimal', precision: 5, scale: 0 }, 42n],
        [{ kind: 'decimal', precision: 38, scale: 10 }, 420_000_000_000n],
      ],
    ],
    [
      'an instant, whatever its unit and the zone it is shown in',
      [
        [{ kind: 'timestamp', unit: 'ms', zone: 'UTC' }, 1_700_000_000_500n],
        [{ kind: 'timestamp', unit: 'us', zone: 'Europe/Copenhagen' }, 1_700_000_000_500_000n],
        [{ kind: 'timestamp', unit: 'ns', zone: 'America/New_York' }, 1_700_000_000_500_000_000n],
      ],
    ],
    [
      'a fraction, as float or decimal',
      [
        [{ kind: 'float32' }, 0.5],
        [{ kind: 'float64' }, 0.5],
        [{ kind: 'decimal', precision: 9, scale: 3 }, 500n],
      ],
    ],
    [
      'a uuid, as text too',
      [
        [{ kind: 'uuid' }, '00000000-0000-0000-0000-00000000000a'],
        [string, '00000000-0000-0000-0000-00000000000a'],
      ],
    ],
  ])('%s', async (_, values) => {
    expect(new Set(await same(values)).size).toBe(1);
  });

  test.each<[string, readonly Typed[]]>([
    [
      'a number and its text',
      [
        [int64, 1n],
        [string, '1'],
      ],
    ],
    [
      'null, empty text and the word null',
      [
        [string, null],
        [string, ''],
        [string, 'null'],
        [string, '_;'],
      ],
    ],
    [
      'a day and its midnight, with a zone and without',
      [
        [{ kind: 'date' }, 0],
        [{ kind: 'timestamp', unit: 'us' }, 0n],
        [{ kind: 'timestamp', unit: 'us', zone: 'UTC' }, 0n],
      ],
    ],
  ])('but not %s', async (_, values) => {
    expect(new Set(await same(values)).size).toBe(values.length);
  });
});

test('no two rows of texts have one id, however their values are cut', async () => {
  const row = fc.array(fc.option(fc.stringMatching(/^[s0-9:;_]{0,5}$/)), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
      const ids = await idsOf([string, string, string], rows);
      const kept = new Map(rows.map((one, index) => [JSON.stringify(one), ids[index]]));
      expect(new Set(kept.values()).size).toBe(kept.size);
      expect(rows.map((one) => kept.get(JSON.stringify(one)))).toEqual(ids);
    }),
    cases(50),
  );
});

test.each(edgeColumns.map((column) => [column.name, column] as const))(
  'is never null, whatever is in a column of %s',
  async (_, { type, values }) => {
    const ids = await idsOf(
      [type],
      values.map(([cell]) => [cell]),
    );
    expect(ids).toHaveLength(values.length);
    expect(ids.every((id) => /^[0-9a-f]{64}$/.test(id ?? ''))).toBe(true);
  },
);

test('is the same wherever a row is in its frame, and however the frame was cut', async () => {
  const schema = schemaOf([int64, string]);
  const rows = Array.from({ length: 100 }, (_, i): Cell[] => [i % 7 === 0 ? null : BigInt(i), i % 5 === 0 ? null : `row ${i}`]);
  const whole = await (await frameOf(schema, rows)).collect();
  const from = ['c1', 'c0'];
  const hashed = async (data: typeof whole) => [
    ...((await toArrow(await hashColumns(data, schema, [{ name: 'id', from, form: 'hex' }]))).getChildAt(0) ?? []),
  ];
  const all = await hashed(whole);
  const pieces = [whole.slice(0, 3), whole.slice(3, 64), whole.slice(67, 33)];
  expect((await Promise.all(pieces.map(hashed))).flat()).toEqual(all);
  const joined = (await polars()).concat(pieces);
  expect(await hashed(joined)).toEqual(all);
  expect(all[1]).toBe(
    rowId([
      ['s', 'row 1'],
      ['n', '1'],
    ]),
  );
});

test('as bytes is the same id, and several are made at once', async () => {
  const schema = schemaOf([int64]);
  const data = await (await frameOf(schema, [[1n], [null]])).collect();
  const ids = await toArrow(
    await hashColumns(data, schema, [
      { name: 'text', from: ['c0'], form: 'hex' },
      { name: 'bytes', from: ['c0'], form: 'bytes' },
    ]),
  );
  const hex = [...(ids.getChild('text') ?? [])];
  expect([...(ids.getChild('bytes') ?? [])].map((bytes: Uint8Array) => Buffer.from(bytes).toString('hex'))).toEqual(hex);
});

test.each<[string, DataType, (pl: typeof Polars) => Polars.Series]>([
  ['text that is kept as categories', string, (pl) => pl.Series('c0', ['a', 'b']).cast(pl.Categorical)],
  [
    'timestamps in another unit than their type says',
    { kind: 'timestamp', unit: 'ms' },
    (pl) => pl.Series('c0', [1, 2]).cast(pl.Datetime('us')),
  ],
])('stops at %s, rather than make a wrong id', async (_, type, values) => {
  const pl = await polars();
  const ids = hashColumns(pl.DataFrame([values(pl)]), schemaOf([type]), [{ name: 'id', from: ['c0'], form: 'hex' }]);
  await expect(ids).rejects.toMatchObject({ code: 'HYG-9001' });
});
