import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame, Step } from '../../../src/engine/contracts/frame.ts';
import type { Home, SeenFile, SlicePlan, SliceRef, Window } from '../../../src/engine/contracts/home.ts';
import { deletedColumn } from '../../../src/engine/contracts/home.ts';
import { isKnownByReading } from '../../../src/engine/plan/capabilities.ts';
import { writtenIn } from '../../../src/frames/times/future.ts';
import type { Watermark } from '../../../src/frames/watermark.ts';
import type { Instant, Json } from '../../../src/ports/values.ts';
import { type Row, rowText } from '../sim/rows.ts';
import { disposing } from './disposing.ts';

/** A source with rows of whole-number `id` and `mark`, some marks null, some equal, at least five different ones. */
export interface HomeUnderTest extends AsyncDisposable {
  open(): Promise<Home>;
  /** What the source holds. */
  readonly rows: readonly Row[];
  /** A frame's rows as `id@mark`. */
  read(frame: Frame): Promise<readonly string[]>;
  /** Sources of files: one more file, and what is in it. */
  addFile?(rows: readonly Row[]): Promise<void>;
  /** Sources that want to be left alone now and then: the time that the suite waits until. */
  sleepUntil?(instant: Instant): void;
  /** Sources that are read up to their clock: what it shows. */
  clock?(): Instant;
  /** So many milliseconds they stay behind it by themselves, where no lag is asked for. Absent: none. */
  readonly usualLagMs?: number;
  /** What of it is still open in the system once all homes are disposed of. */
  left?(): number | Promise<number>;
}

/**
 * Things to read, each by one handle and by a handle for each step. Every other one of these pairs is each of the things, and both ways, if there is more than
 * one.
 */
export function readBothWays(things: readonly string[]): readonly (readonly [thing: string, steps: 'here' | 'anywhere'])[] {
  return things.flatMap((thing, at) =>
    (at % 2 === 0 ? (['here', 'anywhere'] as const) : (['anywhere', 'here'] as const)).map((steps) => [thing, steps] as const),
  );
}

const never = new AbortController().signal;
const column = { column: 'mark', type: { kind: 'int64' } } as const;
const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' };
const window = (change: Partial<Window>): Window => ({ ...everything, column, nulls: 'exclude', ...change });
const at = (mark: number, inclusive = true) => ({ text: String(mark), inclusive });

async function doneOf<T>(step: Promise<Step<T>>): Promise<T> {
  const answer = await step;
  if ('again' in answer) throw new Error('the source of a test has its answer at once');
  return answer.done;
}

/** What every home must do, whatever it is: read exactly what is asked for, in pieces that can be repeated. */
export function homeConformance(name: string, make: () => Promise<HomeUnderTest>): void {
  let under: HomeUnderTest;
  beforeEach(async () => {
    under = disposing(await make());
  });
  afterEach(() => under[Symbol.asyncDispose]());

  const planOf = async (asked: Window): Promise<SlicePlan> => {
    const home = await under.open();
    for (let cursor: Json | undefined; ; ) {
      const step = await home.plan(asked, { sliceBytes: 128 * 1024 * 1024 }, cursor);
      if ('done' in step) return step.done;
      cursor = step.again;
    }
  };
  /** As it comes; whoever is told to wait waits. */
  async function* reading(home: Home, ...asked: Parameters<Home['read']>) {
    for await (const item of home.read(...asked)) {
      yield item;
      if ('checkpoint' in item && item.notBefore !== undefined) under.sleepUntil?.(item.notBefore);
    }
  }
  const readSlice = async (
    slice: SliceRef,
    asked: Window,
    from?: Json,
  ): Promise<{ texts: string[]; checkpoints: { after: number; cursor: Json }[] }> => {
    const texts: string[] = [];
    const checkpoints: { after: number; cursor: Json }[] = [];
    for await (const item of reading(await under.open(), slice, asked, from, never)) {
      if ('checkpoint' in item) {
        checkpoints.push({ after: texts.length, cursor: item.checkpoint });
        if (item.notBefore !== undefined) under.sleepUntil?.(item.notBefore);
      } else if ('rejected' in item) throw new Error('a row was rejected');
      else texts.push(...(await under.read(item)));
    }
    return { texts, checkpoints };
  };
  const readAll = async (asked: Window): Promise<string[]> => {
    const texts: string[] = [];
    for (const slice of (await planOf(asked)).slices) texts.push(...(await readSlice(slice, asked)).texts);
    return texts.sort();
  };
  const expected = (keep: (mark: number | null) => boolean) =>
    under.rows
      .filter(({ mark }) => keep(mark))
      .map(rowText)
      .sort();
  const marks = () => [...new Set(under.rows.flatMap(({ mark }) => (mark === null ? [] : [mark])))].sort((a, b) => a - b);
  const middle = () => marks()[2] ?? 0;

  describe(`${name}: what it says of itself`, () => {
    test('says where it reads, without a secret', async () => {
      expect((await under.open()).place).toMatch(/\S/);
    });

    test('describes its columns with their exact types, or says that reading will', async () => {
      const step = await (await under.open()).describe();
      const description = 'done' in step ? step.done : undefined;
      expect(description?.summary).toMatch(/\S/);
      if (description?.schema)
        expect(description.schema.columns.slice(0, 2)).toMatchObject([{ name: 'id' }, { name: 'mark', type: { kind: 'int64' } }]);
      if (description?.rows?.exact) expect(description.rows.n).toBe(under.rows.length);
    });
  });

  describe(`${name}: rows that the source has deleted`, () => {
    test('are reported in a column of every frame, never null, and of what it describes', async ({ skip }) => {
      const home = await under.open();
      if (!home.reading.tellsDeletes) skip();
      const told = { name: deletedColumn, type: { kind: 'bool' }, nullable: false };
      const { schema } = await doneOf(home.describe());
      if (schema) expect(schema.columns).toContainEqual(told);
      const deleted: string[] = [];
      for (const slice of (await planOf(everything)).slices)
        for await (const item of reading(home, slice, everything, undefined, never)) {
          if ('checkpoint' in item || 'rejected' in item) continue;
          expect(item.schema.columns).toContainEqual(told);
          const at = item.schema.columns.findIndex(({ name: column_ }) => column_ === deletedColumn);
          expect((await item.nullCounts())[at]).toBe(0);
          deleted.push(...(await under.read((await item.apart(deletedColumn)).set)));
        }
      const expected_ = under.rows.filter((one) => one[deletedColumn] === 'true').map(({ id, mark }) => `${id}@${mark}`);
      expect(expected_.length).toBeGreaterThan(0);
      expect(deleted.sort()).toEqual(expected_.sort());
    });
  });

  describe(`${name}: reading everything`, () => {
    test('gives every row once, duplicates and nulls included', async ({ skip }) => {
      const home = await under.open();
      if (!home.reading.repeatable) skip();
      expect(await readAll(everything)).toEqual(expected(() => true));
    });

    test('misses no row, even where pages shift', async () => {
      expect(new Set(await readAll(everything))).toEqual(new Set(expected(() => true)));
    });

    test('cuts slices whose references are small JSON', async () => {
      for (const { ref } of (await planOf(everything)).slices) {
        expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
        expect(JSON.stringify(ref).length).toBeLessThan(2_048);
      }
    });

    test('gives the same rows when a slice is read again', async ({ skip }) => {
      if (!(await under.open()).reading.repeatable) skip();
      for (const slice of (await planOf(everything)).slices) {
        const first = await readSlice(slice, everything);
        expect((await readSlice(slice, everything)).texts.sort()).toEqual(first.texts.sort());
      }
    });

    test('continues from any checkpoint without losing a row', async () => {
      for (const slice of (await planOf(everything)).slices) {
        const { texts, checkpoints } = await readSlice(slice, everything);
        for (const { after, cursor } of checkpoints) {
          expect(JSON.stringify(cursor).length).toBeLessThan(2_048);
          const rest = await readSlice(slice, everything, cursor);
          expect(new Set([...texts.slice(0, after), ...rest.texts])).toEqual(new Set(texts));
        }
      }
    });

    test('says when it continues at the earliest as an instant, with a checkpoint to continue from', async () => {
      for (const slice of (await planOf(everything)).slices) {
        const texts: string[] = [];
        let from: Json | undefined;
        for (let turn = 0, ended = false; !ended; turn++) {
          expect(turn).toBeLessThan(1_000);
          ended = true;
          for await (const item of reading(await under.open(), slice, everything, from, never)) {
            if ('rejected' in item) throw new Error('a row was rejected');
            if (!('checkpoint' in item)) texts.push(...(await under.read(item)));
            else if (item.notBefore !== undefined) {
              expect(item.notBefore).toBe(new Date(item.notBefore).toISOString());
              expect(item.checkpoint).not.toBeNull();
              under.sleepUntil?.(item.notBefore);
              from = item.checkpoint;
              ended = false;
              break;
            }
          }
        }
        expect(new Set(texts)).toEqual(new Set((await readSlice(slice, everything)).texts));
      }
    });

    test('counts the nulls of what it gives', async () => {
      let nulls = 0;
      let rows = 0;
      for (const slice of (await planOf(everything)).slices) {
        for await (const item of reading(await under.open(), slice, everything, undefined, never)) {
          if ('checkpoint' in item || 'rejected' in item) continue;
          const counts = await item.nullCounts();
          expect(counts).toHaveLength(item.schema.columns.length);
          nulls += counts[1] ?? 0;
          rows += item.rows;
          expect((await under.read(item)).filter((text) => text.endsWith('@null'))).toHaveLength(counts[1] ?? 0);
        }
      }
      expect(rows).toBeGreaterThanOrEqual(under.rows.length);
      expect(nulls > 0).toBe(under.rows.some(({ mark }) => mark === null));
    });

    test('stops when it is told to', async () => {
      const [slice] = (await planOf(everything)).slices;
      if (!slice) throw new Error('no slice');
      const stop = new AbortController();
      stop.abort(new Error('enough'));
      const frames = async () => {
        let seen = 0;
        for await (const item of reading(await under.open(), slice, everything, undefined, stop.signal))
          seen += 'checkpoint' in item ? 0 : 1;
        return seen;
      };
      const seen = await frames().catch(() => 0);
      expect(seen).toBeLessThanOrEqual(1);
    });
  });

  describe(`${name}: windows`, () => {
    const filters = async () => (await under.open()).reading.filter;

    test('an inclusive lower bound has the ties, an exclusive one has not', async ({ skip }) => {
      if ((await filters()) === 'none') skip();
      const from = middle();
      expect(new Set(await readAll(window({ lower: at(from) })))).toEqual(new Set(expected((mark) => mark !== null && mark >= from)));
      expect(new Set(await readAll(window({ lower: at(from, false) })))).toEqual(new Set(expected((mark) => mark !== null && mark > from)));
    });

    test('an upper bound is kept, ties included', async ({ skip }) => {
      if ((await filters()) !== 'range') skip();
      const to = middle();
      expect(await readAll(window({ upper: at(to) }))).toEqual(expected((mark) => mark !== null && mark <= to));
    });

    test('two windows that meet share nothing and leave nothing out', async ({ skip }) => {
      if ((await filters()) !== 'range') skip();
      const to = middle();
      const below = await readAll(window({ upper: at(to) }));
      const above = await readAll(window({ lower: at(to, false) }));
      expect([...below, ...above].sort()).toEqual(expected((mark) => mark !== null));
    });

    test('of one value are its tie group', async ({ skip }) => {
      if ((await filters()) !== 'range') skip();
      const one = middle();
      expect(await readAll(window({ lower: at(one), upper: at(one) }))).toEqual(expected((mark) => mark === one));
    });

    test('have rows without a watermark only when they are asked for', async ({ skip }) => {
      if ((await filters()) !== 'range') skip();
      const to = middle();
      expect(await readAll(window({ upper: at(to), nulls: 'include' }))).toEqual(expected((mark) => mark === null || mark <= to));
    });

    test('above everything are empty', async ({ skip }) => {
      if ((await filters()) === 'none') skip();
      expect(await readAll(window({ lower: at(Math.max(...marks()), false) }))).toEqual([]);
    });
  });

  describe(`${name}: the newest value`, () => {
    test('is one that exists, in its canonical text, or is known only after reading', async () => {
      const home = await under.open();
      const step = await home.bound({ column: 'mark', lagMs: 0, future: 'wait' });
      const bound = 'done' in step ? step.done : undefined;
      if (isKnownByReading(home)) expect(bound).toBe('observed');
      else if (home.reading.upper === 'clock') expect(upToClock(bound, 0)).toBe(true);
      else expect(bound).toEqual({ column: 'mark', type: { kind: 'int64' }, text: String(Math.max(...marks())) } satisfies Watermark);
    });

    test('is as far behind the clock as it is told to be, where the clock is the bound', async ({ skip }) => {
      const home = await under.open();
      if (home.reading.upper !== 'clock') skip();
      const lagMs = 3 * 86_400_000;
      expect(upToClock(await doneOf(home.bound({ column: 'mark', lagMs, future: 'wait' })), lagMs)).toBe(true);
    });

    test('is never a null: those are counted', async ({ skip }) => {
      const home = await under.open();
      const counted = await doneOf(home.nulls('mark'));
      if (counted === 'while reading') skip();
      expect(counted).toBe(under.rows.filter(({ mark }) => mark === null).length);
    });
  });

  const upToClock = (bound: unknown, lagMs: number): boolean => {
    const { type, text } = bound as Watermark;
    return text === writtenIn(type, new Date(Date.parse(under.clock?.() ?? '') - (lagMs || (under.usualLagMs ?? 0))).toISOString());
  };

  describe(`${name}: new files`, () => {
    const more: readonly Row[] = [
      { id: 700, mark: 700 },
      { id: 701, mark: null },
    ];
    const byFile = (seen: readonly SeenFile[]) => ({ ...everything, seen });

    test('are those not taken before, and only those', async ({ skip }) => {
      if (!(await under.open()).files || !under.addFile) skip();
      const first = await planOf(byFile([]));
      expect(await readAll(byFile([]))).toEqual(expected(() => true));
      await under.addFile?.(more);
      expect(await readAll(byFile(first.seen?.files ?? []))).toEqual(more.map(rowText).sort());
      const second = await planOf(byFile(first.seen?.files ?? []));
      expect((await planOf(byFile(second.seen?.files ?? []))).slices).toEqual([]);
    });
  });
}
