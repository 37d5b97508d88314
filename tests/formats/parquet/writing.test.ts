import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { integerAt, listAt, structAt } from '../../../src/formats/parquet/fields.ts';
import { readFooter } from '../../../src/formats/parquet/footer.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { decodeStruct, type ThriftStruct } from '../../../src/formats/parquet/thrift.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { collect } from '../../support/collect.ts';
import { count, duck } from '../../support/duck.ts';
import { edgeColumns } from '../../support/edge-values.ts';
import { frameOf, framesOf, sourceOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';

const parquet = parquetFormat({});

const wide: Schema = { columns: edgeColumns.map(({ name, type }) => ({ name, type, nullable: true })) };
const wideRows = (from: number, to: number): readonly (readonly Cell[])[] =>
  Array.from({ length: to - from }, (_, row) => edgeColumns.map(({ values }) => values[(from + row) % values.length]?.[0] ?? null));

const narrow: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: true },
    { name: 'name', type: { kind: 'string' }, nullable: true },
  ],
};
const narrowFrame = (ids: readonly (bigint | null)[], name = 'x') =>
  frameOf(
    narrow,
    ids.map((id) => [id, name]),
  );

async function place() {
  const folder = await testFolder();
  return { folder, path: join(folder, 'out.parquet'), scratch: testScratch(folder) };
}

const statisticsOf = (path: string) =>
  duck(
    `select path_in_schema p, num_values v, stats_min_value mn, stats_max_value mx, stats_null_count nc, encodings e, compression c, total_compressed_size z, total_uncompressed_size u
     from parquet_metadata('${path}') order by row_group_id, column_id`,
  );

describe('many frames in one file', () => {
  test('keep the statistics of every part byte for byte', async () => {
    const { folder, path, scratch } = await place();
    const cuts = [wideRows(0, 7), wideRows(7, 30), wideRows(30, 31)];
    const frames = await Promise.all(cuts.map((rows) => frameOf(wide, rows)));
    await writeParquet(path, frames, { schema: wide, scratch });
    const parts: Record<string, unknown>[] = [];
    for (const [index, frame] of frames.entries()) {
      const part = join(folder, `part-${index}.parquet`);
      await writeParquet(part, [frame], { schema: wide, scratch });
      parts.push(...(await statisticsOf(part)));
    }
    expect(await statisticsOf(path)).toEqual(parts);
    const bytesOf = async (file: string) =>
      (await readFooter(await sourceOf(file))).groups.flatMap(({ chunks }) => chunks.map(({ statistics }) => statistics));
    const together = await bytesOf(path);
    const alone = await Promise.all(frames.map((_, index) => bytesOf(join(folder, `part-${index}.parquet`))));
    expect(together).toEqual(alone.flat());
  });

  test('point to pages where they are, or have no index of pages', async () => {
    const { path, scratch } = await place();
    const { body } = await writeParquet(path, await Promise.all([narrowFrame([1n, 2n]), narrowFrame([3n]), narrowFrame([4n])]), {
      schema: narrow,
      scratch,
    });
    const { tree } = await readFooter(await sourceOf(path));
    for (const group of listAt(tree, 4))
      for (const column of listAt(group as ThriftStruct, 1) as readonly ThriftStruct[]) {
        const at = integerAt(column, 4);
        if (at === undefined) continue;
        const metadata = structAt(column, 3) as ThriftStruct;
        const [first] = listAt(decodeStruct(body.subarray(at, at + (integerAt(column, 5) ?? 0))), 1);
        expect(integerAt(first as ThriftStruct, 1)).toBe(integerAt(metadata, 9));
      }
  });

  test('are read back by two readers, row group by row group', async () => {
    const { path, scratch } = await place();
    const frames = await Promise.all([wideRows(0, 40), wideRows(40, 41), wideRows(41, 90)].map((rows) => frameOf(wide, rows)));
    await writeParquet(path, frames, { schema: wide, scratch });
    expect(await count(`select count(*) n from '${path}'`)).toBe(90);
    const source = await sourceOf(path);
    const content = await parquet.inspect(source, null);
    expect(content.pieces.map(({ rows }) => rows)).toEqual([40, 1, 49]);
    for (const [piece, frame] of frames.entries()) {
      const [read] = await collect(framesOf({ source, scratch, content, from: piece, to: piece + 1 }));
      expect(await read?.fingerprint()).toEqual(await frame.fingerprint());
    }
  });

  test('have one schema, one writer and one Arrow schema', async () => {
    const { path, scratch } = await place();
    await writeParquet(path, await Promise.all([narrowFrame([1n]), narrowFrame([2n])]), { schema: narrow, scratch });
    const kinds = await duck(`select key::varchar k from parquet_kv_metadata('${path}')`);
    expect(kinds).toEqual([{ k: 'ARROW:schema' }]);
    const [file] = await duck(`select created_by b, num_row_groups g, num_rows n from parquet_file_metadata('${path}')`);
    expect(file).toEqual({ b: 'Polars', g: '2', n: '2' });
  });

  test('of another schema than the file are refused before a byte of them is written', async () => {
    const { path, scratch } = await place();
    const other = await frameOf({ columns: [{ name: 'id', type: { kind: 'int32' }, nullable: true }] }, [[1]]);
    await expect(writeParquet(path, [await narrowFrame([1n]), other], { schema: narrow, scratch })).rejects.toMatchObject({
      code: 'HYG-9001',
      why: ['column name is gone', 'column id was int64 and is int32 now'],
    });
  });

  test('that are not made of Polars data are refused', async () => {
    const { path, scratch } = await place();
    const foreign = { ...(await narrowFrame([1n])), schema: narrow, rows: 1 } as unknown as Frame;
    await expect(writeParquet(path, [foreign], { schema: narrow, scratch })).rejects.toThrow('not made of Polars data');
  });
});

describe('the summary', () => {
  const watermark = { column: 'id', type: { kind: 'int64' } } as const;

  test('tells rows, nulls and the exact smallest and largest watermark of the file', async () => {
    const { path, scratch } = await place();
    const frames = await Promise.all([narrowFrame([5n, null]), narrowFrame([2n ** 53n + 1n]), narrowFrame([-3n, null, null])]);
    const { rows, nulls, min, max, bytes, body } = await writeParquet(path, frames, { schema: narrow, scratch, watermark });
    expect({ rows, nulls, min, max }).toEqual({ rows: 6, nulls: [3, 0], min: '-3', max: '9007199254740993' });
    expect(bytes).toBe(body.length);
  });

  test.each(edgeColumns.filter(({ type }) => ['timestamp', 'date', 'decimal', 'uint64', 'int64', 'uuid'].includes(type.kind)))(
    'has the watermarks of $name as a second reader sees them',
    async ({ type, values, duckdb }) => {
      const { path, scratch } = await place();
      const schema: Schema = { columns: [{ name: 'c', type, nullable: true }] };
      const frame = await frameOf(
        schema,
        values.map(([cell]) => [cell]),
      );
      const { min, max } = await writeParquet(path, [frame], { schema, scratch, watermark: { column: 'c', type } });
      const text = (edge: string) =>
        duck("set timezone = 'UTC'", `select count(*) n from '${path}' where c = '${edge}'::${duckdb === 'VARCHAR' ? 'varchar' : duckdb}`);
      const [lowest] = await duck(
        "set timezone = 'UTC'",
        `select count(*) n from '${path}' where c < '${min}'::${duckdb} or c > '${max}'::${duckdb}`,
      );
      expect(Number(lowest?.n)).toBe(0);
      for (const edge of [min, max]) expect(Number((await text(edge ?? ''))[0]?.n)).toBe(1);
    },
  );

  test('has whole texts even where statistics are cut short', async () => {
    const { path, scratch } = await place();
    const names = ['a'.repeat(100), 'z'.repeat(100), 'm'];
    const frame = await frameOf(
      narrow,
      names.map((name) => [1n, name]),
    );
    const { min, max } = await writeParquet(path, [frame], {
      schema: narrow,
      scratch,
      watermark: { column: 'name', type: { kind: 'string' } },
    });
    expect([min, max]).toEqual(['a'.repeat(100), 'z'.repeat(100)]);
  });

  test('has no watermark when there are only nulls', async () => {
    const { path, scratch } = await place();
    const summary = await writeParquet(path, [await narrowFrame([null, null])], { schema: narrow, scratch, watermark });
    expect([summary.min, summary.max, summary.nulls]).toEqual([undefined, undefined, [2, 0]]);
  });
});

describe('files of every shape', () => {
  test('without rows have the whole schema', async () => {
    const { path, scratch } = await place();
    const summary = await writeParquet(path, [], { schema: wide, scratch });
    const types = await duck(`select column_type t from (describe select * from '${path}')`);
    // DuckDB shows the null type by its physical one when no value tells.
    expect(types.map(({ t }) => t)).toEqual(edgeColumns.map(({ duckdb }) => (duckdb === '"NULL"' ? 'INTEGER' : duckdb)));
    expect([summary.rows, await count(`select count(*) n from '${path}'`)]).toEqual([0, 0]);
    const source = await sourceOf(path);
    expect((await parquet.inspect(source, null)).rows).toBe(0);
    expect(await collect(framesOf({ source, scratch }))).toEqual([]);
  });

  test('of frames without rows are files without rows', async () => {
    const { path, scratch } = await place();
    const summary = await writeParquet(path, [await narrowFrame([]), await narrowFrame([])], { schema: narrow, scratch });
    expect([summary.rows, await count(`select count(*) n from '${path}'`)]).toEqual([0, 0]);
  });

  test('with 2,000 columns', async () => {
    const { path, scratch } = await place();
    const schema: Schema = {
      columns: Array.from({ length: 2000 }, (_, index) => ({
        name: `c${index}`,
        type: { kind: index % 2 ? 'string' : 'int64' },
        nullable: true,
      })),
    };
    const row = schema.columns.map((_, index) => (index % 2 ? String(index) : BigInt(index)));
    const summary = await writeParquet(path, [await frameOf(schema, [row]), await frameOf(schema, [row, row.map(() => null)])], {
      schema,
      scratch,
    });
    expect(summary.nulls).toEqual(Array.from({ length: 2000 }, () => 1));
    expect(await duck(`select count(*) n, sum(c1998)::varchar s, max(c1999) m from '${path}'`)).toEqual([{ n: '3', s: '3996', m: '1999' }]);
    expect((await parquet.inspect(await sourceOf(path), null)).schema.columns).toHaveLength(2000);
  });

  test('with nothing but nulls', async () => {
    const { path, scratch } = await place();
    const rows = [edgeColumns.map(() => null), edgeColumns.map(() => null)];
    const { nulls } = await writeParquet(path, [await frameOf(wide, rows)], { schema: wide, scratch });
    expect(nulls).toEqual(edgeColumns.map(() => 2));
    const [frame] = await collect(framesOf({ source: await sourceOf(path), scratch }));
    expect(await frame?.nullCounts()).toEqual(nulls);
  });

  test('leave nothing in scratch', async () => {
    const { path } = await place();
    const used = new Set<string>();
    const folder = await testFolder();
    const real = testScratch(folder);
    const scratch = { ...real, path: async (suffix: string) => used.add(await real.path(suffix)) && ([...used].at(-1) ?? '') };
    await writeParquet(path, await Promise.all([narrowFrame([1n]), narrowFrame([2n])]), { schema: narrow, scratch });
    expect(used.size).toBe(2);
    for (const file of used) await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});

test('a full scratch disk is named as what is wrong', async () => {
  const { path, scratch } = await place();
  const full = { ...scratch, path: async () => '/dev/full', free: async () => undefined };
  await expect(writeParquet(path, [await narrowFrame([1n])], { schema: narrow, scratch: full })).rejects.toMatchObject({
    code: 'HYG-4002',
  });
});

test('frames with the columns in another order go into the file’s own columns', async () => {
  const { path, scratch } = await place();
  const swapped: Schema = { columns: narrow.columns.toReversed() };
  const frames = [
    await narrowFrame([1n, null]),
    await frameOf(swapped, [
      [null, 3n],
      ['y', null],
      ['z', 5n],
    ]),
  ];
  const { nulls } = await writeParquet(path, frames, { schema: narrow, scratch });
  expect(nulls).toEqual([2, 1]);
  expect(await duck(`select id, name from '${path}'`)).toEqual([
    { id: '1', name: 'x' },
    { id: null, name: 'x' },
    { id: '3', name: null },
    { id: null, name: 'y' },
    { id: '5', name: 'z' },
  ]);
});
