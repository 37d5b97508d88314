import { describe, expect, it } from 'vitest';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { type Shaper, shaperFor } from '../../src/engine/schema/shaper.ts';
import type { Names, Polish } from '../../src/frames/polish/polish.ts';
import type { Schema } from '../../src/frames/schema.ts';
import { simulated } from '../support/sim/at-once.ts';
import { baseSchema, row, SimFrame } from '../support/sim/rows.ts';

const run = { runId: 'r', entityRunId: 'r.1', startedAt: '2026-11-20T08:17:00.000Z' };
const int: Schema['columns'][number] = { name: 'Order No', type: { kind: 'int64' }, nullable: false };
const source: Schema = { columns: [int, { ...int, name: 'total' }] };
const polish: Polish = {
  names: { removeSpecial: false, removeSpaces: false, case: 'snake' },
  hashIds: [{ name: 'id', from: ['Order No'], form: 'hex' }],
  added: [{ name: 'run', what: 'run id' }],
};

/** A store that adds a column of its own, as some do. */
const store: Pick<Store, 'fit' | 'writes'> = {
  writes: new Set(['append', 'swap']),
  fit: ({ schema }) => ({
    schema: { columns: [...schema.columns, { ...int, name: 'own' }] },
    renamed: [],
    changes: [],
    refusals: [],
    precision: null,
  }),
};

async function shaping(given: Partial<EntitySpec>, names: Names | null = null): Promise<Shaper> {
  const { ports } = await simulated();
  return shaperFor({ ...ports.entity('f', 'e'), ...given }, store as Store, run, { names, expected: null, accepted: false, load: 'full' });
}

describe('without polish', () => {
  it('rows, whatever they are made of, go through as they are', async () => {
    const frame = new SimFrame(baseSchema, [row(1, 1)]);
    const shaped = await shaping({});
    expect(await shaped.frame(frame)).toBe(frame);
    expect([shaped.settledName('Order No'), shaped.names(source), shaped.collisions(source)]).toEqual(['Order No', null, []]);
  });

  it('only what the store adds comes from nowhere', async () => {
    expect((await shaping({})).origins(source)).toEqual(['Order No', 'total', null]);
  });
});

describe('with polish', () => {
  it('the store adds its columns behind the polished ones, and every column knows where it comes from', async () => {
    const shaped = await shaping({ polish });
    expect(shaped.schema(source).columns.map(({ name }) => name)).toEqual(['id', 'order_no', 'total', 'run', 'own']);
    expect(shaped.origins(source)).toEqual([null, 'Order No', 'total', null, null]);
  });

  it('names are those of the plan, whatever order the columns of a frame have', async () => {
    const plan: Names = [
      ['Order No', 'order_no'],
      ['order-no', 'order_no_5cd1a3'],
    ];
    const both: Schema = { columns: [{ ...int, name: 'order-no' }, int] };
    const planned = (await shaping({ polish }, null)).names({ columns: [...both.columns].reverse() });
    expect(new Map((await shaping({ polish }, planned)).names(both))).toEqual(new Map(planned));
    expect((await shaping({ polish }, plan)).settledName('Order No')).toBe('order_no');
  });

  it('a column whose source reveals it only while it is read is known by name after the first frame', async () => {
    const shaped = await shaping({ polish });
    shaped.schema(source);
    expect([shaped.settledName('Order No'), shaped.settledName('elsewhere')]).toEqual(['order_no', 'elsewhere']);
  });

  it('without rules for names, nothing about names is kept', async () => {
    expect((await shaping({ polish: { ...polish, names: null } })).names(source)).toBeNull();
  });
});
