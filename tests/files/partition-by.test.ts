import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Part, Store } from '../../src/engine/contracts/store.ts';
import type { HiveMode } from '../../src/files/home/hive-columns.ts';
import { fileHome } from '../../src/files/home/home.ts';
import { selectFiles } from '../../src/files/home/selection.ts';
import type { FilePlace } from '../../src/files/store/layout.ts';
import { sortedRuns } from '../../src/files/store/staging/sorted-runs.ts';
import { stagedFile } from '../../src/files/store/staging/staged-parts.ts';
import { fileStore } from '../../src/files/store/store.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import { duck } from '../support/duck.ts';
import { frameOf, testFolder, testScratch } from '../support/parquet-files.ts';
import { preparing } from '../support/prepare-request.ts';
import { cases } from '../support/samples.ts';
import { adding } from '../support/sim/rows.ts';
import { done, everything } from './home-files.ts';
import { decided, run } from './settling.ts';

const schema: Schema = {
  columns: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'name', type: { kind: 'string' }, nullable: true },
    { name: 'day', type: { kind: 'date' }, nullable: true },
  ],
};
type Row = readonly [id: bigint, name: string | null, day: number | null];
const never = new AbortController().signal;

interface Lake {
  readonly root: string;
  readonly store: Store;
  readonly scratch: ReturnType<typeof testScratch>;
}

async function lake(partitionBy: readonly string[], how: { most?: number; layout?: FilePlace['layout'] } = {}): Promise<Lake> {
  const root = await testFolder();
  const scratch = testScratch(root);
  const { layout = 'plain' } = how;
  const place: FilePlace = { type: 'test', root, folder: 'f', flow: 'f', entity: 'f', layout, extension: '.parquet', partitionBy };
  const files = localFileSystem(join(root, 'lake'));
  const more = { targetBytes: 1_000_000, random: realRandom(), scratch };
  return {
    root,
    scratch,
    store: fileStore({ files, place, where: 'lake/f', format: parquetFormat({}), apart: sortedRuns(how.most), ...more }),
  };
}

async function stage(
  { store }: Lake,
  frames: readonly (readonly Row[])[],
  more: { emptyPart?: boolean; schema?: Schema; watermark?: string; epoch?: number } = {},
): Promise<readonly Part[]> {
  const { epoch = 1, emptyPart = false } = more;
  const made = (async function* () {
    for (const rows of frames)
      yield { role: 'data' as const, frame: (await frameOf(more.schema ?? schema, rows as readonly (readonly Cell[])[])) as Frame };
  })();
  const type = schema.columns.find(({ name }) => name === more.watermark)?.type;
  const watermark = more.watermark !== undefined && type ? { column: more.watermark, type } : null;
  return store.stage({ run: run(epoch), writing: adding, slice: 0, schema: more.schema ?? schema, watermark, emptyPart }, made, never);
}

async function settle(of: Lake, frames: readonly (readonly Row[])[], more: Parameters<typeof stage>[2] = {}): Promise<readonly Part[]> {
  const parts = await stage(of, frames, more);
  expect(await of.store.commit(await decided(of.store, run(more.epoch ?? 1), parts))).toEqual({ done: 'committed' });
  return parts;
}

/** Rows as DuckDB reads them: from the folder, by Hive's rules, every folder as text. */
async function byDuck({ root }: Lake): Promise<readonly string[]> {
  const rows = await duck(
    `select id::varchar id, name, day::varchar as day from read_parquet('${root}/lake/f/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`,
  );
  return rows.map(({ id, name, day }) => JSON.stringify([id, name, day])).sort();
}

/** Rows as our own home reads them. */
async function byHome({ root, scratch }: Lake, hivePartitions: HiveMode = { name: { kind: 'string' } }): Promise<readonly string[]> {
  const files = localFileSystem(join(root, 'lake/f'));
  const chosen = selectFiles({ files, glob: null, single: null, extensions: ['.parquet'], written: 'f', display: (path) => path });
  const more = { pinned: null, frameRows: 1_000, columns: ['id', 'name', 'day'], exclude: null, clock: realClock(), scratch };
  const home = fileHome({ files, selection: chosen, where: 'f', format: parquetFormat({}), hivePartitions, ...more });
  const window = everything;
  const { slices } = done(await home.plan(window, { sliceBytes: 1_000_000 }));
  const rows: string[] = [];
  for (const slice of slices) {
    for await (const frame of home.read(slice, window, undefined, never)) {
      if ('checkpoint' in frame || 'rejected' in frame) continue;
      const data = (await asPolars(frame).collect()).select('id', 'name', 'day');
      for (const [id, name, day] of data.rows())
        rows.push(JSON.stringify([String(id), name, day === null ? null : new Date(day).toISOString().slice(0, 10)]));
    }
  }
  return rows.sort();
}

const asText = (rows: readonly Row[]) =>
  rows
    .map(([id, name, day]) =>
      JSON.stringify([String(id), name, day === null ? null : new Date(day * 86_400_000).toISOString().slice(0, 10)]),
    )
    .sort();

describe('rows partitioned by a column', () => {
  it('lie in folders of its values, and the column is not in the files', async () => {
    const of = await lake(['name']);
    const rows: readonly Row[] = [
      [1n, 'a', 0],
      [2n, 'b', 1],
      [3n, null, null],
      [4n, 'a', 2],
    ];
    const parts = await settle(of, [rows]);
    expect(parts.map(({ partition, rows: n }) => [partition, n])).toEqual([
      [{ name: null }, 1],
      [{ name: 'a' }, 2],
      [{ name: 'b' }, 1],
    ]);
    expect(readdirSync(join(of.root, 'lake/f')).sort()).toEqual(['name=__HIVE_DEFAULT_PARTITION__', 'name=a', 'name=b']);
    const [inside] = await duck(`select count(*) n from parquet_schema('${of.root}/lake/f/name=a/*.parquet') where name = 'name'`);
    expect(inside).toEqual({ n: '0' });
    expect(await byDuck(of)).toEqual(asText(rows));
    expect(await byHome(of)).toEqual(asText(rows));
  });

  it('may be partitioned by several, the watermark among them', async () => {
    const of = await lake(['day', 'name']);
    const parts = await settle(
      of,
      [
        [
          [1n, 'a', 0],
          [2n, 'a', 1],
        ],
        [
          [3n, 'a', 0],
          [4n, 'b', null],
        ],
      ],
      { watermark: 'day' },
    );
    expect(parts.map(({ partition, nulls, min, max, rows }) => ({ partition, nulls, min, max, rows }))).toEqual([
      { partition: { day: null, name: 'b' }, nulls: [0, 0, 1], min: undefined, max: undefined, rows: 1 },
      { partition: { day: '1970-01-01', name: 'a' }, nulls: [0, 0, 0], min: '1970-01-01', max: '1970-01-01', rows: 2 },
      { partition: { day: '1970-01-02', name: 'a' }, nulls: [0, 0, 0], min: '1970-01-02', max: '1970-01-02', rows: 1 },
    ]);
    expect(stagedFile(parts[1] as Part).final).toMatch(/^f\/day=1970-01-01\/name=a\/\d{20}-mine-/);
  });

  it('are the same whatever they are partitioned by: any text', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom(
        '',
        '.',
        '..',
        'a/b',
        '%2F',
        'null',
        'NULL',
        '__HIVE_DEFAULT_PARTITION__',
        '\0',
        'a ',
        'x=y',
        '*',
        'v=1',
        "'",
        '"',
        '00000000000000000001',
      ),
    );
    const row = fc.tuple(fc.bigInt(0n, 999n), fc.option(text), fc.option(fc.integer({ min: 0, max: 3 })));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, 200, 1e6),
        async (frames, most) => {
          const rows = frames.flat().filter(([, name]) => (name ?? '').isWellFormed());
          fc.pre(rows.length > 0 && rows.length === frames.flat().length);
          const of = await lake(['name'], { most });
          await settle(of, frames);
          expect(await byDuck(of)).toEqual(asText(rows));
          expect(await byHome(of)).toEqual(asText(rows));
          expect(await of.store.inspect()).toMatchObject({ done: { content: 'ours', rows: rows.length, missing: [] } });
        },
      ),
      cases(40),
    );
  });

  it('are few files with large row groups, however they came', async () => {
    const of = await lake(['name'], { most: 1_000_000 });
    const frames = Array.from({ length: 20 }, (_, f) =>
      Array.from({ length: 200 }, (_, i): Row => [BigInt(f * 200 + i), `n${i % 5}`, null]),
    );
    const parts = await settle(of, frames);
    expect(parts).toHaveLength(5);
    expect(
      await duck(
        `select max(row_group_num_rows)::int n, count(distinct row_group_id)::int g from parquet_metadata('${of.root}/lake/f/name=n1/*.parquet')`,
      ),
    ).toEqual([{ n: 800, g: 1 }]);
    expect(readdirSync(of.root).filter((name) => name !== 'lake')).toHaveLength(1);
    expect(await byDuck(of)).toEqual(asText(frames.flat()));
  });

  it('go with a full load, their empty folders too', async () => {
    const of = await lake(['name']);
    await settle(of, [
      [
        [1n, 'a', 0],
        [2n, 'b', 0],
      ],
    ]);
    await settle(of, [[[3n, 'c', 0]]], { epoch: 2 });
    expect(readdirSync(join(of.root, 'lake/f'))).toEqual(['name=c']);
    expect(await byDuck(of)).toEqual(asText([[3n, 'c', 0]]));
  });

  it('lie below the folder of their version', async () => {
    const of = await lake(['name'], { layout: 'versioned' });
    const parts = await settle(of, [[[1n, 'a', 0]]]);
    expect(stagedFile(parts[0] as Part).final).toMatch(/^f\/v=0{19}1\/name=a\/0{19}1-mine-/);
    await settle(of, [[[2n, 'a', 0]]], { epoch: 2 });
    expect(await byHome(of)).toEqual(asText([[2n, 'a', 0]]));
  });

  it('when there are none, leave a file that has their columns and a partition', async () => {
    const of = await lake(['name']);
    const parts = await settle(of, [], { emptyPart: true });
    expect(parts).toMatchObject([{ rows: 0, nulls: [0, 0, 0], partition: { name: null } }]);
    expect(await byHome(of)).toEqual([]);
    expect(await byDuck(of)).toEqual([]);
  });
});

describe('partition_by', () => {
  it.each([
    ['a column that is not there', ['nme'], 'There is no column nme to partition by.'],
    ['a column whose values have no exact text', ['ratio'], "Rows can't be partitioned by ratio: it is float64."],
    ['every column', ['id', 'ratio2'], 'Every column is in partition_by'],
  ])('refuses %s before anything is read', async (_what, names, what) => {
    const of = await lake(names);
    const columns = names.includes('ratio2')
      ? [
          { name: 'id', type: { kind: 'int64' }, nullable: true },
          { name: 'ratio2', type: { kind: 'int64' }, nullable: true },
        ]
      : [...schema.columns, { name: 'ratio', type: { kind: 'float64' }, nullable: true }];
    const wanted = { schema: { columns } as Schema, keepsTable: false, settled: [], watermark: null };
    expect(of.store.fit(wanted, { content: 'empty' }).refusals).toMatchObject([{ code: 'HYG-4106', what: expect.stringContaining(what) }]);
  });

  it('refuses a value that is too long for a name, without showing it', async () => {
    const of = await lake(['name']);
    await expect(stage(of, [[[1n, 'x'.repeat(251), 0]]])).rejects.toMatchObject({
      code: 'HYG-4107',
      what: 'A value of name is too long for the name of a folder.',
      why: ['As part of a path it has 256 bytes; file systems allow 255.'],
    });
    expect(await stage(of, [[[1n, 'x'.repeat(250), 0]]])).toHaveLength(1);
  });

  it('refuses more partitions than a reader could bear, and leaves nothing in scratch', async () => {
    const of = await lake(['name'], { most: 1 });
    const frames = [0, 1, 2].map((f) => Array.from({ length: 4_000 }, (_, i): Row => [1n, `n${f * 4_000 + i}`, null]));
    await expect(stage(of, frames)).rejects.toMatchObject({ code: 'HYG-4108' });
    expect(readdirSync(of.root).flatMap((name) => readdirSync(join(of.root, name)).filter((file) => file.endsWith('.parquet')))).toEqual(
      [],
    );
  });

  it('counts the partitions of all slices together', async () => {
    const of = await lake(['name']);
    const part = (await stage(of, [[[1n, 'a', 0]]]))[0] as Part;
    const parts = Array.from({ length: 10_001 }, (_, i): Part => ({ ...part, partition: { name: `n${i}` } }));
    await expect(
      of.store.prepare(
        preparing({
          run: run(1),
          prev: null,
          supersede: { what: 'nothing' },
          parts,
        }),
      ),
    ).rejects.toMatchObject({
      code: 'HYG-4108',
    });
  });
});

describe('values of every type that names a folder', () => {
  const values: readonly (readonly [Schema['columns'][number]['type'], Cell, string])[] = [
    [{ kind: 'bool' }, true, 'true'],
    [{ kind: 'bool' }, false, 'false'],
    [{ kind: 'int8' }, -128, '-128'],
    [{ kind: 'int64' }, 2n ** 53n + 1n, '9007199254740993'],
    [{ kind: 'uint64' }, 2n ** 64n - 1n, '18446744073709551615'],
    [{ kind: 'decimal', precision: 38, scale: 4 }, -5n, '-0.0005'],
    [{ kind: 'decimal', precision: 38, scale: 4 }, 10n ** 37n, '1000000000000000000000000000000000.0000'],
    [{ kind: 'date' }, -1, '1969-12-31'],
    [{ kind: 'timestamp', unit: 'ns' }, 1_700_000_000_123_456_789n, '2023-11-14T22:13:20.123456789'],
    [{ kind: 'timestamp', unit: 'us', zone: 'Europe/Copenhagen' }, 1_700_000_000_123_456n, '2023-11-14T22:13:20.123456Z'],
    [{ kind: 'uuid' }, '0A3BC4D5-0000-0000-0000-00000000000F', '0A3BC4D5-0000-0000-0000-00000000000F'],
  ];

  it.each(values)('%j: %s comes back as it was', async (type, cell, text) => {
    const both: Schema = {
      columns: [
        { name: 'id', type: { kind: 'int64' }, nullable: true },
        { name: 'p', type, nullable: true },
      ],
    };
    const of = await lake(['p']);
    const rows: readonly (readonly Cell[])[] = [
      [0n, cell],
      [99n, null],
    ];
    const parts = await settle(of, [rows as never], { schema: both });
    expect(new Set(parts.map(({ partition }) => partition?.p))).toEqual(new Set([text, null]));
    const files = localFileSystem(join(of.root, 'lake/f'));
    const chosen = selectFiles({ files, glob: null, single: null, extensions: ['.parquet'], written: 'f', display: (path) => path });
    const more = { pinned: null, frameRows: 1_000, columns: null, exclude: null, clock: realClock(), scratch: of.scratch };
    const hivePartitions = { p: type.kind === 'uuid' ? ({ kind: 'string' } as const) : type };
    const home = fileHome({ files, selection: chosen, where: 'f', format: parquetFormat({}), hivePartitions, ...more });
    const window = everything;
    const { slices } = done(await home.plan(window, { sliceBytes: 1_000_000 }));
    const prints: unknown[] = [];
    for (const slice of slices)
      for await (const frame of home.read(slice, window, undefined, never))
        if (!('checkpoint' in frame) && !('rejected' in frame)) prints.push(...(await Promise.all([frame.fingerprint()])));
    const expected = await Promise.all(rows.map(async (row) => (await frameOf(both, [row])).fingerprint()));
    const hashes = (all: readonly unknown[]) => all.map((one) => (one as { hash: string }).hash).sort();
    expect(hashes(prints)).toEqual(hashes(expected));
  });
});
