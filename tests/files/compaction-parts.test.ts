/** What a compaction of a file store puts together, and what it leaves alone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { SliceRef } from '../../src/engine/contracts/home.ts';
import type { Range } from '../../src/engine/contracts/replacing.ts';
import { type Compaction, partsOf } from '../../src/engine/contracts/replacing.ts';
import { FileCompaction } from '../../src/files/store/compaction.ts';
import type { FilesHead, ListedFile } from '../../src/files/store/head/head-log.ts';
import { fileStore } from '../../src/files/store/store.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { formatOf } from '../../src/formats/formats.ts';
import { rowHashes } from '../../src/frames/row-sum/row-hashes.ts';
import { RowSum } from '../../src/frames/row-sum/row-sum.ts';
import type { DataType, Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import { edgeColumns } from '../support/edge-values.ts';
import { sampled } from '../support/samples.ts';
import { adding } from '../support/sim/rows.ts';
import { decided, place, run } from './settling.ts';

const never = new AbortController().signal;
const file = (name: string, more: Partial<ListedFile> = {}): ListedFile => ({
  name,
  bytes: 10,
  rows: 3,
  role: 'data',
  unmarked: 0,
  ...more,
});

async function groupsOf(
  files: readonly ListedFile[],
  how: { readonly bySource?: boolean; readonly readAgain?: Range; readonly targetBytes?: number } = {},
) {
  const { bySource = false, readAgain = null, targetBytes = 1000 } = how;
  const log = { read: async () => ({ head: { files } as unknown as FilesHead, position: '1' }) };
  const compaction = new FileCompaction({ log, targetBytes, where: 'lake' } as never);
  const plan = await compaction.plan({ bySource, readAgain });
  return { ...plan, groups: plan.slices.map((slice) => partsOf(slice).map(({ ref }) => (ref as { name: string }).name)) };
}

describe('which files are put together', () => {
  it('are those below half of a full one, at least two of them', async () => {
    const files = [file('a'), file('b', { bytes: 499 }), file('c', { bytes: 500 }), file('d', { bytes: 2000 }), file('e')];
    expect(await groupsOf(files)).toMatchObject({ groups: [['a', 'b', 'e']], parts: 5, small: 3 });
    expect(await groupsOf([file('a'), file('d', { bytes: 2000 })])).toMatchObject({ groups: [], small: 1 });
    expect(await groupsOf([])).toMatchObject({ groups: [], parts: 0 });
  });

  it('are never the open boundary group, a file that hygge did not settle, or one without rows', async () => {
    const files = [
      file('a'),
      file('t', { role: 'boundary' }),
      file('f', { role: 'foreign', rows: null }),
      file('z', { rows: 0 }),
      file('u', { rows: null }),
    ];
    expect(await groupsOf(files)).toMatchObject({ groups: [] });
    expect(await groupsOf([...files, file('b')])).toMatchObject({ groups: [['a', 'b']] });
  });

  it('lie in one partition', async () => {
    const of = (part: string | null) => ({ partition: { part } });
    const files = [
      file('1', of('x')),
      file('2', of('y')),
      file('3', of('x')),
      file('4', of(null)),
      file('5', of(null)),
      file('6', of('z')),
    ];
    expect(await groupsOf(files)).toMatchObject({
      groups: [
        ['1', '3'],
        ['4', '5'],
      ],
      small: 6,
    });
    expect((await groupsOf(files)).slices.map(({ partition }) => partition)).toEqual([{ part: 'x' }, { part: null }]);
  });

  it('came from one source file, where a changed file is replaced', async () => {
    const files = [file('1', { source: 's1' }), file('2', { source: 's2' }), file('3', { source: 's1' })];
    expect(await groupsOf(files, { bySource: true })).toMatchObject({ groups: [['1', '3']], slices: [{ source: 's1' }] });
    expect(await groupsOf(files)).toMatchObject({ groups: [['1', '2', '3']], slices: [{ sources: ['s1', 's2'] }] });
  });

  it('hold no row that the next run reads again', async () => {
    const readAgain: Range = { column: 'n', type: { kind: 'int64' }, from: { text: '50', inclusive: true }, to: null, group: 'whole' };
    const files = [
      file('1', { min: '1', max: '9' }),
      file('2', { min: '10', max: '49' }),
      file('3', { min: '40', max: '50' }),
      file('4', { min: '60', max: '70' }),
    ];
    expect(await groupsOf(files, { readAgain })).toMatchObject({ groups: [['1', '2']] });
  });
});

describe('the rows of files', () => {
  let folder: string;
  let scratch: Scratch;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hygge-compaction-'));
    scratch = realScratch();
  });
  afterEach(async () => {
    await scratch[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const frames = async function* (schema: Schema, rows: readonly (readonly unknown[])[]) {
    const builder = await frameBuilder(schema);
    for (const row of rows) builder.append(row as never);
    yield { frame: await builder.take(), role: 'data' as const };
  };

  async function settled(format: string, schema: Schema, files: readonly (readonly (readonly unknown[])[])[]) {
    const made = await formatOf(format, {});
    const store = fileStore({
      ...{ files: localFileSystem(folder), place: { ...place, extension: made.extension }, where: 'lake', format: made },
      ...{ targetBytes: 1_000_000, random: realRandom(), scratch },
    });
    const parts = [];
    for (const [slice, rows] of files.entries())
      parts.push(
        ...(await store.stage(
          { run: run(1), writing: adding, slice, schema, watermark: null, emptyPart: false },
          frames(schema, rows),
          never,
        )),
      );
    await store.commit({ ...(await decided(store, run(1), parts)), schema });
    if (store.compaction === undefined) throw new Error('a folder of files is compacted');
    return { store, compaction: store.compaction };
  }

  const groupIn = async (compaction: Compaction): Promise<readonly SliceRef[]> =>
    (await compaction.plan({ bySource: false, readAgain: null })).slices.flatMap(partsOf);

  async function read(compaction: Compaction, schema: Schema): Promise<readonly Frame[]> {
    const all: Frame[] = [];
    for (const part of await groupIn(compaction)) {
      const opened = await compaction.open(part, schema);
      if ('left' in opened) throw new Error(JSON.stringify(opened.left));
      for await (const frame of opened.read(never)) all.push(await frame.followedBy([]));
    }
    return all;
  }

  const isNested = (type: DataType) => type.kind === 'list' || type.kind === 'struct';
  const all = (['parquet', 'csv', 'ndjson'] as const).flatMap((format) =>
    edgeColumns
      .filter(({ type }) => format === 'parquet' || (type.kind !== 'null' && (format !== 'csv' || !isNested(type))))
      .map((edge) => ({ ...edge, format })),
  );

  it.each(sampled(all, 6))('are written and read back value for value: $name in $format', async ({ format, type, values }) => {
    const schema: Schema = {
      columns: [
        { name: 'v', type, nullable: true },
        { name: 'id', type: { kind: 'int64' }, nullable: true },
      ],
    };
    // JSON has no infinity.
    const cells = values.map(([cell]) => cell).filter((cell) => format !== 'ndjson' || typeof cell !== 'number' || Number.isFinite(cell));
    const rows = cells.map((cell, i) => [cell, BigInt(i)]);
    const { compaction, store } = await settled(format, schema, [rows, rows.slice(0, 1), rows.slice(1)]);
    const [first, ...others] = await read(compaction, schema);
    if (first === undefined) throw new Error('no rows');
    const frame = await first.followedBy(others);
    expect(frame.rows).toBe(rows.length * 2);
    const { nullDocuments } = store;
    const columns = schema.columns.map((column) =>
      column.type.kind === 'json' && nullDocuments === 'missing' ? { ...column, nullDocuments } : column,
    );
    const [before, after] = [new RowSum(), new RowSum()];
    before.add(await rowHashes(frame, columns));
    const parts = await compaction.stage(
      { run: run(2), writing: adding, slice: 0, schema: frame.schema, watermark: null, emptyPart: false },
      (async function* () {
        yield { frame, role: 'data' as const };
      })(),
      { signal: never, readBack: async (back) => after.add(await rowHashes(back, columns)) },
    );
    expect(parts).toHaveLength(1);
    expect({ rows: after.rows, sum: after.sum }).toEqual({ rows: before.rows, sum: before.sum });
  });

  it.each(['parquet', 'csv', 'ndjson'])('are left alone where a column of theirs would be lost, in %s', async (format) => {
    const schema: Schema = {
      columns: [
        { name: 'id', type: { kind: 'int64' }, nullable: true },
        { name: 'old', type: { kind: 'string' }, nullable: true },
      ],
    };
    const rows = [
      [1n, 'a'],
      [2n, 'b'],
    ];
    const { compaction } = await settled(format, schema, [rows, rows]);
    const [part] = await groupIn(compaction);
    if (part === undefined) throw new Error('no part');
    const narrower: Schema = { columns: schema.columns.slice(0, 1) };
    expect(await compaction.open(part, narrower)).toMatchObject({ left: { column: 'old', why: 'not settled' } });
  });

  it('are left alone where the settled type does not hold theirs', async () => {
    const schema: Schema = { columns: [{ name: 'id', type: { kind: 'int64' }, nullable: true }] };
    const { compaction } = await settled('parquet', schema, [[[1n]], [[2n]]]);
    const [part] = await groupIn(compaction);
    if (part === undefined) throw new Error('no part');
    const narrow: Schema = { columns: [{ name: 'id', type: { kind: 'int32' }, nullable: true }] };
    expect(await compaction.open(part, narrow)).toMatchObject({ left: { column: 'id', why: 'other type' } });
  });
});
