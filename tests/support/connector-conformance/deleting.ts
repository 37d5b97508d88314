import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Counts, WriteMode } from '../../../src/engine/contracts/writing.ts';
import { type Row, row } from '../sim/rows.ts';
import { Bench, run, type StoreUnderTest, text } from './bench.ts';

interface Load {
  readonly live?: readonly Row[];
  readonly deleted?: readonly Row[];
}

/** Rows that a source says are deleted. Of stores that remove rows by their key; others are never given any (capabilities.ts). */
export function deleting(name: string, make: () => Promise<StoreUnderTest>): void {
  let bench: Bench;
  const decided = async (epoch: number, { live = [], deleted = [] }: Load, mode: WriteMode = 'merge') => {
    const roles = [
      { role: 'deleted', rows: deleted },
      { role: 'data', rows: live },
    ] as const;
    const parts = await bench.stage(
      run(epoch),
      roles.filter(({ rows }) => rows.length > 0),
    );
    const supersede = mode === 'merge' ? ({ what: 'nothing' } as const) : ({ what: 'all', foreign: 'keep' } as const);
    return bench.decide(run(epoch), parts, supersede, { mode, key: ['id'], why: mode === 'merge' ? 'key' : 'full_load' });
  };
  const load = async (epoch: number, of: Load, mode?: WriteMode): Promise<Counts | undefined> => {
    const outcome = await bench.outcome(await decided(epoch, of, mode));
    return typeof outcome === 'object' && 'counts' in outcome ? outcome.counts : undefined;
  };

  describe(`${name}: rows that are told as deleted`, () => {
    beforeEach(async (of) => {
      bench = new Bench(await make());
      const { writes, removes } = await bench.under.open();
      if (removes.has('keys')) expect(writes).toContain('merge');
      else of.skip();
    });
    afterEach(() => bench.under[Symbol.asyncDispose]());

    test('remove what settled with their key, are counted, and settle nothing themselves', async () => {
      await load(1, { live: [row(1, 1), row(2, 2), row(3, 2)] });
      const counts = await load(2, { live: [row(3, 4), row(4, 4)], deleted: [row(1, 3), row(7, 3)] });
      expect(counts).toEqual({ inserted: 1, updated: 1, deleted: 1 });
      expect(await bench.under.settled()).toEqual(text([row(2, 2), row(3, 4), row(4, 4)]));
      expect(await (await bench.under.open()).head()).toMatchObject({ rows: 3 });
    });

    test('remove a row of their own watermark, and one without any, but none that is newer', async () => {
      await load(1, { live: [row(1, 3), row(2, null), row(3, 4)] });
      expect(await load(2, { deleted: [row(1, 3), row(2, 3), row(3, 3)] })).toEqual({ inserted: 0, updated: 0, deleted: 2 });
      expect(await bench.under.settled()).toEqual(text([row(3, 4)]));
    });

    test('count only where they are the newest of their key in a load', async () => {
      await load(1, { live: [row(1, 1), row(2, 2)] });
      await load(2, { live: [row(1, 5), row(2, 3), row(3, 3), row(4, 6)], deleted: [row(1, 4), row(2, 4), row(3, 4), row(4, 5)] });
      expect(await bench.under.settled()).toEqual(text([row(1, 5), row(4, 6)]));
    });

    test('twice are as good as once; next to a row of the same key and watermark they are refused before anything is decided', async () => {
      await load(1, { live: [row(1, 1), row(2, 2)] });
      expect(await load(2, { deleted: [row(1, 3), row(1, 3)] })).toMatchObject({ deleted: 1 });
      await expect(decided(3, { live: [row(2, 4)], deleted: [row(2, 4)] })).rejects.toMatchObject({ code: 'HYG-4016' });
      expect(await load(4, { live: [row(2, 5)], deleted: [row(2, 4)] })).toMatchObject({ updated: 1, deleted: 0 });
      expect(await bench.under.settled()).toEqual(text([row(2, 5)]));
    });

    test('are left out of a full load, with the rows that they are newer than', async () => {
      await load(1, { live: [row(1, 1)] });
      await load(2, { live: [row(1, 1), row(2, 2), row(3, 5)], deleted: [row(2, 3), row(3, 4), row(8, 4)] }, 'swap');
      expect(await bench.under.settled()).toEqual(text([row(1, 1), row(3, 5)]));
    });
  });
}
