import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/frames/cell.ts';
import { polars } from '../../../src/frames/native.ts';
import type { AddedColumn, Polish } from '../../../src/frames/polish/polish.ts';
import { polishedFrame } from '../../../src/frames/polish/polished-frame.ts';
import { settledColumns } from '../../../src/frames/polish/settled-columns.ts';
import { settledNames } from '../../../src/frames/polish/settled-names.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { PolarsFrame } from '../../../src/frames/values/polars-frame.ts';
import { frameOf } from '../../support/parquet-files.ts';

const run = { runId: 'run-1', entityRunId: 'run-1.1', startedAt: '2026-11-20T08:17:00.123Z' };

const schema: Schema = {
  columns: [
    { name: 'Order No', type: { kind: 'int64' }, nullable: false },
    { name: 'name', type: { kind: 'string' }, nullable: true },
  ],
};
const rows: readonly (readonly Cell[])[] = [
  [1n, 'a'],
  [2n, null],
  [3n, 'c'],
];

const polish = (of: Partial<Polish>): Polish => ({ names: null, hashIds: [], added: [], ...of });
const snake = { removeSpecial: false, removeSpaces: false, case: 'snake' } as const;

async function polishedBy(given: Partial<Polish>, frame: PolarsFrame): Promise<PolarsFrame> {
  const how = polish(given);
  const sources = frame.schema.columns.map(({ name }) => name);
  const names = how.names ? settledNames(sources, how.names, []).names : [];
  return polishedFrame(frame, { polish: how, settled: settledColumns(how, frame.schema, names), run });
}

async function recordsOf(frame: PolarsFrame): Promise<readonly Record<string, unknown>[]> {
  return (await toArrow(await frame.collect())).toArray().map((row) => row.toJSON());
}

test('a frame with other names, or with more columns, does not lie encoded as a whole, and knows by its places what does', async () => {
  const stored = { in: 'a file' };
  const rowsOf = (await frameOf(schema, rows)) as PolarsFrame;
  const frame = PolarsFrame.lazy({ schema, plan: () => rowsOf.lazy(), rows: 3, bytes: 1, facts: { stored } });
  expect(frame.stored).toBe(stored);
  const renamedOnly = await polishedBy({ names: snake }, frame);
  expect([renamedOnly.stored, renamedOnly.storedInPart]).toEqual([undefined, { stored, changed: [] }]);
  const more = await polishedBy({ names: snake, added: [{ name: 'run', what: 'run id' }] }, frame);
  expect([more.stored, more.storedInPart]).toEqual([undefined, { stored, changed: ['run'] }]);
  expect((await more.columns(['run'])).toRecords()).toEqual([{ run: 'run-1' }, { run: 'run-1' }, { run: 'run-1' }]);
  expect((await more.columns(['run', 'order_no'])).columns).toEqual(['run', 'order_no']);
  expect((await polishedBy({ hashIds: [{ name: 'id', from: ['name'], form: 'hex' }] }, frame)).storedInPart).toBeUndefined();
});

describe('names', () => {
  test('of columns are others, and their rows the same', async () => {
    const frame = await polishedBy({ names: snake }, await frameOf(schema, rows));
    expect(frame.schema.columns.map(({ name }) => name)).toEqual(['order_no', 'name']);
    expect(await recordsOf(frame)).toEqual([
      { order_no: 1n, name: 'a' },
      { order_no: 2n, name: null },
      { order_no: 3n, name: 'c' },
    ]);
  });

  test('may change places', async () => {
    const swapped: Schema = { columns: [...schema.columns].map((column, i) => ({ ...column, name: i === 0 ? 'a' : 'b' })) };
    const frame = await frameOf(swapped, rows);
    const names = [
      ['a', 'b'],
      ['b', 'a'],
    ] as const;
    const how = polish({ names: snake });
    const done = await polishedFrame(frame, { polish: how, settled: settledColumns(how, swapped, names), run });
    expect((await recordsOf(done))[0]).toEqual({ b: 1n, a: 'a' });
  });

  test('that mean something to the engine underneath mean nothing here', async () => {
    const odd = ['*', '^.*$', '__proto__', ' '];
    const strange: Schema = { columns: odd.map((name) => ({ name, type: { kind: 'int64' as const }, nullable: false })) };
    const frame = await polishedBy(
      { names: { ...snake, case: 'pascal' }, hashIds: [{ name: '^id$', from: ['*', '__proto__'], form: 'hex' }] },
      await frameOf(strange, [[1n, 2n, 3n, 4n]]),
    );
    const table = await toArrow(await frame.collect());
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['^id$', '*', '^.*$', 'Proto', ' ']);
    expect([1, 2, 3, 4].map((index) => table.getChildAt(index)?.get(0))).toEqual([1n, 2n, 3n, 4n]);
  });
});

describe('added columns', () => {
  const constant = (name: string, type: 'string' | 'bool' | 'int32' | 'int64' | 'float64' | 'date', text: string | null): AddedColumn => ({
    name,
    what: 'constant',
    type: { kind: type },
    text,
  });

  test('hold their values exactly, in the types they say', async () => {
    const added: readonly AddedColumn[] = [
      constant('text', 'string', 'Ærø; --'),
      constant('large', 'int64', '9007199254740993'),
      constant('negative', 'int64', '-5'),
      constant('small', 'int32', '-2147483648'),
      constant('float', 'float64', '0.1'),
      constant('infinite', 'float64', '-inf'),
      constant('flag', 'bool', 'false'),
      constant('day', 'date', '0001-01-01'),
      constant('nothing', 'int64', null),
      { name: 'moment', what: 'constant', type: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, text: '2024-01-01T00:00:00.000001Z' },
    ];
    const frame = await polishedBy({ added }, await frameOf(schema, rows));
    const table = await toArrow(await frame.collect());
    expect(table.schema.fields.slice(2).map(({ type }) => String(type))).toEqual([
      'LargeUtf8',
      'Int64',
      'Int64',
      'Int32',
      'Float64',
      'Float64',
      'Bool',
      'Date32<DAY>',
      'Int64',
      'Timestamp<MICROSECOND, UTC>',
    ]);
    const raw = (name: string) => table.getChild(name)?.data[0]?.values.at(-1);
    expect([raw('large'), raw('negative'), raw('small'), raw('float'), raw('infinite'), raw('day'), raw('moment')]).toEqual([
      9007199254740993n,
      -5n,
      -2147483648,
      0.1,
      Number.NEGATIVE_INFINITY,
      -719162,
      1704067200000001n,
    ]);
    expect([table.getChild('text')?.get(2), table.getChild('flag')?.get(2), table.getChild('nothing')?.get(2)]).toEqual([
      'Ærø; --',
      false,
      null,
    ]);
  });

  test('say when the run began, which run it was, and which file a row came from', async () => {
    const added: readonly AddedColumn[] = [
      { name: 'at', what: 'load time', format: null },
      { name: 'day', what: 'load time', format: '%Y-%m-%d' },
      { name: 'run', what: 'run id' },
      { name: 'entity_run', what: 'entity run id' },
      { name: 'file', what: 'source file' },
    ];
    const frame = (await frameOf(schema, rows)).readFrom('in/1.parquet');
    const [first] = await recordsOf(await polishedBy({ added }, frame));
    expect(first).toMatchObject({
      at: Date.parse(run.startedAt),
      day: '2026-11-20',
      run: 'run-1',
      entity_run: 'run-1.1',
      file: 'in/1.parquet',
    });
    const fromNowhere = await polishedBy({ added }, await frameOf(schema, rows));
    expect([(await recordsOf(fromNowhere))[0]?.file, (await fromNowhere.nullCounts()).at(-1)]).toEqual([null, 3]);
  });

  test('stand behind the rows of the source, and hash ids before them', async () => {
    const hashIds = [{ name: 'id', from: ['Order No'], form: 'hex' as const }];
    const frame = await polishedBy({ hashIds, added: [constant('last', 'string', 'x')] }, await frameOf(schema, rows));
    expect(frame.schema.columns.map(({ name }) => name)).toEqual(['id', 'Order No', 'name', 'last']);
    expect(Object.keys((await recordsOf(frame))[0] ?? {})).toEqual(['id', 'Order No', 'name', 'last']);
  });

  test('may have the name that a column of the source had', async () => {
    const hashIds = [{ name: 'Order No', from: ['Order No'], form: 'hex' as const }];
    const frame = await polishedBy({ names: snake, hashIds }, await frameOf(schema, rows));
    expect(Object.keys((await recordsOf(frame))[0] ?? {})).toEqual(['Order No', 'order_no', 'name']);
  });
});

describe('a frame that is still a plan', () => {
  const untouchable = async () => {
    const pl = await polars();
    const data = await (await frameOf(schema, rows)).collect();
    const failing = data.lazy().withColumn(pl.lit('x').cast(pl.Int64, true).alias('Order No'));
    const facts = {
      nulls: [0, 1],
      explain: () => new Error('the file is damaged'),
      bounds: (column: string) => (column === 'Order No' ? { min: '1', max: '3' } : undefined),
    };
    return PolarsFrame.lazy({ schema, plan: failing, rows: 3, bytes: 24, facts }).readFrom('in/1.parquet');
  };
  const added: readonly AddedColumn[] = [
    { name: 'run', what: 'run id' },
    { name: 'none', what: 'constant', type: { kind: 'date' }, text: null },
  ];

  test('stays one, and what was known of its columns is known under their new names', async () => {
    const frame = await polishedBy({ names: snake, added }, await untouchable());
    expect(await frame.nullCounts()).toEqual([0, 1, 0, 3]);
    expect([frame.bounds('order_no'), frame.bounds('Order No'), frame.bounds('run')]).toEqual([
      { min: '1', max: '3' },
      undefined,
      undefined,
    ]);
    expect([frame.rows, frame.bytes, frame.origin]).toEqual([3, 24, 'in/1.parquet']);
  });

  test('explains its failure as its reader does', async () => {
    await expect((await polishedBy({ names: snake }, await untouchable())).collect()).rejects.toThrow('the file is damaged');
    await expect(polishedBy({ hashIds: [{ name: 'id', from: ['name'], form: 'hex' }] }, await untouchable())).rejects.toThrow(
      'the file is damaged',
    );
  });
});
