/** Rows that a range takes away from files, or from a table without a key, while newer versions of some lie in quarantine. */
import { expect, test } from 'vitest';
import { mustKeepLastGood } from '../../src/engine/commit/last-good.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';

type Of = Parameters<typeof mustKeepLastGood>[1];

const range = {
  what: 'range',
  column: 'upd',
  type: { kind: 'int64' },
  ranges: [{ from: { text: '1', inclusive: true }, to: null }],
  group: 'rows',
};

const told = (of: {
  readonly key?: readonly string[];
  readonly isLive?: boolean;
  readonly apart: number;
  readonly fewer: number;
  readonly mode?: string;
}) => {
  const { key = [], isLive = false, apart, fewer, mode = 'append' } = of;
  const spec = { flow: 'f', entity: 'e', watermark: { column: 'upd', key } } as unknown as EntitySpec;
  const plan = { live: isLive ? null : {}, lane: isLive ? 'live' : 'backfill:1..2', source: null };
  const store = { quarantine: { parts: async () => [{ rows: apart }] } };
  const gathered = { supersede: range, writing: { mode }, parts: [], rejected: 0 };
  return mustKeepLastGood(spec, { plan, store, gathered, fewer } as unknown as Of);
};

test('are counted where nothing can keep them: without a key, and in an overlap that each run reads again', async () => {
  const gone = (rows: number, apart: number) => [{ code: 'last_good_may_be_gone', rows, apart }];
  expect(await told({ apart: 3, fewer: 2 })).toEqual(gone(2, 3));
  expect(await told({ isLive: true, key: ['id'], apart: 1, fewer: 2 })).toEqual(gone(1, 1));
});

test('are no matter of a merge, of a quarantine without rows, nor of a range that has as many rows as before', async () => {
  expect(await told({ apart: 3, fewer: 2, mode: 'merge' })).toEqual([]);
  expect(await told({ apart: 0, fewer: 2 })).toEqual([]);
  expect(await told({ apart: 3, fewer: 0 })).toEqual([]);
});

test('stop a backfill of files with a key', async () => {
  await expect(told({ key: ['id'], apart: 3, fewer: 2 })).rejects.toMatchObject({ code: 'HYG-2141' });
});
