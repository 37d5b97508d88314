import { expect, test } from 'vitest';
import type { Home, SliceRef } from '../../src/engine/contracts/home.ts';
import { everything } from '../../src/engine/contracts/home.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Store, Target } from '../../src/engine/contracts/store.ts';
import { AllBucketSums } from '../../src/engine/verify/rows/bucket-sums.ts';
import { settledSums } from '../../src/engine/verify/settled-sums.ts';
import type { VerifyRequest } from '../../src/ports/answers/comparison.ts';
import type { Json } from '../../src/ports/values.ts';

const slice = (name: string): SliceRef => ({ ref: { name, bytes: 7 }, rows: 1, bytes: 7 });
const unchanged = { content: 'ours', rows: 200_000, touched: [], missing: [], notLookedAt: [] };

/** A state and a clock that stay from one comparison to the next. */
function scene() {
  const objects = new Map<string, Json>();
  let [day, ids] = [0, 0];
  const state = {
    listObjects: async () => [...objects.keys()],
    getObject: async (_: unknown, ref: string) => objects.get(ref),
    putObject: async (_: unknown, ref: string, body: Json) => {
      objects.set(ref, structuredClone(body));
      return body;
    },
    removeObjects: async (_: unknown, refs: readonly string[]) => {
      for (const ref of refs) objects.delete(ref);
    },
  };
  const ports = { state, clock: { now: () => new Date(Date.UTC(2026, 0, 1 + day)).toISOString() }, random: { id: () => `0${++ids}` } };
  const sumsOf = (
    names: readonly string[],
    more: { readonly of?: Json; readonly target?: object; readonly request?: Partial<VerifyRequest> } = {},
  ) =>
    settledSums({
      spec: { flow: 'f', entity: 'e' } as EntitySpec,
      request: { range: null, sample: 1, proof: false, ...more.request } as VerifyRequest,
      ports: ports as never,
      store: { files: {} } as Store,
      target: { ...unchanged, ...more.target } as unknown as Extract<Target, { readonly content: 'ours' }>,
      home: { plan: async () => ({ done: { slices: names.map(slice) } }) } as unknown as Home,
      ...{ window: everything, of: more.of ?? ['id'], hasRowsApart: false },
    });
  return { objects, sumsOf, pass: (days: number) => (day += days) };
}

const sums = new AllBucketSums().toJson();

test('the sums of a comparison are of use to the next one of the same files, and to one with further files', async () => {
  const { sumsOf, objects } = scene();
  await sumsOf(['a', 'b'])?.keep(sums, 3, null);
  expect(await sumsOf(['b', 'a'])?.take()).toMatchObject({ readAt: '2026-01-01T00:00:00.000Z', marked: 3, rest: [] });
  expect((await sumsOf(['a', 'b', 'c'])?.take())?.rest).toEqual([slice('c')]);
  await sumsOf(['a', 'b', 'c'])?.keep(sums, 3, '2026-01-01T00:00:00.000Z');
  expect(objects.size).toBe(1);
});

test('they are of no use where a file is gone, or other columns are compared', async () => {
  const { sumsOf } = scene();
  await sumsOf(['a', 'b'])?.keep(sums, 0, null);
  expect(await sumsOf(['a', 'c'])?.take()).toBeNull();
  expect(await sumsOf(['a', 'b'], { of: ['name'] })?.take()).toBeNull();
});

test('all files are read again a week after the first of them was read', async () => {
  const { sumsOf, pass } = scene();
  await sumsOf(['a'])?.keep(sums, 0, null);
  pass(6);
  const known = await sumsOf(['a', 'b'])?.take();
  expect(known?.rest).toHaveLength(1);
  await sumsOf(['a', 'b'])?.keep(sums, 0, known?.readAt ?? null);
  pass(1);
  expect(await sumsOf(['a', 'b'])?.take()).toBeNull();
});

test.each([
  ['a file that looks otherwise', { target: { touched: ['a'] } }],
  ['a file that is gone', { target: { missing: ['a'] } }],
  ['a file at which no run has looked', { target: { notLookedAt: [{ name: 'a', looks: '1' }] } }],
  ['few rows', { target: { rows: 99_999 } }],
  ['a range', { request: { range: { from: '1', to: '2' } } }],
  ['a sample', { request: { sample: 0.5 } }],
  ['a proof', { request: { proof: true } }],
])('nothing is taken or kept of %s', (_, more) => {
  expect(scene().sumsOf(['a'], more)).toBeNull();
});
