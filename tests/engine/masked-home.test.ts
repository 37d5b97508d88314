import { expect, test } from 'vitest';
import { everything, type Home } from '../../src/engine/contracts/home.ts';
import { maskedHome } from '../../src/engine/schema/masks.ts';
import { HomeError } from '../../src/errors/hygge-error.ts';
import { baseSchema, row } from '../support/sim/rows.ts';
import { settledHome } from '../support/sim/settled-home.ts';

const never = new AbortController().signal;
const mask = { columns: new Map([['mark', 'null' as const]]), secret: null };
const newest = { writtenAt: '2026-11-20T02:00:00.000Z', now: null };

function masked(more: Partial<Home>): Home {
  const home = settledHome({ schema: baseSchema }, async () => [row(1, 1)]);
  return maskedHome({ ...home, ...more }, mask, { flow: 'f', entity: 'e', where: { file: 'f.yml', line: 1, column: 1 } });
}

test('a masked source answers the checks that ask it: a query for one number, and its newest file', async () => {
  const files = { isOne: false, newest: async () => newest, planned: async () => [] };
  const home = masked({ oneNumber: async (query) => ({ number: String(query.length) }), files });
  expect(await home.oneNumber?.('select 1', never)).toEqual({ number: '8' });
  expect(home.files?.isOne).toBe(false);
  expect(await home.files?.newest()).toEqual(newest);
  expect(masked({})).not.toHaveProperty('oneNumber');
  expect(masked({})).not.toHaveProperty('files');
});

test('a system that has the values unmasked counts rows, has no masked key, and sums nothing', async () => {
  const inside = { by: 'inside', inside: {}, readPart: () => undefined } as never;
  const { system } = masked({ system: { count: async () => 7, hasAnyOf: async () => true, sums: inside } });
  expect(await system?.count(everything, never)).toBe(7);
  expect(await system?.hasAnyOf({ columns: [], rows: [] }, never)).toBe(false);
  expect(system?.sums).toEqual({ by: 'none' });
});

test('an answer that fails shows no value of a masked column', async () => {
  const fails = async () => {
    throw new HomeError({ code: 'HYG-3509', what: 'The source refuses the value "4711".', tryThis: ['Look'] });
  };
  const home = masked({ oneNumber: fails, files: { isOne: true, newest: fails, planned: fails } });
  for (const ask of [() => home.oneNumber?.('select 1', never), () => home.files?.newest()]) {
    const error = await Promise.resolve(ask()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(HomeError);
    expect(JSON.stringify((error as HomeError).toDetails())).not.toContain('4711');
  }
});
