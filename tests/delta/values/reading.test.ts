import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeltaType } from '../../../src/delta/table.ts';
import type { Window } from '../../../src/engine/contracts/home.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';
import { testFolder, testScratch, wholeFile } from '../../support/parquet-files.ts';
import { array, dataFile, field, map, mappedTo, rowsOf, struct, tableOf, without } from './made-tables.ts';
import { readTable } from './reading.ts';

let folder = '';
let scratch: Scratch;
beforeEach(async () => {
  folder = await testFolder();
  scratch = testScratch(folder);
});

const refusal = (code: string, what: RegExp) => expect.objectContaining({ code, what: expect.stringMatching(what) as string }) as Error;

const windowOn = (
  column: string,
  type: DataType,
  lower: string | null,
  upper: string | null,
  nulls: Window['nulls'] = 'exclude',
): Window => ({
  ...wholeFile,
  column: { column, type },
  lower: lower === null ? null : { text: lower, inclusive: false },
  upper: upper === null ? null : { text: upper, inclusive: true },
  nulls,
});

describe('deleted rows', () => {
  const fields = [field('id', 'long'), field('name', 'string')];
  const query = "select i::bigint id, case when i % 7 = 3 then null else 'n' || i end as name from range(20000) t(i)";
  const gone = [0, 1, 2_047, 2_048, ...Array.from({ length: 2_048 }, (_, i) => 4_096 + i), 9_999, 19_998, 19_999];
  const left = Array.from({ length: 20_000 }, (_, i) => i).filter((row) => !gone.includes(row));
  const made = async () => tableOf({ fields, files: [without(await dataFile(folder, query, ', row_group_size 2048'), gone)] });
  const idsOf = async (frames: Parameters<typeof rowsOf>[0]): Promise<number[]> => (await rowsOf(frames)).map(([id]) => Number(id));

  test('are left out, in whatever parts the rows are read', async () => {
    const table = await made();
    expect(await idsOf(await readTable({ folder, table, scratch }))).toEqual(left);
    expect(await idsOf(await readTable({ folder, table, scratch, frameRows: 700 }))).toEqual(left);
    expect(await idsOf(await readTable({ folder, table, scratch, frameRows: 5_000 }))).toEqual(left);
  });

  test('are reported by their number in the file, where only some row groups are read', async () => {
    const table = await made();
    const part = await idsOf(await readTable({ folder, table, scratch, part: [1, 5] }));
    expect(part).toEqual(left.filter((id) => id >= 2_048 && id < 10_240));
  });

  test('are left out before the window is looked at', async () => {
    const table = await made();
    for (const frameRows of [1_000_000, 900]) {
      const window = windowOn('id', { kind: 'int64' }, '2040', '10000');
      const inside = await idsOf(await readTable({ folder, table, scratch, window, frameRows }));
      expect(inside).toEqual(left.filter((id) => id > 2_040 && id <= 10_000));
    }
  });

  test('are left out where the window is over another column than those that are read', async () => {
    const table = await made();
    const window = windowOn('id', { kind: 'int64' }, '19990', null);
    const frames = await readTable({ folder, table, scratch, window, columns: ['name'] });
    expect(frames.flatMap(({ schema }) => schema.columns.map(({ name }) => name))).toEqual(['name']);
    expect((await rowsOf(frames)).length).toBe(left.filter((id) => id > 19_990).length);
  });

  test('a file of nothing but deleted rows has none', async () => {
    const file = await dataFile(folder, 'select i::bigint id, null::varchar as name from range(10) t(i)');
    const table = tableOf({ fields, files: [without(file, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])] });
    expect(await readTable({ folder, table, scratch })).toEqual([]);
  });

  test('frames that none of them is in pass as they are', async () => {
    const table = await made();
    const frames = await readTable({ folder, table, scratch, frameRows: 2_048 });
    const stored = frames.map((frame) => asPolars(frame).stored !== undefined);
    expect(stored).toContain(true);
    expect(frames.every((frame, i) => stored[i] === (frame.rows === 2_048))).toBe(true);
  });

  test('a file with another number of rows than the log says is refused, for the vector would delete others', async () => {
    const table = await made();
    const files = table.files.map((file) => ({ ...file, stats: '{"numRecords":19999}' }));
    await expect(readTable({ folder, table: { ...table, files }, scratch })).rejects.toThrow(refusal('HYG-3806', /20000 rows, but 19999/));
  });
});

describe('a file as it is', () => {
  const fields = [field('id', 'long'), field('name', 'string')];
  const query = "select i::bigint id, 'n' || i as name from range(100) t(i)";

  test('passes untouched, with its pages and the schema of the table', async () => {
    const table = tableOf({ fields, files: [await dataFile(folder, query)] });
    const [frame] = await readTable({ folder, table, scratch });
    expect(asPolars(frame as never).stored).toBeDefined();
    expect(frame?.schema.columns.map(({ name, sourceType }) => [name, sourceType])).toEqual([
      ['id', 'long'],
      ['name', 'string'],
    ]);
  });

  test('a file of another size than the log says is refused', async () => {
    const file = await dataFile(folder, query);
    const table = tableOf({ fields, files: [{ ...file, bytes: file.bytes + 1 }] });
    await expect(readTable({ folder, table, scratch })).rejects.toThrow(refusal('HYG-3806', /according to the log of the table/));
  });

  test('a file that is not parquet is refused', async () => {
    const file = await dataFile(folder, query);
    await writeFile(join(folder, file.path), Buffer.alloc(file.bytes));
    await expect(readTable({ folder, table: tableOf({ fields, files: [file] }), scratch })).rejects.toThrow(/HYG-31/);
  });
});

describe('types that are wider in the table', () => {
  const widened: readonly (readonly [string, DeltaType, unknown])[] = [
    ['(-128)::tinyint', 'short', -128],
    ['(-128)::tinyint', 'integer', -128],
    ['(-128)::tinyint', 'long', -128],
    ['32767::smallint', 'long', 32_767],
    ['2147483647::integer', 'long', 2_147_483_647],
    ['2147483647::integer', 'double', 2_147_483_647],
    ['(-5)::tinyint', 'double', -5],
    ['(-2147483648)::integer', 'decimal(12,2)', '-2147483648.00'],
    ['9223372036854775807::bigint', 'decimal(20,0)', '9223372036854775807'],
    ['1.5::float', 'double', 1.5],
    ['(-12.34)::decimal(4,2)', 'decimal(10,4)', '-12.3400'],
    ["date '0001-01-01'", 'timestamp_ntz', '0001-01-01T00:00:00.000000'],
    ["date '9999-12-31'", 'timestamp_ntz', '9999-12-31T00:00:00.000000'],
    ["'2024-01-01 10:00:00.123'::timestamp_ms", 'timestamp_ntz', '2024-01-01T10:00:00.123000'],
    ["'2024-01-01 10:00:00.123456'::timestamp_ns", 'timestamp_ntz', '2024-01-01T10:00:00.123456'],
    ["'1969-12-31 23:59:59.999999'::timestamp_ns", 'timestamp', '1969-12-31T23:59:59.999999Z'],
    ["'1969-12-31 23:59:59.999999'::timestamp", 'timestamp', '1969-12-31T23:59:59.999999Z'],
    ["'1969-12-31 23:59:59.999999+00'::timestamptz", 'timestamp_ntz', '1969-12-31T23:59:59.999999'],
  ];

  test.each(widened)('%s is read as %s, in a column and at any depth', async (value, type, wanted) => {
    const nested = struct(field('a', array(struct(field('x', type)))), field('m', map('string', type)));
    const table = tableOf({
      fields: [field('v', type), field('n', nested)],
      files: [
        await dataFile(
          folder,
          `select ${value} v, {a: [{x: ${value}}, {x: null}, null], m: map {'k': ${value}}} n union all select null, null`,
        ),
      ],
    });
    const rows = await rowsOf(await readTable({ folder, table, scratch }));
    expect(rows).toEqual([
      [wanted, { a: [{ x: wanted }, { x: null }, null], m: [{ key: 'k', value: wanted }] }],
      [null, null],
    ]);
  });

  test.each([
    ['300::integer', 'byte'],
    ['12.345::decimal(10,3)', 'decimal(10,2)'],
    ["'2024-01-01 10:00:00.123456789'::timestamp_ns", 'timestamp_ntz'],
  ])('%s is no %s without a change, and is refused', async (value, type) => {
    const flat = tableOf({ fields: [field('v', type)], files: [await dataFile(folder, `select ${value} v`)] });
    await expect(readTable({ folder, table: flat, scratch })).rejects.toThrow(refusal('HYG-3807', /A value of column v/));
    const nested = tableOf({ fields: [field('v', array(type))], files: [await dataFile(folder, `select [${value}] v`)] });
    await expect(readTable({ folder, table: nested, scratch })).rejects.toThrow(refusal('HYG-3807', /A value of column v/));
  });

  test('a value that a narrower type holds is read', async () => {
    const table = tableOf({ fields: [field('v', 'byte')], files: [await dataFile(folder, 'select 100::integer v')] });
    expect(await rowsOf(await readTable({ folder, table, scratch }))).toEqual([[100]]);
  });

  test.each([
    ["'x'", 'long'],
    ['1', 'string'],
    ['1::bigint', 'double'],
    ['1.5::double', 'float'],
    ["date '2024-01-01'", 'timestamp'],
    ['[1]', 'long'],
    ['1', array('integer')],
    ['[1]', map('integer', 'integer')],
    ['1', struct(field('x', 'integer'))],
    ["'x'::blob", 'string'],
  ] as readonly (readonly [string, DeltaType])[])('%s is refused as %j', async (value, type) => {
    const table = tableOf({ fields: [field('v', type)], files: [await dataFile(folder, `select ${value} v`)] });
    await expect(readTable({ folder, table, scratch })).rejects.toThrow(refusal('HYG-3807', /^Column v/));
  });
});

describe('columns that are found by other names', () => {
  test('names that were exchanged are told apart, at every level', async () => {
    const inner = [field('x', 'integer', mappedTo('y', 4)), field('y', 'string', mappedTo('x', 5))];
    const table = tableOf({
      mode: 'name',
      fields: [
        field('a', 'integer', mappedTo('b', 1)),
        field('b', 'string', mappedTo('a', 2)),
        field('s', struct(...inner), mappedTo('c', 3)),
        field('l', array(struct(...inner)), mappedTo('d', 6)),
        field('m', map('string', struct(...inner)), mappedTo('e', 7)),
      ],
      files: [
        await dataFile(
          folder,
          "select 'text' a, 1 b, {x: 'inner', y: 2} c, [{x: 'item', y: 3}, null] d, map {'k': {x: 'value', y: 4}} e union all select null, null, null, null, null",
        ),
      ],
    });
    expect(await rowsOf(await readTable({ folder, table, scratch }))).toEqual([
      [1, 'text', { x: 2, y: 'inner' }, [{ x: 3, y: 'item' }, null], [{ key: 'k', value: { x: 4, y: 'value' } }]],
      [null, null, null, null, null],
    ]);
  });

  const byId = tableOf({
    mode: 'id',
    fields: [
      field('n', struct(field('y', 'string', mappedTo('p5', 5)), field('x', 'integer', mappedTo('p4', 4))), mappedTo('p3', 3)),
      field('id', 'integer', mappedTo('p1', 1)),
      field('l', array(struct(field('z', 'integer', mappedTo('p8', 8)))), mappedTo('p7', 7)),
      field('late', 'string', mappedTo('p9', 9)),
    ],
  });

  test('by ids, whatever the names in the file are', async () => {
    const ids =
      '{whatever: 1, nested: {__duckdb_field_id: 3, one: 4, two: 5}, list: {__duckdb_field_id: 7, element: {__duckdb_field_id: 20, q: 8}}, p9: 30}';
    const query = "select 1 whatever, {one: 2, two: 'x'} nested, [{q: 5}] list, 'of another column' p9";
    const table = { ...byId, files: [await dataFile(folder, query, `, field_ids ${ids}`)] };
    expect(await rowsOf(await readTable({ folder, table, scratch }))).toEqual([[{ y: 'x', x: 2 }, 1, [{ z: 5 }], null]]);
  });

  test('a file without ids is refused rather than read as nulls', async () => {
    const table = { ...byId, files: [await dataFile(folder, 'select 1 p1')] };
    await expect(readTable({ folder, table, scratch })).rejects.toThrow(refusal('HYG-3808', /no field ids/));
  });

  test('a window is over the column of the table, not over the one that has its name in the file', async () => {
    const fields = [field('a', 'long', mappedTo('b', 1)), field('b', 'long', mappedTo('a', 2))];
    const file = await dataFile(folder, 'select i::bigint a, (100 - i)::bigint b from range(100) t(i)', ', row_group_size 2048');
    for (const given of [file, without(file, [99])]) {
      const table = tableOf({ mode: 'name', fields, files: [given] });
      const window = windowOn('a', { kind: 'int64' }, '97', '99');
      const rows = await rowsOf(await readTable({ folder, table, scratch, window }));
      expect(rows).toEqual([
        [99, 1],
        [98, 2],
      ]);
    }
  });
});

describe('columns that a file does not have', () => {
  test('are null, of every type', async () => {
    const types: readonly DeltaType[] = [
      'long',
      'float',
      'decimal(38,18)',
      'string',
      'binary',
      'boolean',
      'date',
      'timestamp',
      'timestamp_ntz',
      'void',
      array(struct(field('b', 'binary'))),
      map('string', 'binary'),
      struct(field('x', 'binary'), field('y', array('boolean'))),
    ];
    const fields = [
      field('id', 'integer'),
      ...types.map((type, i) => field(`c${i}`, type)),
      field('s', struct(field('old', 'integer'), field('new', struct(field('x', 'binary'))))),
    ];
    const table = tableOf({ fields, files: [await dataFile(folder, 'select 1 id, {old: 2} s union all select 2, null')] });
    const none = types.map(() => null);
    expect(await rowsOf(await readTable({ folder, table, scratch }))).toEqual([
      [1, ...none, { old: 2, new: null }],
      [2, ...none, null],
    ]);
  });

  test('are refused where the table says NOT NULL', async () => {
    const file = await dataFile(folder, 'select 1 id, {x: 1} s');
    const late = field('late', 'string', { nullable: false });
    for (const fields of [[field('id', 'integer'), late], [field('s', struct(field('x', 'integer'), late))]]) {
      await expect(readTable({ folder, table: tableOf({ fields, files: [file] }), scratch })).rejects.toThrow(refusal('HYG-3809', /late/));
    }
    const partitioned = tableOf({ fields: [field('id', 'integer'), late], partitionColumns: ['late'], files: [file] });
    await expect(readTable({ folder, table: partitioned, scratch })).rejects.toThrow(refusal('HYG-3809', /late/));
  });

  test('a window over them takes all rows or none', async () => {
    const table = tableOf({ fields: [field('id', 'integer'), field('late', 'long')], files: [await dataFile(folder, 'select 1 id')] });
    const read = async (nulls: Window['nulls']) =>
      rowsOf(await readTable({ folder, table, scratch, window: windowOn('late', { kind: 'int64' }, '5', null, nulls) }));
    expect(await read('exclude')).toEqual([]);
    expect(await read('include')).toEqual([[1, null]]);
  });
});

describe('partition columns', () => {
  const fields = [field('p', 'long'), field('id', 'integer'), field('b', 'binary')];
  const made = async (p: string | null, b: string | null = null) => {
    const file = await dataFile(folder, 'select i::integer id, 77::bigint p from range(3) t(i)');
    return tableOf({ fields, partitionColumns: ['p', 'b'], files: [{ ...file, partitionValues: { p, b } }] });
  };

  test('come from the log, also where the file has such a column', async () => {
    expect(await rowsOf(await readTable({ folder, table: await made('9007199254740993', 'é'), scratch }))).toEqual(
      [0, 1, 2].map((id) => ['9007199254740993', id, Buffer.from('é').toString('base64')]),
    );
    expect(await rowsOf(await readTable({ folder, table: await made(null), scratch }))).toEqual([0, 1, 2].map((id) => [null, id, null]));
  });

  test('alone, they have as many rows as the file', async () => {
    const table = await made('5');
    expect(await rowsOf(await readTable({ folder, table, scratch, columns: ['p'] }))).toEqual([[5], [5], [5]]);
    const deleted = { ...table, files: table.files.map((file) => without(file, [1])) };
    expect(await rowsOf(await readTable({ folder, table: deleted, scratch, columns: ['p'] }))).toEqual([[5], [5]]);
  });

  test.each([
    ['4', null, 3],
    ['5', null, 0],
    [null, '5', 3],
    [null, '4', 0],
    ['4', '5', 3],
  ])('a window from %s to %s', async (lower, upper, rows) => {
    const window = windowOn('p', { kind: 'int64' }, lower, upper);
    const frames = await readTable({ folder, table: await made('5'), scratch, window, columns: ['id'] });
    expect(await rowsOf(frames)).toHaveLength(rows);
  });
});

describe('CHAR', () => {
  const char = (type: string) => ({ metadata: { __CHAR_VARCHAR_TYPE_STRING: type } });

  test('values have blanks behind, in characters, at every depth; VARCHAR has none', async () => {
    const table = tableOf({
      fields: [
        field('c', 'string', char('char(3)')),
        field('v', 'string', char('varchar(3)')),
        field('l', array('string'), char('array<char(2)>')),
        field(
          'm',
          map('string', struct(field('x', 'string'), field('y', 'decimal(4,2)'))),
          char('map<char(2),struct<x:char(3),y:decimal(4,2)>>'),
        ),
        field('p', 'string', char('char(4)')),
      ],
      partitionColumns: ['p'],
      files: [
        {
          ...(await dataFile(folder, "select 'é𝄞' c, 'a' v, ['a', null] l, map {'k': {x: 'b', y: 1.25::decimal(4,2)}} m")),
          partitionValues: { p: '𝄞' },
        },
      ],
    });
    expect(await rowsOf(await readTable({ folder, table, scratch }))).toEqual([
      ['é𝄞 ', 'a', ['a ', null], [{ key: 'k ', value: { x: 'b  ', y: '1.25' } }], '𝄞   '],
    ]);
  });
});

describe('a window over a column that the file has in another type', () => {
  test('is looked at in the type of the table', async () => {
    const file = await dataFile(folder, 'select i::integer v, i id from range(100) t(i)');
    const table = tableOf({ fields: [field('v', 'long'), field('id', 'long')], files: [without(file, [97])] });
    const window = windowOn('v', { kind: 'int64' }, '95', null);
    expect(await rowsOf(await readTable({ folder, table, scratch, window }))).toEqual([96, 98, 99].map((i) => [i, i]));
    expect(await rowsOf(await readTable({ folder, table, scratch, window, columns: ['id'] }))).toEqual([96, 98, 99].map((i) => [i]));
  });
});
