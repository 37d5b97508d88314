import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { preparing } from '../prepare-request.ts';
import { row } from '../sim/rows.ts';
import { Bench, run, type StoreUnderTest, text } from './bench.ts';

const replacesRanges = ({ removes }: Store): boolean => removes.has('range') || removes.has('range by key');

/** What commits replace, what sweeps and fences leave, and foreign data. */
export function replacing(name: string, make: () => Promise<StoreUnderTest>): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench(await make());
  });
  afterEach(() => bench.under[Symbol.asyncDispose]());

  describe(`${name}: what a commit replaces`, () => {
    test('nothing: it adds; all: only the new rows are left, which is told before the decision', async () => {
      await bench.settle(1, [{ rows: [row(1, 1)] }]);
      await bench.settle(2, [{ rows: [row(2, 2)] }, { role: 'boundary', rows: [row(3, 3)] }]);
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(2, 2), row(3, 3)]));
      const all = { what: 'all', foreign: 'keep' } as const;
      const prepared = await (await bench.under.open()).prepare(preparing({ run: run(3), prev: null, supersede: all, parts: [] }));
      expect(prepared.supersededRows).toBe(3);
      expect(await bench.under.settled()).toHaveLength(3);
      await bench.settle(3, [{ rows: [row(4, 4)] }], all);
      expect(await bench.under.settled()).toEqual(text([row(4, 4)]));
    });

    test('the boundary: its open group and nothing else', async () => {
      await bench.settle(1, [{ rows: [row(1, 1)] }, { role: 'boundary', rows: [row(2, 2)] }]);
      await bench.settle(2, [{ role: 'boundary', rows: [row(2, 2), row(3, 2)] }], await bench.boundary());
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(2, 2), row(3, 2)]));
    });

    test('the boundary, again: rows of an older group have become ordinary', async () => {
      await bench.settle(1, [{ role: 'boundary', rows: [row(1, 1)] }]);
      // The group at 1 was found unchanged: nothing is replaced, and it is closed from now on.
      await bench.settle(2, [{ role: 'boundary', rows: [row(2, 2)] }]);
      await bench.settle(3, [{ role: 'boundary', rows: [row(2, 2), row(4, 2)] }], await bench.boundary());
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(2, 2), row(4, 2)]));
    });

    test('the boundary, moved on: its rows come again as ordinary ones, next to the new group', async () => {
      await bench.settle(1, [{ role: 'boundary', rows: [row(1, 1)] }]);
      await bench.settle(2, [{ rows: [row(1, 1)] }, { role: 'boundary', rows: [row(2, 2)] }], await bench.boundary());
      await bench.settle(3, [{ role: 'boundary', rows: [row(2, 2), row(4, 2)] }], await bench.boundary());
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(2, 2), row(4, 2)]));
    });

    test('sources: the rows that came from them', async ({ skip }) => {
      if (!(await bench.under.open()).removes.has('sources')) skip();
      await bench.settle(1, [{ rows: [row(1, 1)] }], { what: 'nothing' }, 'a');
      await bench.settle(2, [{ rows: [row(2, 2)] }], { what: 'nothing' }, 'b');
      await bench.settle(3, [{ rows: [row(3, 3)] }], { what: 'sources', sources: ['a'] }, 'a');
      expect(await bench.under.settled()).toEqual(text([row(2, 2), row(3, 3)]));
    });

    test('a range: its rows and nothing else; rows without a watermark stay, and so does the open group', async ({ skip }) => {
      if (!replacesRanges(await bench.under.open())) skip();
      const rows = [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(4, 4), row(5, 5), row(8, null)];
      await bench.settle(1, [{ rows }, { role: 'boundary', rows: [row(9, 9)] }]);
      await bench.settleRange(2, [{ rows: [row(33, 3), row(34, 2)] }], { from: 2, to: 5 });
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(33, 3), row(34, 2), row(5, 5), row(8, null), row(9, 9)]));
      // Still open: the next live run replaces it.
      await bench.settle(3, [{ role: 'boundary', rows: [row(10, 9)] }], await bench.boundary());
      const marked = (await bench.under.settled()).filter((one) => !one.endsWith('@null'));
      expect(marked).toEqual(text([row(1, 1), row(33, 3), row(34, 2), row(5, 5), row(10, 9)]));
    });

    test('several ranges: their rows with one commit, and no row between them', async ({ skip }) => {
      if (!replacesRanges(await bench.under.open())) skip();
      const rows = [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(4, 4), row(5, 5), row(6, 6), row(7, 7), row(8, null)];
      await bench.settle(1, [{ rows }, { role: 'boundary', rows: [row(9, 9)] }]);
      await bench.settle(2, [{ rows: [row(14, 4), row(16, 6)] }]);
      const ranges = [2, 4, 6].map((from) => ({ from, to: from + 1 }));
      const { id, epoch } = await bench.settleRange(3, [{ rows: [row(22, 2)] }, { rows: [row(24, 4)] }], ...ranges);
      const stay = [row(1, 1), row(3, 3), row(5, 5), row(7, 7), row(8, null), row(9, 9)];
      expect(await bench.under.settled()).toEqual(text([...stay, row(22, 2), row(24, 4)]));
      expect(await (await bench.under.open()).head()).toMatchObject({ id, epoch });
    });

    test('a range of which nothing is left: its rows go', async ({ skip }) => {
      if (!replacesRanges(await bench.under.open())) skip();
      await bench.settle(1, [{ rows: [row(1, 1), row(2, 2)] }, { role: 'boundary', rows: [row(9, 9)] }]);
      await bench.settleRange(2, [], { from: 2, to: 5 });
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(9, 9)]));
    });
  });

  describe(`${name}: the sweep`, () => {
    test('leaves the epoch that holds the entity alone', async () => {
      const parts = await bench.stage(run(3), [{ rows: [row(1, 1)] }]);
      await bench.sweep('l1', 3);
      expect(await bench.commit(await bench.decide(run(3), parts, { what: 'nothing' }))).toBe('committed');
    });

    test('leaves other lineages alone, may be repeated, and never touches what is settled', async () => {
      const parts = await bench.stage(run(1, 'other'), [{ rows: [row(1, 1)] }]);
      await bench.sweep('l1', 99);
      expect(await bench.commit(await bench.decide(run(1, 'other'), parts, { what: 'nothing' }))).toBe('committed');
      for (let times = 0; times < 2; times++) await bench.sweep('l1', 99);
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
    });
  });

  describe(`${name}: the fence`, () => {
    test('stops a decided commit permanently, and keeps what is settled', async () => {
      const first = await bench.settle(1, [{ rows: [row(1, 1)] }]);
      const late = await bench.decide(run(2), await bench.stage(run(2), [{ rows: [row(2, 2)] }]), { what: 'nothing' });
      expect(await bench.fence(first.id)).toMatchObject({ id: 'fence-1', prev: first.id, lineage: 'l2', state: 'elsewhere' });
      expect(await bench.commit(late)).toBe('fenced');
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
    });

    test('is above every epoch it can see', async () => {
      const first = await bench.settle(5, [{ rows: [row(1, 1)] }]);
      await bench.stage(run(8), [{ rows: [row(2, 2)] }]);
      const head = await bench.fence(first.id, 6);
      expect(head === 'moved' ? 0 : head.epoch).toBeGreaterThan(8);
    });

    test('carries on the watermark, the boundary and the schema, is the same when it is asked for again, and is built upon', async () => {
      const first = await bench.settle(1, [{ rows: [row(1, 1)] }]);
      const once = await bench.fence(first.id);
      const { watermark, boundary } = first.settles;
      expect(once).toMatchObject({ watermark, boundary, schema: first.schema });
      expect(await bench.fence(first.id)).toEqual(once);
      await bench.settle(20, [{ rows: [row(2, 2)] }]);
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(2, 2)]));
    });

    test('of a head that has moved on answers so and changes nothing', async () => {
      const first = await bench.settle(1, [{ rows: [row(1, 1)] }]);
      const second = await bench.settle(2, [{ rows: [row(2, 2)] }]);
      expect(await bench.fence(first.id)).toBe('moved');
      expect((await (await bench.under.open()).head())?.id).toBe(second.id);
    });
  });

  describe(`${name}: foreign data`, () => {
    const theirs = [row(90, 90), row(91, null)];

    test('is seen, told in a few words, and stays next to ours when it is appended to', async ({ skip }) => {
      if (!bench.under.plantForeign) skip();
      await bench.under.plantForeign?.(theirs);
      const target = await bench.inspect();
      expect(target.content).toBe('foreign');
      expect(target.content === 'foreign' ? target.summary : '').not.toBe('');
      await bench.settle(1, [{ rows: [row(1, 1)] }]);
      expect(await bench.under.settled()).toEqual(text([...theirs, row(1, 1)]));
    });

    test('goes with the first commit that replaces it', async ({ skip }) => {
      if (!bench.under.plantForeign) skip();
      await bench.under.plantForeign?.(theirs);
      await bench.settle(1, [{ rows: [row(1, 1)] }], { what: 'all', foreign: 'replace' });
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
    });

    test('survives full loads that keep it', async ({ skip }) => {
      if (!bench.under.plantForeign || !(await bench.under.open()).distinguishesOwnRows) skip();
      await bench.under.plantForeign?.(theirs);
      await bench.settle(1, [{ rows: [row(1, 1)] }]);
      await bench.settle(2, [{ rows: [row(2, 2)] }], { what: 'all', foreign: 'keep' });
      expect(await bench.under.settled()).toEqual(text([...theirs, row(2, 2)]));
    });
  });
}
