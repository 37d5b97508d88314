import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { isFrame, type Window } from '../../src/engine/contracts/home.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import type { FilePlace } from '../../src/files/store/layout.ts';
import { fileStore } from '../../src/files/store/store.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { formatOf } from '../../src/formats/formats.ts';
import { rowHashes } from '../../src/frames/row-sum/row-hashes.ts';
import type { Schema } from '../../src/frames/schema.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { place } from './settling.ts';

const never = new AbortController().signal;
const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'ignore' };

async function storeOf(folder: string, format: string, scratch: Scratch, more: Partial<FilePlace> = {}): Promise<Store> {
  const made = await formatOf(format, {});
  return fileStore({
    files: localFileSystem(folder),
    place: { ...place, extension: made.extension, ...more },
    where: 'lake',
    format: made,
    targetBytes: 1_000_000,
    random: realRandom(),
    scratch,
  });
}

/** The rows that settled: their number, and the sum of their hashes. */
async function settledSum(store: Store, columns?: Schema['columns'], window = everything) {
  const head = await store.head();
  if (head === null || store.settled === undefined) throw new Error('nothing settled');
  await using home = await store.settled.open(head);
  const described = await home.describe();
  const planned = await home.plan(window, { sliceBytes: 1_000_000 });
  if (!('done' in described) || !('done' in planned)) throw new Error('a settled home answers at once');
  const { schema, rows: expected, version } = described.done;
  let [rows, sum] = [0, 0n];
  for (const slice of planned.done.slices)
    for await (const item of home.read(slice, window, undefined, never)) {
      if (!isFrame(item as never)) continue;
      const frame = item as Parameters<typeof rowHashes>[0];
      expect(frame.schema.columns.map(({ name }) => name)).toEqual(schema?.columns.map(({ name }) => name));
      for (const hash of await rowHashes(frame, columns ?? schema?.columns ?? [])) sum += hash;
      rows += frame.rows;
    }
  expect(version).toBe(head.id);
  if (window.column === null) expect({ n: rows, exact: true }).toEqual(expected);
  return { rows, sum: String(sum), schema, slices: planned.done.slices.length };
}

/** Sums of docs/building/row-sum.md by DuckDB. */
const rowSum = (from: string, texts: readonly string[]) => `
  select count(*)::varchar as rows, sum(case when bits < 9223372036854775808 then bits else bits - 18446744073709551616 end)::varchar as sum
  from (select ('0x' || md5(concat(${texts.map((text) => `coalesce(strlen(${text}) || ':' || ${text}, 'n')`).join(', ')}))[1:16])::ubigint::hugeint as bits from ${from})`;

const columns = {
  id: 'id::varchar',
  shop: 'shop',
  price: "rtrim(rtrim(price::varchar, '0'), '.')",
  moment: "rtrim(rtrim(strftime(moment, '%Y-%m-%dT%H:%M:%S.%f'), '0'), '.')",
  day: 'day::varchar',
  code: 'code::varchar',
  paid: 'paid::varchar',
};
const texts = Object.values(columns);

const sales = (from: number, to: number) => `
  select range as id, case when range % 7 = 0 then null else 'shop ' || (range % 3) || '/x ' end as shop, (range % 1000 / 10.0)::decimal(18,2) as price,
    timestamp '2026-01-01' + interval (range * 1234567) microseconds as moment, date '2026-01-01' + (range % 2)::int as day,
    md5(range::varchar)::uuid as code, nullif(range % 4, 3)::bool as paid from range(${from}, ${to})`;

describe('what settled is what DuckDB sums in the source', () => {
  // Each format every day, by turns in partitions and without.
  const kinds = ['parquet', 'csv', 'ndjson'].flatMap((format, at) =>
    [at % 2 === 0, at % 2 === 1].map((isPartitioned) => ({ format, isPartitioned })),
  );
  test.each(sampled(kinds, 3))(
    '$format, by partitions: $isPartitioned; grown by an increment and a backfill',
    async ({ format, isPartitioned }) => {
      const partition = isPartitioned ? ', partition_by: [day, shop]' : '';
      using workspace = new TestWorkspace({
        'flows/f/flow.yml': `home: { path: in }\nstore: { path: lake, format: ${format}${partition} }\nrun_type: incremental\nwatermark: { column: id }\n`,
      });
      await using scratch = realScratch();
      const partitionBy = isPartitioned ? { partitionBy: ['day', 'shop'] } : {};
      const store = await storeOf(workspace.path('lake'), format, scratch, { folder: '', ...partitionBy });
      const settles = async (where = 'true', window = everything) => {
        const [source] = await duck(rowSum(`read_parquet('${workspace.path('in')}/*.parquet') where ${where}`, texts));
        const { schema } = (await store.head()) ?? {};
        const byName = new Map(schema?.columns.map((column) => [column.name, column]));
        const named = Object.keys(columns).flatMap((name) => byName.get(name) ?? []);
        const { rows, sum, slices } = await settledSum(store, named, window);
        expect({ rows: String(rows), sum }).toEqual(source);
        return slices;
      };
      for (const [from, to] of [
        [0, 300],
        [299, 500],
      ] as const) {
        await workspace.parquet(`in/${from}.parquet`, sales(from, to));
        expect((await workspace.run(['go'])).code).toBe(0);
        await settles();
      }
      await workspace.parquet('in/0.parquet', `${sales(0, 300)} where range < 250 or range = 299`);
      expect((await workspace.run(['backfill', 'f.f', '--from', '0', '--to', '299'])).code).toBe(0);
      const all = await settles();
      const [lower, upper] = [
        { text: '210', inclusive: false },
        { text: '230', inclusive: true },
      ];
      const ofIds: Window = { ...everything, column: { column: 'id', type: { kind: 'int64' } }, nulls: 'exclude' };
      expect(await settles('id > 210 and id <= 230', { ...ofIds, lower, upper })).toBeLessThan(all);
      await settles('id >= 230', { ...ofIds, lower: upper });
      await settles('id < 210', { ...ofIds, upper: lower });
      const ofShops: Window = { ...everything, column: { column: 'shop', type: { kind: 'string' } } };
      await settles("shop is null or shop >= 'shop 1/x '", { ...ofShops, lower: { text: 'shop 1/x ', inclusive: true } });
    },
  );

  test('columns that came later are null in the rows before, and narrower numbers are the same numbers', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: { path: in }\nstore: { path: lake }\nrun_type: incremental\nschema: { mode: adapt }\n',
    });
    await using scratch = realScratch();
    await workspace.parquet('in/a.parquet', 'select range::int as id from range(5)');
    expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
    await workspace.parquet('in/b.parquet', "select range as id, 'x' as note from range(5000000000, 5000000003)");
    expect((await workspace.run(['go'])).code).toBe(0);
    const [source] = await duck(rowSum(`read_parquet('${workspace.path('in')}/*.parquet', union_by_name = true)`, ['id::varchar', 'note']));
    const { rows, sum } = await settledSum(await storeOf(workspace.path('lake'), 'parquet', scratch, { folder: '' }));
    expect({ rows: String(rows), sum }).toEqual(source);
  });

  test('a file that is not the one that settled is named', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: { path: in }\nstore: { path: lake }\n' });
    await using scratch = realScratch();
    await workspace.parquet('in/a.parquet', sales(0, 10));
    await workspace.run(['go']);
    const store = await storeOf(workspace.path('lake'), 'parquet', scratch, { folder: '' });
    const [settled] = [...workspace.tree('lake').keys()].filter((name) => name.endsWith('.parquet'));
    await rm(workspace.path(settled ?? ''));
    await expect(settledSum(store)).rejects.toMatchObject({ code: 'HYG-4110' });
  });
});
