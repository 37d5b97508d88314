import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { row } from '../sim/rows.ts';
import { Bench, run, type StoreUnderTest, text } from './bench.ts';

/** Staging and committing. */
export function committing(name: string, make: () => Promise<StoreUnderTest>): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench(await make());
  });
  afterEach(() => bench.under[Symbol.asyncDispose]());

  describe(`${name}: before anything settled`, () => {
    test('it is empty and has no head, its place is small JSON without a secret, and it says what readers may see', async () => {
      const store = await bench.under.open();
      expect(await store.head()).toBeNull();
      expect(await bench.inspect()).toEqual({ content: 'empty' });
      const { place, guarantee } = store;
      expect(JSON.parse(JSON.stringify(place))).toEqual(place);
      expect(JSON.stringify(place).length).toBeLessThan(2_048);
      expect(JSON.stringify(place)).not.toContain('***');
      expect(guarantee.length).toBeGreaterThan(20);
    });
  });

  describe(`${name}: staging`, () => {
    test('counts what it wrote: rows, nulls, rows without a watermark, the smallest and the largest watermark', async () => {
      const parts = await bench.stage(run(1), [{ rows: [row(1, 5), row(2, null), row(3, 9)] }]);
      // Stores that partition rows make a part of each of them.
      const marks = parts.flatMap(({ min, max }) => [min, max]).filter((mark) => mark !== undefined);
      expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(3);
      expect([0, 1].map((column) => parts.reduce((sum, { nulls }) => sum + (nulls[column] ?? 0), 0))).toEqual([0, 1]);
      const unmarked = parts.flatMap((part) => part.unmarked ?? []);
      if (unmarked.length > 0) expect(unmarked.reduce((sum, rows) => sum + rows, 0)).toBe(1);
      expect([Math.min(...marks.map(Number)), Math.max(...marks.map(Number))]).toEqual([5, 9]);
      for (const { role, checksum, bytes } of parts) {
        expect({ role, checksum }).toEqual({ role: 'data', checksum: expect.stringMatching(/./) });
        expect(bytes).toBeGreaterThan(0);
      }
    });

    test('keeps roles apart, and shows nothing to any reader', async () => {
      const parts = await bench.stage(run(1), [{ rows: [row(1, 1)] }, { role: 'boundary', rows: [row(2, 2)] }]);
      expect(parts.map(({ role, rows }) => `${role} ${rows}`).sort()).toEqual(['boundary 1', 'data 1']);
      expect(await bench.inspect()).toEqual({ content: 'empty' });
      expect(await bench.under.settled()).toEqual([]);
    });

    test('of nothing returns no part, or one without rows where one is asked for', async () => {
      expect(await bench.stage(run(1), [])).toEqual([]);
      const [part, ...more] = await bench.stage(run(1), [], { emptyPart: true });
      expect(part).toMatchObject({ rows: 0 });
      expect(more).toEqual([]);
    });

    test('twice never touches what the other attempt wrote', async () => {
      const first = await bench.stage(run(1), [{ rows: [row(1, 1)] }]);
      const second = await bench.stage(run(1), [{ rows: [row(1, 1), row(2, 2)] }]);
      expect(JSON.stringify(second[0]?.ref)).not.toBe(JSON.stringify(first[0]?.ref));
      await bench.commit(await bench.decide(run(1), first, { what: 'nothing' }));
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
    });
  });

  describe(`${name}: a commit`, () => {
    test('makes exactly its parts visible, duplicates and nulls included, and moves the head to it, with its schema, watermark and boundary', async () => {
      const rows = [row(1, 1), row(1, 1), row(2, null)];
      const intent = await bench.settle(1, [{ rows }]);
      expect(await bench.under.settled()).toEqual(text(rows));
      const head = await (await bench.under.open()).head();
      expect(head).toMatchObject({ id: intent.id, prev: null, epoch: 1, lineage: 'l1', rows: 3, state: intent.state });
      expect(head).toMatchObject({ watermark: intent.settles.watermark, boundary: intent.settles.boundary });
      expect(head?.schema?.columns.map(({ name: column_ }) => column_)).toEqual(['id', 'mark']);
      expect(await bench.inspect()).toMatchObject({ content: 'ours', rows: 3, missing: [], empty: false });
    });

    test('leaves rows that break a rule out of what settles: they lie apart', async () => {
      const parts = await bench.stage(run(1), [{ rows: [row(1, 1)] }, { role: 'broken', rows: [row(2, null), row(3, null)] }]);
      expect(parts.map(({ role, rows }) => `${role} ${rows}`).sort()).toEqual(['broken 2', 'data 1']);
      await bench.commit(await bench.decide(run(1), parts));
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
      expect(await bench.inspect()).toMatchObject({ content: 'ours', rows: 1, missing: [] });
      await bench.settle(2, [{ rows: [row(4, 4)] }], { what: 'all', foreign: 'keep' });
      expect(await bench.under.settled()).toEqual(text([row(4, 4)]));
    });

    test('done again is already done, and is fenced once another one was built upon it', async () => {
      const first = await bench.settle(1, [{ rows: [row(1, 1)] }]);
      expect(await bench.commit(first)).toBe('already');
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
      await bench.settle(2, [{ rows: [row(2, 2)] }], { what: 'all', foreign: 'keep' });
      expect(await bench.commit(first)).toBe('fenced');
      expect(await bench.under.settled()).toEqual(text([row(2, 2)]));
    });

    test('by several at once happens once', async () => {
      const intent = await bench.decide(run(1), await bench.stage(run(1), [{ rows: [row(1, 1)] }]), { what: 'nothing' });
      const outcomes = await Promise.all([bench.commit(intent), bench.commit(intent), bench.commit(intent)]);
      for (const outcome of outcomes) expect(['committed', 'already']).toContain(outcome);
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
    });

    test('whose predecessor is not the head is fenced and touches nothing', async () => {
      const late = await bench.decide(run(1), await bench.stage(run(1), [{ rows: [row(9, 9)] }]), { what: 'nothing' });
      const intent = await bench.settle(2, [{ rows: [row(1, 1)] }]);
      expect(await bench.commit(late)).toBe('fenced');
      expect((await (await bench.under.open()).head())?.id).toBe(intent.id);
      expect(await bench.under.settled()).toEqual(text([row(1, 1)]));
    });

    test('with a part that is gone publishes nothing', async () => {
      const intent = await bench.decide(run(1), await bench.stage(run(1), [{ rows: [row(1, 1)] }]), { what: 'nothing' });
      await bench.sweep('l1', 2);
      expect(await bench.commit(intent)).toBe('parts lost');
      expect(await (await bench.under.open()).head()).toBeNull();
      expect(await bench.under.settled()).toEqual([]);
    });

    test('without rows empties the destination and keeps its schema', async () => {
      await bench.settle(1, [{ rows: [row(1, 1)] }]);
      const parts = await bench.stage(run(2), [], { emptyPart: true });
      await bench.commit(await bench.decide(run(2), parts, { what: 'all', foreign: 'keep' }));
      expect(await bench.under.settled()).toEqual([]);
      expect(await bench.inspect()).toMatchObject({ content: 'ours', empty: true, head: { rows: 0 } });
    });
  });
}
