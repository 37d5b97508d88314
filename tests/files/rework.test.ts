import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Checkpoint, SliceRef } from '../../src/engine/contracts/home.ts';
import type { Range, Ranges, Rework, ReworkPlan, ReworkScope } from '../../src/engine/contracts/replacing.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { ListedFile } from '../../src/files/store/head/head-log.ts';
import { noFiles } from '../../src/files/store/head/head-log.ts';
import { manifestHeads } from '../../src/files/store/head/manifest.ts';
import { rangeIn, rangeOverlap } from '../../src/files/store/range.ts';
import { FileRework } from '../../src/files/store/rework.ts';
import type { FileContent } from '../../src/formats/contract/format.ts';
import type { Schema } from '../../src/frames/schema.ts';
import type { Json } from '../../src/ports/values.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { preparing } from '../support/prepare-request.ts';
import { jsonLines } from '../support/sim/jsonl-format.ts';
import { adding, baseSchema, type Row, row, rowsOfFrame, rowText, SimFrame } from '../support/sim/rows.ts';
import { decided, place, run, storeOn } from './settling.ts';

const never = new AbortController().signal;
const range: Range = {
  column: 'mark',
  type: { kind: 'int64' },
  from: { text: '2', inclusive: true },
  to: { text: '5', inclusive: false },
  group: 'rows',
};
const together = ({ from, to, ...of }: Range): Ranges => ({ ...of, ranges: [{ from, to }] });
const of = (range: Range): ReworkScope => ({ range: together(range), retyped: [] });
const file = (of: Partial<ListedFile>): ListedFile => ({ name: 'f/1.jsonl', bytes: 10, rows: 3, role: 'data', unmarked: 0, ...of });

describe('what the head tells of a file and a range', () => {
  it.each([
    ['all of it below', { min: '0', max: '1' }, 'none'],
    ['all of it above', { min: '5', max: '9' }, 'none'],
    ['all of it inside', { min: '2', max: '4' }, 'whole'],
    ['all of it at one value inside', { min: '2', max: '2' }, 'whole'],
    ['on both sides of the beginning', { min: '1', max: '3' }, 'some'],
    ['on both sides of the end', { min: '4', max: '5' }, 'some'],
    ['around it', { min: '0', max: '9' }, 'some'],
    ['inside, but for rows without a watermark', { min: '2', max: '4', unmarked: 1 }, 'some'],
    ['inside, and no one knows of rows without a watermark', { min: '2', max: '4', unmarked: undefined }, 'some'],
    ['outside, with rows without a watermark', { min: '7', max: '8', unmarked: 1 }, 'none'],
    ['no watermark at all in it', { unmarked: 3 }, 'none'],
    ['unknown', { unmarked: undefined }, 'some'],
    ['written by another type', { min: 'a', max: 'b' }, 'some'],
    ['someone else’s', { min: '2', max: '4', role: 'foreign' as const }, 'none'],
    ['no rows', { rows: 0 }, 'none'],
    ['a partition inside', { partition: { mark: '3' }, min: '3', max: '3' }, 'whole'],
    ['a partition outside, taken over without its edges', { partition: { mark: '7' }, rows: null, unmarked: undefined }, 'none'],
    ['the partition of rows without a watermark', { partition: { mark: null } }, 'none'],
    ['the open boundary group', { min: '9', max: '9', role: 'boundary' as const }, 'none'],
  ])('%s', (_, of, held) => {
    const { unmarked, ...rest } = of as Partial<ListedFile>;
    const known =
      'unmarked' in of && unmarked === undefined
        ? (({ unmarked: _unknown, ...others }) => others)(file(rest))
        : file(of as Partial<ListedFile>);
    expect(rangeOverlap(known, range)).toBe(held);
  });

  it('the open boundary group goes as a whole, with rows without a watermark, where it is read again', () => {
    expect(rangeOverlap(file({ min: '9', max: '9', unmarked: 2, role: 'boundary' }), { ...range, to: null, group: 'whole' })).toBe('whole');
    expect(rangeOverlap(file({ min: '9', max: '9', unmarked: 2, role: 'boundary' }), { ...range, to: null })).toBe('some');
  });

  it('a range without an end reaches everything above its beginning', () => {
    expect(rangeOverlap(file({ min: '2', max: '900' }), { ...range, to: null })).toBe('whole');
  });

  it('is compared in the words of the file, where its type differs and the values mean the same', () => {
    expect(rangeIn({ kind: 'int32' }, range)).toMatchObject({ type: { kind: 'int32' }, from: { text: '2' } });
    expect(rangeIn({ kind: 'string' }, range)).toBeUndefined();
    const at = {
      ...range,
      type: { kind: 'timestamp', unit: 'us' } as const,
      from: { text: '2024-01-01T00:00:00.000000', inclusive: true },
      to: null,
    };
    expect(rangeIn({ kind: 'timestamp', unit: 'ms' }, at)?.from.text).toBe('2024-01-01T00:00:00.000');
    expect(rangeIn({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, at)).toBeUndefined();
    expect(
      rangeIn({ kind: 'timestamp', unit: 'ms' }, { ...at, from: { text: '2024-01-01T00:00:00.000001', inclusive: true } }),
    ).toBeUndefined();
  });
});

/** One settled file of these rows. */
async function settledFile(rows: readonly Row[], watermark = true): Promise<{ files: MemoryFileSystem; store: Store }> {
  const files = new MemoryFileSystem();
  const store = storeOn(files);
  const frames = (async function* () {
    yield { frame: new SimFrame(baseSchema, rows), role: 'data' as const };
  })();
  const column = watermark ? { column: 'mark', type: range.type } : null;
  const parts = await store.stage(
    { run: run(1), writing: adding, slice: 0, schema: baseSchema, watermark: column, emptyPart: false },
    frames,
    never,
  );
  await store.commit(await decided(store, run(1), parts));
  return { files, store };
}

const straddling = [row(1, 1), row(2, 2), row(4, 4), row(5, 5), row(9, null)];

function reworkOf({ rework }: Store) {
  if (!rework) throw new Error('a store of files has rework');
  return rework;
}

async function planned(rework: Rework): Promise<ReworkPlan> {
  const step = await rework.plan(of(range));
  if (!('done' in step)) throw new Error('metadata is looked at in one go');
  return step.done;
}

async function texts(read: AsyncIterable<Frame | Checkpoint>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const one of read) found.push(...('checkpoint' in one ? ['|'] : rowsOfFrame(one).map(rowText)));
  return found;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof HyggeError) return `${error.code} ${error.what} ${error.why.join(' ')}`;
  throw new Error(`nothing was refused: ${String(error)}`);
}

describe('a file that straddles the range', () => {
  it('is counted and read without the rows of it; rows without a watermark stay', async () => {
    const { store } = await settledFile(straddling);
    const rework = reworkOf(store);
    const done = await planned(rework);
    expect(done).toMatchObject({ whole: 0, leaves: false, slices: [{ rows: 5 }] });
    const [slice] = done.slices;
    if (!slice) throw new Error('no slice');
    expect(await rework.count(slice, of(range), never)).toEqual({ rowsInRange: 2, rowsOfPart: 5, retypes: false });
    expect(await texts(rework.read(slice, of(range), undefined, never))).toEqual(['1@1', '9@null', '|', '5@5']);
  });

  it('is gone on with from any checkpoint, row for row', async () => {
    const { files } = await settledFile(straddling);
    // Two pieces of the same file, as of a large one.
    const inPieces = {
      ...jsonLines,
      async inspect(...of: Parameters<typeof jsonLines.inspect>): Promise<FileContent> {
        const content = await jsonLines.inspect(...of);
        return { ...content, pieces: [0, 1].map((from) => ({ from, to: from + 1, rows: null, bytes: 1 })) };
      },
      async *read(request: Parameters<typeof jsonLines.read>[0]) {
        for await (const frame of jsonLines.read(request))
          if (frame instanceof SimFrame)
            yield new SimFrame(
              frame.schema,
              frame.list.filter(({ id }) => (request.from === 0) === id < 4),
            );
      },
    };
    const options = {
      files,
      log: manifestHeads.open(files, place),
      where: 'lake/f',
      format: inPieces,
      scratch: { path: never_, free: never_, [Symbol.asyncDispose]: async () => undefined },
    };
    const rework = new FileRework(options);
    const [slice] = (await rework.plan(of(range))).done.slices;
    if (!slice) throw new Error('no slice');
    const whole: (string | Json)[] = [];
    for await (const one of rework.read(slice, of(range), undefined, never))
      whole.push(...('checkpoint' in one ? [one.checkpoint] : rowsOfFrame(one).map(rowText)));
    const rows = (all: readonly (string | Json)[]) => all.filter((one) => typeof one === 'string');
    expect(rows(whole)).toEqual(['1@1', '9@null', '5@5']);
    expect(whole.length).toBeGreaterThan(4);
    for (const [i, checkpoint] of whole.entries()) {
      if (typeof checkpoint === 'string') continue;
      expect(JSON.stringify(checkpoint).length).toBeLessThan(2_048);
      const rest = (await texts(rework.read(slice, of(range), checkpoint, never))).filter((text) => text !== '|');
      expect(rest).toEqual(rows(whole.slice(i + 1)));
    }
  });

  it('loses the rows of each of several ranges, and gives those between them, from wherever it goes on', async () => {
    const rows = [row(1, 1), row(2, 2), row(3, 3), row(9, null), row(4, 4), row(5, 5), row(6, 6), row(7, 7)];
    const rework = reworkOf((await settledFile(rows)).store);
    const ends = (from: number, to: number) => ({ from: { text: `${from}`, inclusive: true }, to: { text: `${to}`, inclusive: false } });
    const { from: _, to: __, ...column } = range;
    const work: ReworkScope = { range: { ...column, ranges: [ends(2, 3), ends(4, 5), ends(6, 7)] }, retyped: [] };
    const step = await rework.plan(work);
    const [slice] = 'done' in step ? step.done.slices : [];
    if (slice === undefined) throw new Error('the file straddles the ranges');
    expect(await rework.count(slice, work, never)).toEqual({ rowsInRange: 3, rowsOfPart: 8, retypes: false });
    const stay = await texts(rework.read(slice, work, undefined, never));
    expect(stay.filter((text) => text !== '|')).toEqual(['1@1', '9@null', '3@3', '5@5', '7@7']);
    const checkpoints: Json[] = [];
    for await (const one of rework.read(slice, work, undefined, never)) if ('checkpoint' in one) checkpoints.push(one.checkpoint);
    expect(checkpoints).toHaveLength(3);
    const rest = async (at: number) => (await texts(rework.read(slice, work, checkpoints[at], never))).filter((text) => text !== '|');
    expect([await rest(0), await rest(1), await rest(2)]).toEqual([['3@3', '5@5', '7@7'], ['5@5', '7@7'], ['7@7']]);
  });

  it('of which the head knows no edges is looked into, and stays where it holds no row of the range', async () => {
    const { store } = await settledFile([row(1, 1), row(7, 7)], false);
    const rework = reworkOf(store);
    const done = await planned(rework);
    const [slice] = done.slices;
    if (!slice) throw new Error('no slice');
    expect(await rework.count(slice, of(range), never)).toEqual({ rowsInRange: 0, rowsOfPart: 2, retypes: false });
    const prepared = await store.prepare(
      preparing({
        run: run(2),
        prev: 'intent-1',
        supersede: { what: 'range', ...together(range) },
        parts: [],
        reworked: [{ slice, dropped: 0 }],
      }),
    );
    expect(prepared).toMatchObject({ supersededRows: 0, target: { removes: [] } });
  });

  it('is superseded with exactly the rows that were in the range', async () => {
    const { store } = await settledFile(straddling);
    const {
      slices: [slice],
    } = await planned(reworkOf(store));
    if (!slice) throw new Error('no slice');
    const prepared = await store.prepare(
      preparing({
        run: run(2),
        prev: 'intent-1',
        supersede: { what: 'range', ...together(range) },
        parts: [],
        reworked: [{ slice, dropped: 2 }],
      }),
    );
    expect(prepared.supersededRows).toBe(2);
    expect(prepared.target).toMatchObject({ keepsGroup: true, removes: [expect.stringContaining('.jsonl')] });
  });
});

const never_ = () => Promise.reject(new Error('no scratch here'));

describe('a file that can not be taken apart stops the run', () => {
  async function settledAndPlanned() {
    const settled = await settledFile(straddling);
    const rework = reworkOf(settled.store);
    const {
      slices: [slice],
    } = await planned(rework);
    if (!slice) throw new Error('no slice');
    const [name = ''] = await paths(settled.files);
    return { ...settled, rework, slice, name };
  }

  it('when it is gone', async () => {
    const { files, rework, slice, name } = await settledAndPlanned();
    await files.remove(name);
    expect(await refusal(rework.count(slice, of(range), never))).toMatch(/^HYG-4110 .*is not the file that settled.*gone/);
  });

  it('when it is not as long as it was', async () => {
    const { files, rework, slice, name } = await settledAndPlanned();
    await files.remove(name);
    const shorter = new MemoryFileSystem();
    await shorter.put(name, new TextEncoder().encode('{}\n'), { ifNoneMatch: '*' });
    const stat = files.stat.bind(files);
    files.stat = async (path) => (path === name ? shorter.stat(path) : stat(path));
    expect(await refusal(rework.count(slice, of(range), never))).toMatch(/^HYG-4110 .*settled with \d+ bytes and has 3/);
  });

  it('when it has no such column, or one of another type', async () => {
    const { rework, slice } = await settledAndPlanned();
    expect(await refusal(rework.count(slice, of({ ...range, column: 'other' }), never))).toMatch(/^HYG-4110 .*no column other/);
    const dated: Range = { ...range, type: { kind: 'date' }, from: { text: '2024-01-01', inclusive: true }, to: null };
    expect(await refusal(rework.count(slice, of(dated), never))).toMatch(/^HYG-4110 .*can't be identified by mark/);
  });
});

describe('a column that held no value and gets a type', () => {
  const noted: Schema = { columns: [...baseSchema.columns, { name: 'note', type: { kind: 'string' }, nullable: true }] };
  const retyped = [{ column: 'note', type: { kind: 'date' } as const }];

  async function withNote(rows: readonly Row[]): Promise<Store> {
    const store = storeOn(new MemoryFileSystem());
    const frames = (async function* () {
      yield { frame: new SimFrame(noted, rows), role: 'data' as const };
    })();
    const request = { run: run(1), writing: adding, slice: 0, schema: noted, watermark: null, emptyPart: false };
    await store.commit(await decided(store, run(1), await store.stage(request, frames, never)));
    return store;
  }

  async function sliceIn(store: Store): Promise<SliceRef> {
    const step = await reworkOf(store).plan({ range: null, retyped });
    const [slice] = 'done' in step ? step.done.slices : [];
    if (!slice) throw new Error('the file has the column');
    return slice;
  }

  it('is read with its rows, in that type', async () => {
    const store = await withNote([row(1, 1), row(2, null)]);
    const slice = await sliceIn(store);
    expect(await reworkOf(store).count(slice, { range: null, retyped }, never)).toEqual({ rowsInRange: 0, rowsOfPart: 2, retypes: true });
    const frames: Frame[] = [];
    for await (const one of reworkOf(store).read(slice, { range: null, retyped }, undefined, never)) if ('rows' in one) frames.push(one);
    expect(frames.flatMap((frame) => rowsOfFrame(frame).map(rowText))).toEqual(['1@1', '2@null']);
    expect(frames.map(({ schema }) => schema.columns.map(({ type }) => type.kind))).toEqual([['int64', 'int64', 'date']]);
  });

  it('is refused where the file has values all the same', async () => {
    const store = await withNote([row(1, 1), row(2, 2, { note: 'x' })]);
    const slice = await sliceIn(store);
    const texts = refusal(rowsIn(reworkOf(store).read(slice, { range: null, retyped }, undefined, never)));
    expect(await texts).toMatch(/^HYG-4110 note can't become date in .* The column has values of type string/);
  });

  it('stays as it is in a file of others', async () => {
    const { files, store } = await settledFile([row(1, 1)]);
    const log = manifestHeads.open(files, place);
    const at = await log.read();
    if (!at) throw new Error('no head');
    await log.move(at, { ...at.head, files: at.head.files.map((one) => ({ ...one, role: 'foreign' as const })) }, noFiles);
    expect(await reworkOf(store).plan({ range: null, retyped })).toEqual({ done: { slices: [], whole: 0, leaves: true } });
  });

  it('is nothing to files that lack it, or that have it in that type', async () => {
    const { store } = await settledFile([row(1, 1)]);
    const slice = await sliceIn(store);
    expect(await reworkOf(store).count(slice, { range: null, retyped }, never)).toMatchObject({ retypes: false });
  });
});

async function rowsIn(read: AsyncIterable<Frame | Checkpoint>): Promise<void> {
  for await (const _ of read);
}

async function paths(files: MemoryFileSystem): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of files.list('f')) found.push(path);
  return found;
}

it('a head that was written before files told of rows without a watermark is read as it is', async () => {
  const { files, store } = await settledFile(straddling);
  const log = manifestHeads.open(files, place);
  const at = await log.read();
  if (!at) throw new Error('no head');
  expect(at.head.files[0]).toMatchObject({ min: '1', max: '5', unmarked: 1 });
  await log.move(at, { ...at.head, files: at.head.files.map(({ unmarked: _, ...rest }) => rest) }, noFiles);
  expect(await reworkOf(store).plan(of({ ...range, from: { text: '0', inclusive: true }, to: null }))).toMatchObject({
    done: { whole: 0, slices: [{ rows: 5 }] },
  });
});
