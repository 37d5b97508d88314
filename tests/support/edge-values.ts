import type { Cell } from '../../src/frames/cell.ts';
import type { DataType } from '../../src/frames/schema.ts';

/** One column of values that break careless code, and what another reader must find. */
export interface EdgeColumn {
  readonly name: string;
  readonly type: DataType;
  /** The type DuckDB must see in a parquet file. */
  readonly duckdb: string;
  /** SQL over `c` that shows a value exactly, as text. */
  readonly shown: string;
  /** As handed to a column builder, and as DuckDB must show it. */
  readonly values: readonly (readonly [Cell, string | null])[];
}

const text = 'c::varchar';
const hexOfText = 'hex(encode(c))';

const integers = (
  kind: 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32',
  duckdb: string,
  values: readonly number[],
): EdgeColumn => ({
  name: kind,
  type: { kind },
  duckdb,
  shown: text,
  values: [...values.map((value) => [value, String(value)] as const), [null, null]],
});

const longs = (of: Pick<EdgeColumn, 'name' | 'type' | 'duckdb'> & { readonly shown?: string }, values: readonly bigint[]): EdgeColumn => ({
  shown: text,
  ...of,
  values: [...values.map((value) => [value, value.toString()] as const), [null, null]],
});

const floats = (kind: 'float32' | 'float64', duckdb: string, values: readonly (readonly [number, string])[]): EdgeColumn => ({
  name: kind,
  type: { kind },
  duckdb,
  shown: text,
  values: [
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [-0, '-0.0'],
    [0, '0.0'],
    ...values,
    [null, null],
  ],
});

export const edgeTexts = [
  '',
  ' ',
  'a\u0000b',
  '𝔘𝔫𝔦 🏡',
  'é',
  'e\u0301',
  'it\'s; -- "quoted"',
  '\\N',
  'null',
  'line\r\nbreak\ttab',
  '\uFFFD',
  'x'.repeat(70),
];

const hex = (value: string | Uint8Array): string => Buffer.from(value).toString('hex').toUpperCase();

const decimal = (precision: number, scale: number, values: readonly (readonly [bigint, string])[]): EdgeColumn => ({
  name: `decimal(${precision},${scale})`,
  type: { kind: 'decimal', precision, scale },
  duckdb: `DECIMAL(${precision},${scale})`,
  shown: text,
  values: [...values, [null, null]],
});

const max38 = 10n ** 38n - 1n;

/** Years 1 and 9999 and the epoch's neighbours, in microseconds since 1970. */
export const edgeMicros = [
  -62_135_596_800_000_000n,
  253_402_300_799_999_999n,
  -1n,
  0n,
  1n,
  1_704_067_200_123_456n,
  -14_182_940_000_000_001n,
];
const edgeNanos = [-9_223_286_400_000_000_000n, 9_223_372_036_854_775_806n, -1n, 0n, 1n, 1_704_067_200_123_456_789n];
const toMillis = (micros: bigint): bigint => micros / 1000n;

export const edgeColumns: readonly EdgeColumn[] = [
  {
    name: 'bool',
    type: { kind: 'bool' },
    duckdb: 'BOOLEAN',
    shown: text,
    values: [
      [true, 'true'],
      [false, 'false'],
      [null, null],
    ],
  },
  integers('int8', 'TINYINT', [-128, 127, -1, 0]),
  integers('int16', 'SMALLINT', [-32768, 32767, -1, 0]),
  integers('int32', 'INTEGER', [-2147483648, 2147483647, -1, 0]),
  integers('uint8', 'UTINYINT', [0, 255]),
  integers('uint16', 'USMALLINT', [0, 65535]),
  integers('uint32', 'UINTEGER', [0, 4294967295, 2147483648]),
  longs({ name: 'int64', type: { kind: 'int64' }, duckdb: 'BIGINT' }, [
    -(2n ** 63n),
    2n ** 63n - 1n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    -1n,
    0n,
  ]),
  longs({ name: 'uint64', type: { kind: 'uint64' }, duckdb: 'UBIGINT' }, [0n, 2n ** 64n - 1n, 2n ** 63n, 2n ** 53n + 1n]),
  floats('float32', 'FLOAT', [
    [1.5, '1.5'],
    [Math.fround(0.1), '0.1'],
    [Math.fround(3.4028234663852886e38), '3.4028235e+38'],
    [Math.fround(1e-45), '1e-45'],
  ]),
  floats('float64', 'DOUBLE', [
    [0.1, '0.1'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [5e-324, '5e-324'],
    [2 ** 53 + 2, '9007199254740994.0'],
  ]),
  decimal(9, 2, [
    [0n, '0.00'],
    [-1n, '-0.01'],
    [999_999_999n, '9999999.99'],
  ]),
  decimal(18, 4, [
    [999_999_999_999_999_999n, '99999999999999.9999'],
    [-5n, '-0.0005'],
  ]),
  decimal(38, 10, [
    [max38, '9999999999999999999999999999.9999999999'],
    [-max38, '-9999999999999999999999999999.9999999999'],
    [1n, '0.0000000001'],
  ]),
  decimal(38, 0, [
    [max38, '9'.repeat(38)],
    [-max38, `-${'9'.repeat(38)}`],
    [2n ** 64n, '18446744073709551616'],
  ]),
  decimal(38, 38, [
    [max38, `.${'9'.repeat(38)}`],
    [-1n, `-.${'0'.repeat(37)}1`],
  ]),
  {
    name: 'string',
    type: { kind: 'string' },
    duckdb: 'VARCHAR',
    shown: hexOfText,
    values: [...edgeTexts.map((value) => [value, hex(value)] as const), [null, null]],
  },
  {
    name: 'json',
    type: { kind: 'json' },
    duckdb: 'VARCHAR',
    shown: text,
    values: [
      ['{"a": 1}', '{"a": 1}'],
      ['null', 'null'],
      [null, null],
    ],
  },
  {
    name: 'uuid',
    type: { kind: 'uuid' },
    duckdb: 'VARCHAR',
    shown: text,
    values: [
      ['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'],
      ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
      [null, null],
    ],
  },
  {
    name: 'binary',
    type: { kind: 'binary' },
    duckdb: 'BLOB',
    shown: 'hex(c)',
    values: [
      [new Uint8Array(0), ''],
      [new Uint8Array([0, 255, 0, 128]), '00FF0080'],
      [Uint8Array.from({ length: 256 }, (_, i) => i), hex(Uint8Array.from({ length: 256 }, (_, i) => i))],
      [null, null],
    ],
  },
  {
    name: 'date',
    type: { kind: 'date' },
    duckdb: 'DATE',
    shown: text,
    values: [
      [-719_162, '0001-01-01'],
      [2_932_896, '9999-12-31'],
      [-1, '1969-12-31'],
      [0, '1970-01-01'],
      [19_782, '2024-02-29'],
      [null, null],
    ],
  },
  {
    name: 'time',
    type: { kind: 'time', unit: 'ns' },
    duckdb: 'TIME_NS',
    shown: text,
    values: [
      [0n, '00:00:00'],
      [86_399_999_999_999n, '23:59:59.999999999'],
      [1n, '00:00:00.000000001'],
      [null, null],
    ],
  },
  longs(
    { name: 'timestamp[ms]', type: { kind: 'timestamp', unit: 'ms' }, duckdb: 'TIMESTAMP', shown: 'epoch_ms(c)::varchar' },
    edgeMicros.map(toMillis),
  ),
  longs({ name: 'timestamp[us]', type: { kind: 'timestamp', unit: 'us' }, duckdb: 'TIMESTAMP', shown: 'epoch_us(c)::varchar' }, edgeMicros),
  longs(
    { name: 'timestamp[ns]', type: { kind: 'timestamp', unit: 'ns' }, duckdb: 'TIMESTAMP_NS', shown: 'epoch_ns(c)::varchar' },
    edgeNanos,
  ),
  longs(
    {
      name: 'timestamp[us, UTC]',
      type: { kind: 'timestamp', unit: 'us', zone: 'UTC' },
      duckdb: 'TIMESTAMP WITH TIME ZONE',
      shown: 'epoch_us(c)::varchar',
    },
    edgeMicros,
  ),
  longs(
    {
      name: 'timestamp[us, Europe/Copenhagen]',
      type: { kind: 'timestamp', unit: 'us', zone: 'Europe/Copenhagen' },
      duckdb: 'TIMESTAMP WITH TIME ZONE',
      shown: 'epoch_us(c)::varchar',
    },
    edgeMicros,
  ),
  longs({ name: 'duration[us]', type: { kind: 'duration', unit: 'us' }, duckdb: 'BIGINT' }, [-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n]),
  {
    name: 'list<int64>',
    type: { kind: 'list', item: { kind: 'int64' } },
    duckdb: 'BIGINT[]',
    shown: text,
    values: [
      [[], '[]'],
      [[2n ** 53n + 1n, null, -1n], '[9007199254740993, NULL, -1]'],
      [null, null],
      [[null], '[NULL]'],
    ],
  },
  {
    name: 'list<list<string>>',
    type: { kind: 'list', item: { kind: 'list', item: { kind: 'string' } } },
    duckdb: 'VARCHAR[][]',
    shown: text,
    values: [
      [[['🏡'], [], null], '[[🏡], [], NULL]'],
      [null, null],
    ],
  },
  {
    name: 'struct',
    type: {
      kind: 'struct',
      fields: [
        { name: 'a', type: { kind: 'decimal', precision: 38, scale: 2 }, nullable: true },
        { name: 'b', type: { kind: 'string' }, nullable: true },
      ],
    },
    duckdb: 'STRUCT(a DECIMAL(38,2), b VARCHAR)',
    shown: text,
    values: [
      [[-150n, 'x'], "{'a': -1.50, 'b': x}"],
      [[null, null], "{'a': NULL, 'b': NULL}"],
      [null, null],
    ],
  },
  {
    name: 'list<struct>',
    type: { kind: 'list', item: { kind: 'struct', fields: [{ name: 't', type: { kind: 'timestamp', unit: 'us' }, nullable: true }] } },
    duckdb: 'STRUCT(t TIMESTAMP)[]',
    shown: text,
    values: [
      [[[1n], null], "[{'t': '1970-01-01 00:00:00.000001'}, NULL]"],
      [[], '[]'],
      [null, null],
    ],
  },
  {
    name: 'null',
    type: { kind: 'null' },
    duckdb: '"NULL"',
    shown: text,
    values: [
      [null, null],
      [null, null],
    ],
  },
];
