import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import type { Cell } from '../../src/frames/cell.ts';
import { settledParquetType } from '../../src/frames/fidelity.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { duck } from '../support/duck.ts';
import { edgeColumns, edgeMicros, edgeTexts } from '../support/edge-values.ts';
import { firstOf, frameOf, framesOf, sourceOf, testFolder, testScratch, writeParquet } from '../support/parquet-files.ts';

const utc = "set timezone = 'UTC'";

async function settledBy(type: DataType, cells: readonly Cell[]) {
  const folder = await testFolder();
  const scratch = testScratch(folder);
  const path = join(folder, 'edge.parquet');
  const schema = {
    columns: [
      { name: 'n', type: { kind: 'int64' }, nullable: false },
      { name: 'c', type, nullable: true },
    ],
  } as const;
  const frame = await frameOf(
    schema,
    cells.map((cell, index) => [BigInt(index), cell]),
  );
  const summary = await writeParquet(path, [frame], { schema, scratch });
  return { path, scratch, frame, summary };
}

test.each(edgeColumns)(
  'every edge value of $name, and its type, is the same for a second reader, and after it was read and written once more',
  async ({ type, duckdb, shown, values }) => {
    const { path, scratch, frame, summary } = await settledBy(
      type,
      values.map(([cell]) => cell),
    );
    const show = (file: string) => duck(utc, `select typeof(c) as type, ${shown} as shown from '${file}' order by n`);
    const rows = await show(path);
    expect(rows.map((row) => row.shown)).toEqual(values.map(([, text]) => text));
    expect(rows[0]?.type).toBe(duckdb);
    const nulls = values.filter(([cell]) => cell === null).length;
    expect([summary.nulls, await frame.nullCounts()]).toEqual([
      [0, nulls],
      [0, nulls],
    ]);
    const again = `${path}.again.parquet`;
    const source = await sourceOf(path);
    const { schema } = await parquetFormat({}).inspect(source, null);
    expect(await (await firstOf(framesOf({ source, scratch }))).fingerprint()).toEqual(await frame.fingerprint());
    await writeParquet(again, framesOf({ source, scratch }), { schema, scratch });
    expect(await show(again)).toEqual(rows);
  },
);

const anyLong = fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.constantFrom(2n ** 53n + 1n, -1n, 0n));
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
  fc.constantFrom(...edgeTexts),
);
const anyDecimal = fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n);

/** A type, values of it, and SQL that shows a value as the text that `told` gives for it. */
const properties: readonly {
  readonly type: DataType;
  readonly cells: fc.Arbitrary<Cell>;
  readonly shown: string;
  readonly told: (cell: Exclude<Cell, null>) => string;
}[] = [
  { type: { kind: 'int64' }, cells: anyLong, shown: 'c::varchar', told: String },
  {
    type: { kind: 'timestamp', unit: 'us' },
    cells: fc.oneof(fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n), fc.constantFrom(...edgeMicros)),
    shown: 'epoch_us(c)::varchar',
    told: String,
  },
  {
    type: { kind: 'string' },
    cells: anyText,
    shown: 'hex(encode(c))',
    told: (cell) => Buffer.from(String(cell)).toString('hex').toUpperCase(),
  },
  {
    type: { kind: 'binary' },
    cells: fc.uint8Array({ maxLength: 40 }),
    shown: 'hex(c)',
    told: (cell) =>
      Buffer.from(cell as Uint8Array)
        .toString('hex')
        .toUpperCase(),
  },
  { type: { kind: 'decimal', precision: 38, scale: 0 }, cells: anyDecimal, shown: 'c::varchar', told: String },
  { type: { kind: 'date' }, cells: fc.integer({ min: -719_162, max: 2_932_896 }), shown: "(c - date '1970-01-01')::varchar", told: String },
];

test.each(properties)('any values of $type.kind are the same for a second reader', async ({ type, cells, shown, told }) => {
  const values = fc.sample(fc.option(cells, { freq: 5 }), { numRuns: 100, seed: 20_261_120 });
  const { path } = await settledBy(type, values);
  const rows = await duck(utc, `select ${shown} as shown from '${path}' order by n`);
  expect(rows.map((row) => row.shown)).toEqual(values.map((cell) => (cell === null ? null : told(cell))));
});

test('the type table says what settles unchanged, widened and not at all', () => {
  expect(settledParquetType({ kind: 'int64' })).toEqual({ fidelity: 'exact', type: { kind: 'int64' } });
  expect(settledParquetType({ kind: 'time', unit: 'us' })).toEqual({ fidelity: 'widened', type: { kind: 'time', unit: 'ns' } });
  expect(settledParquetType({ kind: 'uuid' })).toEqual({ fidelity: 'widened', type: { kind: 'string' } });
  expect(settledParquetType({ kind: 'list', item: { kind: 'json' } })).toEqual({
    fidelity: 'widened',
    type: { kind: 'list', item: { kind: 'string' } },
  });
  expect(settledParquetType({ kind: 'list', item: { kind: 'struct', fields: [] } }).fidelity).toBe('lossy');
});

test('a type that would lose data is refused before anything is written', async () => {
  const folder = await testFolder();
  const schema = { columns: [{ name: 'c', type: { kind: 'struct', fields: [] }, nullable: true }] } as const;
  await expect(writeParquet(join(folder, 'x.parquet'), [], { schema, scratch: testScratch(folder) })).rejects.toMatchObject({
    code: 'HYG-3106',
  });
});
